//! Sends calls to the API. The one place that knows HTTP.

use crate::contexts::account;
use crate::problems;
use crate::text::tr;
use atelier_api::call::{Call, Method};
use atelier_api::problem::{FieldProblem, MissingPermission, Problem};
use gloo_net::http::{Request, Response};
use serde::de::DeserializeOwned;

/// Why a call brought nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The server said no, and why.
    Refused(Problem),
    /// The server could not be reached, or something in between answered.
    Unreachable,
    /// The answer is none that this page knows: the server is newer than the page.
    Garbled,
}

impl Failure {
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Failure::Refused(problem) => Some(problem.status),
            _ => None,
        }
    }

    /// A sentence for the person, in his or her language where we have one for the code.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Failure::Unreachable => tr!(problems.unreachable).to_owned(),
            Failure::Garbled => tr!(problems.garbled).to_owned(),
            Failure::Refused(problem) => problems::sentence(problem),
        }
    }

    pub(crate) fn fields(&self) -> &[FieldProblem] {
        match self {
            Failure::Refused(problem) => &problem.fields,
            _ => &[],
        }
    }

    pub(crate) fn missing(&self) -> Option<&MissingPermission> {
        match self {
            Failure::Refused(problem) => problem.missing.as_ref(),
            _ => None,
        }
    }
}

/// Sends a call of who is signed in. If nobody is, the page becomes the sign-in page, which leads back here.
pub(crate) async fn send<T: DeserializeOwned>(call: Call<T>) -> Result<T, Failure> {
    let answer = attempt(call).await;
    if let Err(failure) = &answer
        && failure.status() == Some(401)
    {
        account::leave_to_sign_in();
    }
    answer
}

/// Sends a call that nobody needs to be signed in for: a 401 is an answer like others.
pub(crate) async fn attempt<T: DeserializeOwned>(call: Call<T>) -> Result<T, Failure> {
    let response = request(&call).await.map_err(|_| Failure::Unreachable)?;
    let (status, ok) = (response.status(), response.ok());
    let body = response.text().await.map_err(|_| Failure::Unreachable)?;
    if !ok {
        let problem = serde_json::from_str::<Problem>(&body);
        return Err(problem.map_or_else(|_| unexplained(status), Failure::Refused));
    }
    Call::<T>::parse(&body).map_err(|_| Failure::Garbled)
}

async fn request<T>(call: &Call<T>) -> Result<Response, gloo_net::Error> {
    let builder = match call.method {
        Method::Get => Request::get(&call.path),
        Method::Post => Request::post(&call.path),
        Method::Put => Request::put(&call.path),
        Method::Patch => Request::patch(&call.path),
        Method::Delete => Request::delete(&call.path),
    };
    let builder = builder.header("accept", "application/json");
    let builder = match &call.if_match {
        Some(tag) => builder.header("if-match", tag),
        None => builder,
    };
    match &call.body {
        Some(body) => builder.header("content-type", "application/json").body(body.as_str())?,
        None => builder.build()?,
    }
    .send()
    .await
}

/// An error whose body is not ours, as a proxy's.
fn unexplained(status: u16) -> Failure {
    if status == 401 || status == 403 || status == 404 {
        return Failure::Refused(Problem {
            status,
            code: String::new(),
            title: String::new(),
            detail: tr!(problems.unexplained, status = status),
            fields: Vec::new(),
            missing: None,
            changed: None,
        });
    }
    Failure::Unreachable
}
