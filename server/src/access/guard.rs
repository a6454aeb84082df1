//! The extractors that a route can begin with.

use super::{Caller, PathNames, Permission, Policies, Resource, Standing, sign_in_token};
use crate::app::App;
use crate::db::{Connection, now};
use crate::error::{Error, Result};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use atelier_api::problem::MissingPermission;
use atelier_api::role::{self, Action, Object};
use atelier_policies::{Policy, RoleName};
use futures::future::LocalBoxFuture;
use std::marker::PhantomData;
use std::sync::Arc;

mod sealed {
    /// Implemented here only: nobody else makes guards.
    pub trait Sealed {}
}

/// What a route's first argument must be.
pub trait Guard: FromRequest + sealed::Sealed {
    /// What it demands, in words, for the OpenAPI document: `public`, `signed-in` or `object:action`.
    fn demands() -> String;
}

/// Open to everybody. Its routes check what the request itself carries, such as a one-time token.
pub struct Public(());

/// One's own account: signed in, and nothing but the caller's own rows.
#[derive(Clone)]
pub struct SignedIn {
    caller: Arc<Caller>,
}

/// A row, and the proof that the caller may do `P` to it.
pub struct Access<R, P> {
    caller: Arc<Caller>,
    standing: Arc<Standing<R>>,
    policy: Arc<Policy>,
    permission: PhantomData<fn() -> P>,
}

impl sealed::Sealed for Public {}
impl sealed::Sealed for SignedIn {}
impl<R, P> sealed::Sealed for Access<R, P> {}

impl Guard for Public {
    fn demands() -> String {
        "public".to_owned()
    }
}

impl Guard for SignedIn {
    fn demands() -> String {
        "signed-in".to_owned()
    }
}

impl<R: Resource, P: Permission> Guard for Access<R, P> {
    fn demands() -> String {
        let own = if P::OWN { ":own" } else { "" };
        format!("{}:{}{own}", P::OBJECT, P::ACTION)
    }
}

impl FromRequest for Public {
    type Error = Error;
    type Future = std::future::Ready<Result<Public>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Public(())))
    }
}

impl FromRequest for SignedIn {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<SignedIn>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let (app, token) = signed(&request)?;
            let caller = app.db.read(move |connection| Caller::by_token(connection, &token, now())).await?;
            app.last_seen.note(&caller.sign_in_id);
            Ok(SignedIn { caller: Arc::new(caller) })
        })
    }
}

impl<R: Resource, P: Permission> FromRequest for Access<R, P> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Access<R, P>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let (app, token) = signed(&request)?;
            let path = PathNames::of(&request);
            let policies = app.policies.clone();
            let access = app
                .db
                .read(move |connection| {
                    let caller = Caller::by_token(connection, &token, now())?;
                    admit(connection, &policies, caller, &path)
                })
                .await?;
            app.last_seen.note(&access.caller.sign_in_id);
            Ok(access)
        })
    }
}

fn signed(request: &HttpRequest) -> Result<(web::Data<App>, String)> {
    let app = request
        .app_data::<web::Data<App>>()
        .cloned()
        .ok_or_else(|| Error::internal(anyhow::anyhow!("the application's state is missing")))?;
    let token = sign_in_token(request, &app).ok_or_else(Error::not_signed_in)?;
    Ok((app, token))
}

/// The decision. Who may not even see the row gets the answer for a row that does not exist.
fn admit<R: Resource, P: Permission>(
    connection: &mut Connection,
    policies: &Policies,
    caller: Caller,
    path: &PathNames,
) -> Result<Access<R, P>> {
    let standing = R::fetch(connection, &caller, path)?.ok_or_else(Error::not_found)?;
    let policy = policies.of(connection, standing.row.organization())?;
    let may = |object, action| policy.decide(&standing.roles, object, action, standing.owns);
    if !may(R::OBJECT, Action::Read) {
        return Err(Error::not_found());
    }
    // What is to be created below the row belongs to its maker, who is the caller.
    let owns = standing.owns || P::OWN || P::ACTION == Action::Create;
    if !policy.decide(&standing.roles, P::OBJECT, P::ACTION, owns) {
        let granted_by = standing.row.granters(connection)?;
        return Err(Error::forbidden(MissingPermission { object: P::OBJECT, action: P::ACTION, granted_by }));
    }
    Ok(Access { caller: Arc::new(caller), standing: Arc::new(standing), policy, permission: PhantomData })
}

impl SignedIn {
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}

impl<R, P> Access<R, P> {
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    pub fn row(&self) -> &R {
        &self.standing.row
    }

    pub fn roles(&self) -> &[RoleName] {
        &self.standing.roles
    }

    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(super) fn shared_policy(&self) -> Arc<Policy> {
        self.policy.clone()
    }

    /// Whether the caller might also do something else here; `owns` tells of whose row.
    pub fn may(&self, object: Object, action: Action, owns: bool) -> bool {
        self.policy.decide(&self.standing.roles, object, action, owns)
    }

    /// All that the caller may do here.
    pub fn permissions(&self) -> Vec<role::Permission> {
        self.policy.permissions(&self.standing.roles)
    }
}

impl<R, P> Clone for Access<R, P> {
    fn clone(&self) -> Self {
        Access {
            caller: self.caller.clone(),
            standing: self.standing.clone(),
            policy: self.policy.clone(),
            permission: PhantomData,
        }
    }
}
