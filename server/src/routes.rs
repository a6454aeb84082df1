//! Every operation of the API.

use crate::access::Routes;
use crate::models::Models;
use crate::{
    accounts, artifacts, billing, datasets, environments, events, files, groups, inside, organizations,
    projects, results, roles, session_host, sessions, storage, tables, tiers, tokens,
};

/// All routes, noun by noun.
pub fn all() -> Routes {
    let mut routes = Routes::default();
    accounts::routes(&mut routes);
    billing::routes(&mut routes);
    datasets::routes(&mut routes);
    artifacts::routes::<Models>(&mut routes);
    environments::routes(&mut routes);
    events::routes(&mut routes);
    files::routes(&mut routes);
    groups::routes(&mut routes);
    inside::routes(&mut routes);
    organizations::routes(&mut routes);
    projects::routes(&mut routes);
    results::routes(&mut routes);
    roles::routes(&mut routes);
    sessions::routes(&mut routes);
    session_host::routes(&mut routes);
    storage::routes(&mut routes);
    tables::routes(&mut routes);
    tiers::routes(&mut routes);
    tokens::routes(&mut routes);
    routes
}
