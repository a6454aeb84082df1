//! What the server answered.

use atelier_api::call::Call;
use atelier_api::problem::{MEDIA_TYPE, Problem};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use std::marker::PhantomData;

/// An answer, read whole. `T` is what it says if all went well.
#[derive(Clone, Debug)]
pub struct Answer<T = ()> {
    /// For messages: method and path.
    pub request: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    means: PhantomData<fn() -> T>,
}

impl<T> Answer<T> {
    pub(crate) async fn read(request: String, response: reqwest::Response) -> reqwest::Result<Answer<T>> {
        let (status, headers) = (response.status(), response.headers().clone());
        // A stream of events has no end to wait for.
        let endless = headers.get(CONTENT_TYPE).is_some_and(|value| value == "text/event-stream");
        let body = if endless { Vec::new() } else { response.bytes().await?.to_vec() };
        Ok(Answer { request, status, headers, body, means: PhantomData })
    }

    /// Whatever it should have said.
    pub fn untyped(self) -> Answer {
        let Answer { request, status, headers, body, .. } = self;
        Answer { request, status, headers, body, means: PhantomData }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value, empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The problem that the server answers with, for this reason.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Problem {
        let problem = self.problem();
        assert_eq!((self.status.as_u16(), problem.code.as_str()), (status, code), "{}", self.describe());
        problem
    }

    /// The server says that exactly these fields are wrong.
    #[track_caller]
    pub fn blames(&self, fields: &[&str]) -> Problem {
        let problem = self.refused(422, "invalid");
        let mut named: Vec<&str> = problem.fields.iter().map(|field| field.field.as_str()).collect();
        named.sort_unstable();
        assert_eq!(named, fields, "{}", self.describe());
        problem
    }

    /// The answer as a problem, whatever kind.
    #[track_caller]
    pub fn problem(&self) -> Problem {
        assert_eq!(self.header(CONTENT_TYPE.as_str()), MEDIA_TYPE, "{}", self.describe());
        match serde_json::from_slice::<Problem>(&self.body) {
            Ok(problem) => {
                assert_eq!(problem.status, self.status.as_u16(), "{}", self.describe());
                problem
            }
            Err(error) => panic!("no problem document ({error}): {}", self.describe()),
        }
    }

    fn describe(&self) -> String {
        format!("{} answered {}: {}", self.request, self.status, self.text())
    }
}

impl<T: serde::de::DeserializeOwned> Answer<T> {
    /// What the answer says.
    #[track_caller]
    pub fn good(&self) -> T {
        assert!(self.status.is_success(), "{}", self.describe());
        match Call::<T>::parse(&self.text()) {
            Ok(said) => said,
            Err(error) => panic!("not what was expected ({error}): {}", self.describe()),
        }
    }

    /// As [`Answer::good`], with exactly this status.
    #[track_caller]
    pub fn good_with(&self, status: u16) -> T {
        assert_eq!(self.status.as_u16(), status, "{}", self.describe());
        self.good()
    }
}
