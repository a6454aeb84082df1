//! Every operation of the API.

use crate::access::Routes;
use crate::projects;

/// All routes, noun by noun.
pub fn all() -> Routes {
    let mut routes = Routes::default();
    projects::routes(&mut routes);
    routes
}
