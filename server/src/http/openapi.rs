//! The document that describes the API.

use crate::access::Routes;
use crate::error::{Error, Result};
use crate::routes;
use actix_web::{HttpResponse, web};
use atelier_api::problem::MEDIA_TYPE;
use std::sync::OnceLock;
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ComponentsBuilder, ContentBuilder, Ref, RefOr, Response, ResponseBuilder, Schema};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Atelier",
        description = "Everything a page can do. Errors are problem details (RFC 9457)."
    ),
    components(schemas(atelier_api::problem::Problem, atelier_api::event::Event))
)]
struct Head;

/// The cookie of a sign-in, by its name in the document.
const SIGN_IN: &str = "signIn";
/// An access token.
const BEARER: &str = "bearer";

/// The document as it is served: made when somebody asks for it first.
///
/// # Errors
/// If it cannot be written, which is a fault of ours.
pub async fn serve() -> Result<HttpResponse> {
    static DOCUMENT: OnceLock<web::Bytes> = OnceLock::new();
    let document = match DOCUMENT.get() {
        Some(document) => document.clone(),
        None => {
            let made = document(&routes::all()).to_json().map_err(Error::internal)?;
            DOCUMENT.get_or_init(|| made.into()).clone()
        }
    };
    Ok(HttpResponse::Ok().content_type("application/json").body(document))
}

/// Head, paths, and the schemas that they use.
pub fn document(routes: &Routes) -> utoipa::openapi::OpenApi {
    let mut document = Head::openapi();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    document.merge(routes.openapi());
    let mut components = document.components.unwrap_or_default();
    components.schemas.values_mut().for_each(variants_have_one_key);
    let components = ComponentsBuilder::from(components);
    let components = components.security_scheme(SIGN_IN, sign_in()).security_scheme(BEARER, bearer());
    document.components = Some(components.build());
    for item in document.paths.paths.values_mut() {
        let methods =
            [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete, &mut item.head];
        for operation in methods.into_iter().flatten() {
            complete(operation);
        }
    }
    document
}

/// serde takes nothing beside the key that says which variant of an enum a value is; utoipa does not say so.
fn variants_have_one_key(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::OneOf(variants)) = schema else { return };
    for variant in &mut variants.items {
        if let RefOr::T(Schema::Object(object)) = variant
            && object.properties.len() == 1
            && object.required.len() == 1
        {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
    }
}

/// What is the same for all operations: who must sign in, and how an error looks.
fn complete(operation: &mut Operation) {
    let demands = operation.extensions.as_ref().and_then(|extensions| extensions.get("x-demands"));
    let schemes: &[&str] = match demands.and_then(|demands| demands.as_str()) {
        None | Some("public") => &[],
        Some("signed-in" | "workload") => &[SIGN_IN],
        Some(_) => &[SIGN_IN, BEARER],
    };
    // An operation may say itself that no token will do.
    if operation.security.is_none() && !schemes.is_empty() {
        operation.security =
            Some(schemes.iter().map(|scheme| SecurityRequirement::new(*scheme, [""; 0])).collect());
    }
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        let failure = status.starts_with(['4', '5']);
        if let RefOr::T(response) = response
            && failure
            && response.content.is_empty()
        {
            *response = problem(&response.description);
        }
    }
    let refused = problem("Refused or failed: the problem says why, and what to do.");
    responses.entry("default".to_owned()).or_insert(RefOr::T(refused));
}

fn problem(description: &str) -> Response {
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(description).content(MEDIA_TYPE, content).build()
}

fn sign_in() -> SecurityScheme {
    let description = "Set by signing in. Its name is `atelier` where the address is not secure.";
    SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("__Host-atelier", description)))
}

fn bearer() -> SecurityScheme {
    let description = "An access token, made on the profile. Its scope limits what it may be used for: `read`, \
                       `write` (changes within projects) or `admin` (all that its person may do in an organization).";
    SecurityScheme::Http(
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(description)).build(),
    )
}
