//! The extractors that a route can begin with.

use super::caller::Credential;
use super::inside::{self, FromWorkload, Inside};
use super::scope;
use super::{Borrowed, Caller, GrantsOn, Origin, PathNames, Permission, Policies, Resource, Standing};
use crate::app::App;
use crate::db::{Connection, now};
use crate::error::{Error, Result};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use atelier_api::problem::MissingPermission;
use atelier_api::role::{self, Action, Object};
use atelier_policies::{Grant, Policy, RoleName};
use futures::future::LocalBoxFuture;
use std::marker::PhantomData;
use std::sync::Arc;

mod sealed {
    /// Implemented here only: nobody else makes guards.
    pub trait Sealed {}
}

/// What a route's first argument must be.
pub trait Guard: FromRequest + sealed::Sealed {
    /// What it demands, in words, for the OpenAPI document: `public`, `signed-in`, `person`, `workload` or
    /// `object:action`.
    fn demands() -> String;
}

/// Open to everybody. Its routes check what the request itself carries, such as a one-time token.
pub struct Public(());

/// One's own account: signed in, and nothing but the caller's own rows.
#[derive(Clone)]
pub struct SignedIn {
    caller: Arc<Caller>,
}

/// Who somebody is and where he or she belongs: signed in, or by an access token of any scope.
pub struct AsPerson {
    caller: Caller,
}

/// A program in a workload, and nothing but what is that workload's.
pub struct AsWorkload {
    inside: Inside,
}

/// A row, and the proof that the caller may do `P` to it.
pub struct Access<R, P> {
    caller: Arc<Caller>,
    standing: Arc<Standing<R>>,
    policy: Arc<Policy>,
    /// What is said of this row alone.
    grants: Arc<[Grant]>,
    permission: PhantomData<fn() -> P>,
}

impl sealed::Sealed for Public {}
impl sealed::Sealed for SignedIn {}
impl sealed::Sealed for AsPerson {}
impl sealed::Sealed for AsWorkload {}
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

impl Guard for AsPerson {
    fn demands() -> String {
        "person".to_owned()
    }
}

impl Guard for AsWorkload {
    fn demands() -> String {
        "workload".to_owned()
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

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(match request.conn_data::<FromWorkload>() {
            Some(_) => Err(Error::not_from_inside()),
            None => Ok(Public(())),
        })
    }
}

impl FromRequest for SignedIn {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<SignedIn>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let caller = caller(&request).await?;
            caller.sign_in_id()?;
            Ok(SignedIn { caller: Arc::new(caller) })
        })
    }
}

impl FromRequest for AsPerson {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<AsPerson>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let caller = caller(&request).await?;
            match &caller.origin {
                Origin::SignIn(_) | Origin::Token { .. } => Ok(AsPerson { caller }),
                Origin::Workload(_) => Err(Error::not_from_inside()),
            }
        })
    }
}

impl FromRequest for AsWorkload {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<AsWorkload>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let Some(FromWorkload(id)) = request.conn_data().cloned() else {
                return Err(Error::not_found());
            };
            let (inside, _) = app(&request)?.db.read(move |connection| Inside::of(connection, &id)).await?;
            Ok(AsWorkload { inside })
        })
    }
}

impl<R: Resource, P: Permission> FromRequest for Access<R, P> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Access<R, P>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let (app, credential) = credential(&request)?;
            let path = PathNames::of(&request);
            let policies = app.policies.clone();
            let access = app
                .db
                .read(move |connection| {
                    let caller = Caller::by(connection, &credential, now())?;
                    admit(connection, &policies, caller, &path)
                })
                .await?;
            app.last_seen.note(&access.caller.origin);
            Ok(access)
        })
    }
}

fn app(request: &HttpRequest) -> Result<web::Data<App>> {
    let app = request.app_data::<web::Data<App>>().cloned();
    app.ok_or_else(|| Error::internal(anyhow::anyhow!("the application's state is missing")))
}

fn credential(request: &HttpRequest) -> Result<(web::Data<App>, Credential)> {
    let app = app(request)?;
    let credential = Credential::of(request, &app)?;
    Ok((app, credential))
}

async fn caller(request: &HttpRequest) -> Result<Caller> {
    let (app, credential) = credential(request)?;
    let caller = app.db.read(move |connection| Caller::by(connection, &credential, now())).await?;
    app.last_seen.note(&caller.origin);
    Ok(caller)
}

/// The same decision about a row that a request names elsewhere than in its path, as in a question's text. `names` are
/// what the path of the row's own routes would say.
///
/// # Errors
/// What the guard of such a route would answer.
pub fn named<R: Resource, P: Permission>(
    connection: &mut Connection,
    policies: &Policies,
    caller: Caller,
    names: impl IntoIterator<Item = (&'static str, String)>,
) -> Result<Access<R, P>> {
    admit(connection, policies, caller, &PathNames::new(names))
}

/// The decision. Who may not even see the row gets the answer for a row that does not exist.
fn admit<R: Resource, P: Permission>(
    connection: &mut Connection,
    policies: &Policies,
    caller: Caller,
    path: &PathNames,
) -> Result<Access<R, P>> {
    let mut standing = R::fetch(connection, &caller, path)?.ok_or_else(Error::not_found)?;
    let inside = match &caller.origin {
        Origin::Workload(inside) => Some(inside),
        Origin::SignIn(_) | Origin::Token { .. } => None,
    };
    if inside.is_some_and(|inside| !inside.reaches(&standing.row)) {
        return Err(Error::not_found());
    }
    let policy = policies.of(connection, standing.row.organization())?;
    let grants: Arc<[Grant]> = match standing.row.takes_grants() {
        Some(id) => GrantsOn::load(connection, R::OBJECT, [id], &caller.user.id, &[])?.of(id).into(),
        None => Arc::default(),
    };
    let may = |object, action, owns| decides(&policy, &standing, &grants, object, action, owns);
    let knows = [Action::Read, standing.row.shown_by()];
    if !knows.into_iter().all(|action| may(R::OBJECT, action, standing.owns)) {
        return Err(Error::not_found());
    }
    if inside.is_some() && !inside::may::<R, P>() {
        return Err(Error::not_from_inside());
    }
    // What is to be created below the row belongs to its maker, who is the caller.
    let owns = standing.owns || P::OWN || P::ACTION == Action::Create;
    if !may(P::OBJECT, P::ACTION, owns) {
        let granted_by = standing.row.granters(connection)?;
        return Err(Error::forbidden(MissingPermission { object: P::OBJECT, action: P::ACTION, granted_by }));
    }
    // Last, so that the scope which the refusal names would do.
    if let Origin::Token { scope, .. } = &caller.origin {
        scope::check::<R, P>(*scope, &standing.row)?;
    }
    standing.row.narrow(connection, &caller, &policy, &standing.roles)?;
    Ok(Access {
        caller: Arc::new(caller),
        standing: Arc::new(standing),
        policy,
        grants,
        permission: PhantomData,
    })
}

/// What roles and grants give, without what the way to the row takes away.
fn decides<R: Resource>(
    policy: &Policy,
    standing: &Standing<R>,
    grants: &[Grant],
    object: Object,
    action: Action,
    owns: bool,
) -> bool {
    if object != R::OBJECT {
        return policy.decide(&standing.roles, object, action, owns);
    }
    let lets = |borrowed: &Borrowed| borrowed.lets(policy, object, action);
    standing.row.borrowed().is_none_or(lets)
        && policy.decide_on(&standing.roles, grants, object, action, owns)
}

impl AsWorkload {
    pub fn inside(&self) -> &Inside {
        &self.inside
    }
}

impl AsPerson {
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}

impl SignedIn {
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}

impl<R: Resource, P> Access<R, P> {
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
        decides(&self.policy, &self.standing, &self.grants, object, action, owns)
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
            grants: self.grants.clone(),
            permission: PhantomData,
        }
    }
}
