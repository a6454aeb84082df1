//! The one place where routes are registered.

use super::Guard;
use crate::error::Error;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, Responder, ResponseError, web};
use futures::future::LocalBoxFuture;
use std::collections::BTreeMap;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{HttpMethod, PathItem};
use utoipa::openapi::{OpenApi, OpenApiBuilder, PathsBuilder};

/// A handler whose first argument is a [`Guard`]. Nothing else can become a route.
pub trait Guarded<Args>: Handler<Args> {
    /// The guard's demand, for the documentation.
    fn demands() -> String;
}

/// A handler's arguments, read one after the other: who may not is told so before anything else of the
/// request is looked at. Left to itself, actix reads them side by side.
pub struct InOrder<Args>(Args);

macro_rules! guarded {
    ($($arg:ident)*) => {
        impl<G: FromRequest, $($arg: FromRequest),*> FromRequest for InOrder<(G, $($arg,)*)> {
            type Error = actix_web::Error;
            type Future = LocalBoxFuture<'static, Result<Self, actix_web::Error>>;

            fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
                let (request, mut payload) = (request.clone(), payload.take());
                Box::pin(async move {
                    Ok(InOrder((
                        G::from_request(&request, &mut payload).await.map_err(Into::into)?,
                        $($arg::from_request(&request, &mut payload).await.map_err(Into::into)?,)*
                    )))
                })
            }
        }

        impl<H, G, $($arg),*> Guarded<(G, $($arg,)*)> for H
        where
            H: Handler<(G, $($arg,)*)>,
            G: Guard,
        {
            fn demands() -> String {
                G::demands()
            }
        }
    };
}

guarded!();
guarded!(A);
guarded!(A B);
guarded!(A B C);
guarded!(A B C D);

/// The operations of the API, each documented, each guarded.
#[derive(Default)]
pub struct Routes {
    by_path: BTreeMap<String, Vec<actix_web::Route>>,
    documented: Vec<(String, PathItem)>,
}

impl Routes {
    /// Registers an operation under the method and path of its documentation. Use [`route!`].
    pub fn add<Doc, H, Args>(&mut self, handler: H)
    where
        Doc: utoipa::Path,
        H: Guarded<Args>,
        Args: 'static,
        InOrder<Args>: FromRequest,
        H::Output: Responder + 'static,
    {
        let path = Doc::path();
        let mut operation = Doc::operation();
        let demand = ExtensionsBuilder::new().add("x-demands", H::demands()).build();
        operation.extensions.get_or_insert_default().merge(demand);
        let methods = Doc::methods();
        let routes = self.by_path.entry(path.clone()).or_default();
        for method in &methods {
            let handler = handler.clone();
            let in_order = move |args: InOrder<Args>| handler.call(args.0);
            routes.push(web::method(actix_method(method)).to(in_order));
        }
        self.documented.push((path, PathItem::from_http_methods(methods, operation)));
    }

    /// The paths and operations, to be merged with the schemas.
    pub fn openapi(&self) -> OpenApi {
        let mut paths = PathsBuilder::new();
        for (path, item) in &self.documented {
            paths = paths.path(path, item.clone());
        }
        OpenApiBuilder::new().paths(paths).build()
    }

    /// Hands the routes to actix.
    pub fn configure(self, config: &mut web::ServiceConfig) {
        for (path, routes) in self.by_path {
            #[expect(clippy::disallowed_methods, reason = "this is the door")]
            let resource = web::resource(path);
            let resource = resource.default_service(web::to(method_not_allowed));
            config.service(routes.into_iter().fold(resource, |r, route| r.route(route)));
        }
    }
}

/// The path is there, but not for this method.
async fn method_not_allowed() -> HttpResponse {
    let detail = "This address has no such method.";
    Error::status(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail).error_response()
}

fn actix_method(method: &HttpMethod) -> actix_web::http::Method {
    use actix_web::http::Method;
    match method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Delete => Method::DELETE,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Options => Method::OPTIONS,
        HttpMethod::Head => Method::HEAD,
        HttpMethod::Trace => Method::TRACE,
    }
}

/// `route!(routes, [one, two])` registers handlers of the same module that have `#[utoipa::path(…)]`.
macro_rules! route {
    ($routes:expr, [$($handler:ident),+ $(,)?]) => {
        $( paste::paste! { $routes.add::<[<__path_ $handler>], _, _>($handler); } )+
    };
}
pub(crate) use route;
