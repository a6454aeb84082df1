//! Invitations, from both sides.

use atelier_api::account::{Language, NewAccount, SignIn};
use atelier_api::call::Call;
use atelier_api::calls;
use atelier_api::person::{CreateInvitation, CreatedInvitation, UpdatePerson};
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_tests::{Database, PASSWORD, Tenant, World, on_both_databases, token_of};
use futures::future::join_all;

on_both_databases!(
    an_invitation_lets_one_person_in,
    an_invitation_ends,
    an_invitation_for_an_address_is_for_it_only,
    who_has_an_account_accepts_with_it,
    who_is_disabled_elsewhere_can_accept,
    only_administrators_invite,
    what_is_wrong_with_an_invitation_is_named,
);

const DAY_MS: i64 = 86_400_000;

fn invitation(role: OrganizationRole) -> CreateInvitation {
    CreateInvitation { email: None, role, project: None, project_role: None, days: 7 }
}

async fn invite(tenant: &Tenant, new: &CreateInvitation) -> CreatedInvitation {
    tenant.administrator.client.send(calls::invitation_create(&tenant.slug, new)).await.good_with(201)
}

fn sign_up(token: &str, email: &str) -> Call<atelier_api::account::Me> {
    let account = NewAccount {
        name: "Grace".to_owned(),
        email: email.to_owned(),
        password: PASSWORD.to_owned(),
        language: Language::French,
    };
    calls::invitation_accept_new(token, &account)
}

async fn an_invitation_lets_one_person_in(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    let project = acme.project(ada, "Churn").await;
    acme.project(ada, "Fraud").await;
    let into = CreateInvitation {
        project: Some(project.slug.clone()),
        project_role: Some(ProjectRole::Client),
        days: 3,
        ..invitation(OrganizationRole::Guest)
    };
    let made = invite(acme, &into).await;
    assert_eq!(made.invitation.expires_at - made.invitation.created_at, 3 * DAY_MS);
    assert_eq!(made.link.expires_at, made.invitation.expires_at);
    let listed = ada.client.send(calls::invitation_list(&acme.slug)).await.good();
    assert_eq!(listed, std::slice::from_ref(&made.invitation));
    let token = token_of(&made.link);
    assert!(!world.server.database.dump()?.contains(token), "the database has the token itself");

    let stranger = world.server.client();
    let preview = stranger.send(calls::invitation_preview(token)).await.good();
    assert_eq!((preview.organization.as_str(), preview.invited_by.as_str()), ("Acme", "Ada"));
    assert_eq!((preview.role, preview.project.as_deref()), (OrganizationRole::Guest, Some("Churn")));
    assert_eq!((preview.project_role, preview.email), (Some(ProjectRole::Client), None));

    let clients: Vec<_> = (0..4).map(|n| (n, world.server.client())).collect();
    let tries = clients.iter().map(|(n, client)| {
        let call = sign_up(token, &format!("grace{n}@acme.test"));
        async move { (client, client.send(call).await) }
    });
    let (won, lost): (Vec<_>, Vec<_>) =
        join_all(tries).await.into_iter().partition(|(_, answer)| answer.status == 201);
    let [(client, answer)] = won.as_slice() else { panic!("{} of 4 got in", won.len()) };
    lost.iter().for_each(|(_, answer)| drop(answer.refused(410, "invitation-used")));
    let me = answer.good();
    assert_eq!((me.language, me.operator, me.organizations.len()), (Language::French, false, 1));
    assert_eq!(me.organizations[0].role, OrganizationRole::Guest);
    let seen = client.send(calls::project_get(&acme.slug, &project.slug)).await.good();
    assert_eq!(seen.role, Some(ProjectRole::Client));
    client.send(calls::project_get(&acme.slug, "fraud")).await.refused(404, "not-found");

    stranger.send(calls::invitation_preview(token)).await.refused(410, "invitation-used");
    assert!(ada.client.send(calls::invitation_list(&acme.slug)).await.good().is_empty());
    Ok(())
}

async fn an_invitation_ends(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let stranger = world.server.client();
    let [revoked, expired, open] = [
        invite(acme, &invitation(OrganizationRole::Member)).await,
        invite(acme, &invitation(OrganizationRole::Member)).await,
        invite(acme, &invitation(OrganizationRole::Member)).await,
    ];
    ada.send(calls::invitation_revoke(&acme.slug, &revoked.invitation.id)).await.good_with(204);
    let id = &expired.invitation.id;
    let expire = format!("UPDATE invitations SET expires_at = 1 WHERE id = '{id}'");
    assert_eq!(world.server.database.execute(&expire)?, 1);

    for (made, code) in [(&revoked, "invitation-revoked"), (&expired, "invitation-expired")] {
        let token = token_of(&made.link);
        stranger.send(calls::invitation_preview(token)).await.refused(410, code);
        stranger.send(sign_up(token, "late@acme.test")).await.refused(410, code);
    }
    stranger.send(calls::invitation_preview("guess")).await.refused(404, "not-found");
    stranger.send(sign_up("guess", "late@acme.test")).await.refused(404, "not-found");
    let listed = ada.send(calls::invitation_list(&acme.slug)).await.good();
    assert_eq!(listed, [open.invitation]);

    // Whose project was deleted still leads into the organization.
    let project = acme.project(&acme.administrator, "Churn").await;
    let into = CreateInvitation {
        project: Some(project.slug.clone()),
        project_role: Some(ProjectRole::Client),
        ..invitation(OrganizationRole::Member)
    };
    let made = invite(acme, &into).await;
    ada.send(calls::project_delete(&acme.slug, &project.slug, &project.name)).await.good();
    stranger.send(sign_up(token_of(&made.link), "grace@acme.test")).await.good_with(201);
    stranger.send(calls::organization_get(&acme.slug)).await.good();
    Ok(())
}

async fn an_invitation_for_an_address_is_for_it_only(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let acme = &world.acme;
    let bob = world.tenant("Beta").await.administrator;
    let email = Some("Grace@acme.test".to_owned());
    let made = invite(acme, &CreateInvitation { email, ..invitation(OrganizationRole::Auditor) }).await;
    let token = token_of(&made.link);
    let stranger = world.server.client();
    let preview = stranger.send(calls::invitation_preview(token)).await.good();
    assert_eq!(preview.email.as_deref(), Some("Grace@acme.test"));
    stranger.send(sign_up(token, "eve@acme.test")).await.refused(409, "invitation-for-another");
    bob.client.send(calls::invitation_accept(token)).await.refused(409, "invitation-for-another");
    let me = stranger.send(sign_up(token, "grace@ACME.test")).await.good_with(201);
    assert_eq!(me.organizations[0].role, OrganizationRole::Auditor);
    Ok(())
}

async fn who_has_an_account_accepts_with_it(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    let beta = world.tenant("Beta").await;
    let grace = beta.person(OrganizationRole::Member).await;
    let link = acme.invite(OrganizationRole::Administrator).await;
    let token = token_of(&link);

    let stranger = world.server.client();
    stranger.send(calls::invitation_accept(token)).await.refused(401, "not-signed-in");
    stranger.send(sign_up(token, &grace.email.to_uppercase())).await.refused(409, "account-exists");
    let me = grace.client.send(calls::invitation_accept(token)).await.good_with(200);
    let roles: Vec<_> = me.organizations.iter().map(|of| (of.slug.as_str(), of.role)).collect();
    assert_eq!(
        roles,
        [("acme", OrganizationRole::Administrator), (beta.slug.as_str(), OrganizationRole::Member)]
    );
    grace.client.send(calls::invitation_accept(token)).await.refused(410, "invitation-used");

    // Who is in already may be led into a project, but keeps the role in the organization.
    let again = acme.invite(OrganizationRole::Guest).await;
    let again = token_of(&again);
    grace.client.send(calls::invitation_accept(again)).await.refused(409, "already-member");
    let project = acme.project(ada, "Churn").await;
    let into = CreateInvitation {
        project: Some(project.slug.clone()),
        project_role: Some(ProjectRole::DataScientist),
        ..invitation(OrganizationRole::Guest)
    };
    let made = invite(acme, &into).await;
    let me = grace.client.send(calls::invitation_accept(token_of(&made.link))).await.good();
    assert_eq!(me.organizations[0].role, OrganizationRole::Administrator);
    let seen = grace.client.send(calls::project_get(&acme.slug, &project.slug)).await.good();
    assert_eq!(seen.role, Some(ProjectRole::DataScientist));
    Ok(())
}

async fn who_is_disabled_elsewhere_can_accept(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, beta) = (&world.acme, world.tenant("Beta").await);
    let bob = acme.person(OrganizationRole::Member).await;
    let disable = UpdatePerson { disabled: Some(true), ..UpdatePerson::default() };
    let call = calls::person_update(&acme.slug, &bob.id, &disable);
    acme.administrator.client.send(call).await.good();
    let client = bob.client.fresh();
    let sign_in = async |password: &str, token: Option<&str>| {
        let (email, password) = (bob.email.clone(), password.to_owned());
        let invitation = token.map(str::to_owned);
        client.send(calls::sign_in(&SignIn { email, password, invitation })).await
    };
    let theirs = invite(acme, &invitation(OrganizationRole::Guest)).await;
    let other = CreateInvitation {
        email: Some("other@beta.test".to_owned()),
        ..invitation(OrganizationRole::Member)
    };
    let other = invite(&beta, &other).await;
    let open = invite(&beta, &invitation(OrganizationRole::Member)).await;
    for token in [None, Some("absent"), Some(token_of(&theirs.link)), Some(token_of(&other.link))] {
        sign_in(PASSWORD, token).await.refused(401, "wrong-credentials");
    }
    let token = token_of(&open.link);
    sign_in("not-the-password-of-anybody", Some(token)).await.refused(401, "wrong-credentials");
    sign_in(PASSWORD, Some(token)).await.good();
    client.send(calls::organization_get(&acme.slug)).await.refused(404, "not-found");
    let me = client.send(calls::invitation_accept(token)).await.good();
    assert_eq!(me.organizations.iter().map(|of| of.slug.as_str()).collect::<Vec<_>>(), ["beta"]);
    client.send(calls::organization_get(&acme.slug)).await.refused(404, "not-found");
    client.send(calls::organization_get(&beta.slug)).await.good();
    Ok(())
}

async fn only_administrators_invite(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let acme = &world.acme;
    for role in OrganizationRole::ALL.iter().copied() {
        let person = acme.person(role).await;
        let me = person.client.send(calls::me_get()).await.good();
        assert_eq!(me.organizations[0].role, role);
        let create = || calls::invitation_create(&acme.slug, &invitation(OrganizationRole::Administrator));
        let guest = calls::invitation_create(&acme.slug, &invitation(OrganizationRole::Guest));
        if role == OrganizationRole::Administrator {
            person.client.send(create()).await.good_with(201);
            person.client.send(guest).await.good_with(201);
        } else {
            person.client.send(create()).await.refused(403, "forbidden");
            person.client.send(guest).await.refused(403, "forbidden");
        }
    }
    // Nor does an owner of a project.
    let person = acme.person(OrganizationRole::Member).await;
    let project = acme.project(&person, "Churn").await;
    let into = CreateInvitation {
        project: Some(project.slug),
        project_role: Some(ProjectRole::Client),
        ..invitation(OrganizationRole::Guest)
    };
    person.client.send(calls::invitation_create(&acme.slug, &into)).await.refused(403, "forbidden");
    Ok(())
}

async fn what_is_wrong_with_an_invitation_is_named(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    let elsewhere = world.tenant("Beta").await;
    acme.project(ada, "Churn").await;
    elsewhere.project(&elsewhere.administrator, "Secret").await;
    let plain = || invitation(OrganizationRole::Member);
    let role = Some(ProjectRole::Client);
    let project = |slug: &str| Some(slug.to_owned());
    let wrong = [
        ("days", CreateInvitation { days: 0, ..plain() }),
        ("days", CreateInvitation { days: 31, ..plain() }),
        ("days", CreateInvitation { days: i64::MIN, ..plain() }),
        ("email", CreateInvitation { email: Some("grace".to_owned()), ..plain() }),
        ("email", CreateInvitation { email: Some(ada.email.to_uppercase()), ..plain() }),
        ("project", CreateInvitation { project_role: role, ..plain() }),
        ("project_role", CreateInvitation { project: project("churn"), ..plain() }),
        ("project", CreateInvitation { project: project("absent"), project_role: role, ..plain() }),
        ("project", CreateInvitation { project: project("secret"), project_role: role, ..plain() }),
    ];
    for (field, new) in wrong {
        ada.client.send(calls::invitation_create(&acme.slug, &new)).await.blames(&[field]);
    }
    assert!(ada.client.send(calls::invitation_list(&acme.slug)).await.good().is_empty());
    Ok(())
}
