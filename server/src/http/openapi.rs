//! The document that describes the API.

use crate::access::Routes;
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Atelier",
        description = "Everything a page can do. Errors are problem details (RFC 9457)."
    ),
    components(schemas(atelier_api::problem::Problem, atelier_api::event::Event))
)]
struct Head;

/// Head, paths, and the schemas that they use.
pub fn document(routes: &Routes) -> utoipa::openapi::OpenApi {
    let mut document = Head::openapi();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    document.merge(routes.openapi());
    document
}
