//! The first administrator and the first organization.

use atelier_api::account::{Language, SetUp};
use atelier_api::calls;
use atelier_api::project::ProjectFilter;
use atelier_api::role::OrganizationRole;
use atelier_tests::{Database, PASSWORD, TestServer, on_both_databases};

on_both_databases!(set_up_happens_once_by_a_link_that_works);

async fn set_up_happens_once_by_a_link_that_works(database: Database) -> anyhow::Result<()> {
    let server = TestServer::start(database).await?;
    let client = server.client();
    let good = SetUp {
        token: server.setup_token().await?,
        organization: " Café Zürich ".to_owned(),
        name: "Ada".to_owned(),
        email: "Ada@acme.test".to_owned(),
        password: PASSWORD.to_owned(),
        language: Language::French,
        sample_project: true,
    };

    // What is wrong is named, and does not use the link up.
    for password in ["password123", "Ada@acme.test", "Café Zürich", "short"] {
        let weak = SetUp { password: password.to_owned(), ..good.clone() };
        client.send(calls::setup_complete(&weak)).await.blames(&["password"]);
    }
    let empty = SetUp {
        organization: " ".to_owned(),
        name: "\u{7}".to_owned(),
        email: "ada".to_owned(),
        ..good.clone()
    };
    client.send(calls::setup_complete(&empty)).await.blames(&["email", "name", "organization"]);
    let guess = SetUp { token: "guess".to_owned(), ..good.clone() };
    client.send(calls::setup_complete(&guess)).await.refused(410, "link-expired");
    server.database.execute("UPDATE one_time_links SET expires_at = 1")?;
    client.send(calls::setup_complete(&good)).await.refused(410, "link-expired");
    server.database.execute("UPDATE one_time_links SET expires_at = 4000000000000")?;
    assert!(client.send(calls::setup_get()).await.good().needed);
    assert_eq!(client.cookie(), None);

    let me = client.send(calls::setup_complete(&good)).await.good_with(201);
    assert!(me.operator);
    assert_eq!(
        (me.name.as_str(), me.email.as_str(), me.language),
        ("Ada", "Ada@acme.test", Language::French)
    );
    assert_eq!(client.send(calls::me_get()).await.good(), me, "the browser is signed in");
    let [organization] = me.organizations.as_slice() else { panic!("{:?}", me.organizations) };
    assert_eq!((organization.slug.as_str(), organization.name.as_str()), ("cafe-zurich", "Café Zürich"));
    assert_eq!((organization.role, organization.currency.as_str()), (OrganizationRole::Administrator, "USD"));
    let list = calls::project_list("cafe-zurich", &ProjectFilter::default());
    let names: Vec<String> =
        client.send(list).await.good().items.into_iter().map(|project| project.name).collect();
    assert_eq!(names, ["Chiffres manuscrits"], "the sample is in the administrator's language");

    assert!(!client.send(calls::setup_get()).await.good().needed);
    client.send(calls::setup_complete(&good)).await.refused(410, "set-up-done");
    // Addresses are compared without case.
    server.client().sign_in("ADA@ACME.TEST").await.good_with(200);
    Ok(())
}
