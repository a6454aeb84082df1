//! An organization is never without an administrator, and who stops being one leaves no way back in.

use super::resource::Person;
use crate::accounts::links;
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result};
use atelier_api::role::OrganizationRole;
use diesel::prelude::*;

/// Before an enabled administrator stops being one. Call it in `Db::admit`.
///
/// The invitations that he or she made and the password links of the organization's people end: their tokens
/// may have been kept.
///
/// # Errors
/// If there is no other enabled administrator.
pub(super) fn step_down(connection: &mut Connection, person: &Person) -> Result<()> {
    use schema::{invitations, one_time_links, organization_members as members};
    let organization_id = &person.organization.id;
    let another = members::table
        .filter(members::organization_id.eq(organization_id))
        .filter(members::user_id.ne(&person.row.id))
        .filter(members::role.eq(OrganizationRole::Administrator.as_str()))
        .filter(members::disabled_at.is_null())
        .select(members::user_id)
        .first::<String>(connection)
        .optional()?;
    if another.is_none() {
        let detail = format!(
            "{} is the only administrator of {}. Make somebody else an administrator first.",
            person.row.name, person.organization.name
        );
        return Err(Error::conflict("last-administrator", detail));
    }
    let open = invitations::table
        .filter(invitations::organization_id.eq(organization_id))
        .filter(invitations::invited_by.eq(&person.row.id))
        .filter(invitations::accepted_at.is_null())
        .filter(invitations::revoked_at.is_null());
    diesel::update(open).set(invitations::revoked_at.eq(now())).execute(connection)?;
    let people = members::table
        .filter(members::organization_id.eq(organization_id))
        .select(members::user_id.nullable());
    let resets = one_time_links::table
        .filter(one_time_links::purpose.eq(links::PASSWORD_RESET))
        .filter(one_time_links::used_at.is_null())
        .filter(one_time_links::user_id.eq_any(people));
    diesel::update(resets).set(one_time_links::used_at.eq(now())).execute(connection)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::testing::person;
    use crate::db::Db;
    use crate::db::testing::both;
    use crate::organizations;
    use crate::organizations::people::resource::PersonRow;

    /// An organization and the ids of its people.
    async fn two_administrators(db: &Db) -> (String, [String; 2]) {
        db.write(|connection| {
            use schema::organization_members as members;
            let ada = person(connection, "ada@example.org", false)?;
            let bob = person(connection, "bob@example.org", false)?;
            let acme = organizations::insert(connection, "Acme", &ada.id)?;
            diesel::insert_into(members::table)
                .values((
                    members::organization_id.eq(&acme.id),
                    members::user_id.eq(&bob.id),
                    members::role.eq(OrganizationRole::Administrator.as_str()),
                    members::joined_at.eq(now()),
                ))
                .execute(connection)?;
            Ok((acme.id, [ada.id, bob.id]))
        })
        .await
        .unwrap()
    }

    /// As the route does: the check and the change in one admission.
    async fn demote(db: &Db, organization_id: &str, user_id: &str) -> Result<()> {
        use schema::{organization_members as members, organizations, users};
        let ids = (organization_id.to_owned(), user_id.to_owned());
        db.admit(move |connection| {
            let row = members::table.find((&ids.0, &ids.1));
            let person = Person {
                organization: organizations::table
                    .find(&ids.0)
                    .select(crate::organizations::Organization::as_select())
                    .first(connection)?,
                row: members::table
                    .inner_join(users::table)
                    .filter(members::organization_id.eq(&ids.0))
                    .filter(members::user_id.eq(&ids.1))
                    .select(PersonRow::as_select())
                    .first(connection)?,
            };
            step_down(connection, &person)?;
            let member = OrganizationRole::Member.as_str();
            diesel::update(row).set(members::role.eq(member)).execute(connection)?;
            Ok(())
        })
        .await
    }

    #[actix_web::test]
    async fn administrators_who_leave_at_once_leave_one() {
        for database in both() {
            let db = &database.db;
            let (organization_id, people) = two_administrators(db).await;
            let both = people.iter().map(|person| demote(db, &organization_id, person));
            let outcomes = futures::future::join_all(both).await;
            let refused: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
            assert_eq!(refused.len(), 1);
            assert_eq!(refused[0].problem().code, "last-administrator");
        }
    }

    #[actix_web::test]
    async fn who_steps_down_leaves_no_open_links() {
        for database in both() {
            let db = &database.db;
            let (organization_id, [ada, bob]) = two_administrators(db).await;
            let (token, _) = db
                .write(move |connection| links::create(connection, links::PASSWORD_RESET, Some(&bob)))
                .await
                .unwrap();
            demote(db, &organization_id, &ada).await.unwrap();
            let link = db
                .read(move |connection| links::find(connection, links::PASSWORD_RESET, &token))
                .await
                .unwrap();
            assert!(link.is_none());
        }
    }
}
