//! The one place where routes are registered.

use super::Guard;
use crate::error::Error;
use actix_web::dev::Payload;
use actix_web::http::header::{self, TryIntoHeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, Responder, ResponseError, web};
use futures::future::LocalBoxFuture;
use std::collections::BTreeMap;
// What a handler's documentation refers to; utoipa's own bindings for web servers read it there too.
use utoipa::__dev::SchemaReferences;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{HttpMethod, PathItem};
use utoipa::openapi::{ComponentsBuilder, OpenApi, OpenApiBuilder, PathsBuilder, RefOr, Schema};

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
    root: Place,
    documented: Vec<Documented>,
}

/// What the document says of an operation. Told when it is asked for: each of the server's threads registers the routes.
struct Documented {
    item: fn() -> (String, PathItem),
    schemas: fn(&mut Vec<(String, RefOr<Schema>)>),
}

fn item<Doc: utoipa::Path, H: Guarded<Args>, Args>() -> (String, PathItem) {
    let mut operation = Doc::operation();
    let demand = ExtensionsBuilder::new().add("x-demands", H::demands()).build();
    operation.extensions.get_or_insert_default().merge(demand);
    (Doc::path(), PathItem::from_http_methods(Doc::methods(), operation))
}

impl Routes {
    /// Registers an operation under the method and path of its documentation. Use [`route!`].
    pub fn add<Doc, H, Args>(&mut self, handler: H)
    where
        Doc: utoipa::Path + SchemaReferences,
        H: Guarded<Args>,
        Args: 'static,
        InOrder<Args>: FromRequest,
        H::Output: Responder + 'static,
    {
        let routes = &mut self.root.at(&Doc::path()).methods;
        for method in Doc::methods() {
            let handler = handler.clone();
            let in_order = move |args: InOrder<Args>| handler.call(args.0);
            let route = web::method(actix_method(&method)).to(in_order);
            routes.push((method, route));
        }
        self.documented.push(Documented { item: item::<Doc, H, Args>, schemas: Doc::schemas });
    }

    /// The paths and operations, and the schemas that they use.
    pub fn openapi(&self) -> OpenApi {
        let (mut paths, mut schemas) = (PathsBuilder::new(), Vec::new());
        for operation in &self.documented {
            let (path, item) = (operation.item)();
            paths = paths.path(path, item);
            (operation.schemas)(&mut schemas);
        }
        let components = ComponentsBuilder::new().schemas_from_iter(schemas).build();
        OpenApiBuilder::new().paths(paths).components(Some(components)).build()
    }

    /// Hands the routes to actix.
    pub fn configure(self, config: &mut web::ServiceConfig) {
        self.root.configure(config);
    }
}

/// What there is at an address, and below it by the next part of the path. actix tries one pattern after the other, so
/// what begins alike is one pattern. A word comes before a parameter, which would take it.
#[derive(Default)]
struct Place {
    methods: Vec<(HttpMethod, actix_web::Route)>,
    below: BTreeMap<String, Place>,
}

impl Place {
    fn at(&mut self, path: &str) -> &mut Place {
        path.split('/').skip(1).fold(self, |place, part| place.below.entry(format!("/{part}")).or_default())
    }

    fn configure(self, config: &mut web::ServiceConfig) {
        for (mut path, mut place) in self.below {
            // Where one thing alone follows, it is the same pattern.
            while place.methods.is_empty()
                && place.below.len() == 1
                && let Some((part, only)) = place.below.pop_first()
            {
                path += &part;
                place = only;
            }
            let Place { methods, below } = place;
            if below.is_empty() {
                config.service(resource(&path, methods));
                continue;
            }
            #[expect(clippy::disallowed_methods, reason = "this is the door")]
            let scope = web::scope(&path);
            config.service(scope.configure(|config| {
                if !methods.is_empty() {
                    config.service(resource("", methods));
                }
                Place { methods: Vec::new(), below }.configure(config);
            }));
        }
    }
}

fn resource(path: &str, methods: Vec<(HttpMethod, actix_web::Route)>) -> actix_web::Resource {
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    let resource = web::resource(path);
    let allowed: Vec<_> = methods.iter().map(|(method, _)| actix_method(method)).collect();
    let resource = resource.default_service(web::to(move || method_not_allowed(allowed.clone())));
    methods.into_iter().fold(resource, |resource, (_, route)| resource.route(route))
}

/// The path is there, but not for this method.
async fn method_not_allowed(allowed: Vec<Method>) -> actix_web::Result<HttpResponse> {
    let detail = "This address has no such method.";
    let mut answer =
        Error::status(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail).error_response();
    answer.headers_mut().insert(header::ALLOW, header::Allow(allowed).try_into_value()?);
    Ok(answer)
}

fn actix_method(method: &HttpMethod) -> Method {
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
