//! Small pages where the tool cannot answer itself: what is the matter and where to go.

use crate::app::App;
use crate::error::Error;
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use actix_web::{HttpResponse, ResponseError};

/// Why the tool does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// The browser has no right here, or nothing is here.
    NotOpened,
    EntrySpent,
    /// Of another page's making.
    Foreign,
    NotFound,
    Starting,
    NotRunning,
    /// The agent offers no connection, or the tool ended one without an answer.
    NoAnswer,
    /// Whether the browser has a right cannot be asked now.
    Unavailable,
}

/// Seconds after which the page looks again while the session starts.
const AGAIN: &str = "2";

const HEADERS: [(&str, &str); 5] = [
    ("cache-control", "no-store"),
    ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("vary", "accept-language"),
];

const STYLE: &str = "body{margin:0;min-height:100vh;display:grid;place-items:center;\
    font:16px/1.5 Inter,system-ui,sans-serif;color-scheme:light dark;\
    color:light-dark(#1d1b18,#ece9e2);background:light-dark(#faf9f6,#161513)}\
    main{max-width:28rem;padding:24px}h1{font-size:22px;line-height:1.25;margin:0 0 8px}\
    p{margin:0 0 24px;color:light-dark(#5c5850,#aaa598)}\
    a{color:light-dark(#2a45c9,#93a5ff);font-weight:550}";

impl Notice {
    /// The answer. `page` is the session's own page in the application, told only to who may see it.
    pub(super) fn answer(self, app: &App, headers: &HeaderMap, page: Option<&str>) -> HttpResponse {
        let mut response = HttpResponse::build(self.status());
        for header in HEADERS {
            response.insert_header(header);
        }
        if self == Notice::Starting {
            response.insert_header(("refresh", AGAIN)).insert_header(("retry-after", AGAIN));
        }
        let french = prefers_french(headers);
        let link = format!("{}{}", app.config.public_url, page.unwrap_or("/"));
        response.content_type("text/html; charset=utf-8").body(self.html(french, &link))
    }

    fn status(self) -> StatusCode {
        match self {
            Notice::NotOpened => StatusCode::UNAUTHORIZED,
            Notice::EntrySpent => StatusCode::GONE,
            Notice::Foreign => StatusCode::FORBIDDEN,
            Notice::NotFound => StatusCode::NOT_FOUND,
            Notice::NoAnswer => StatusCode::BAD_GATEWAY,
            Notice::Starting | Notice::NotRunning | Notice::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn html(self, french: bool, link: &str) -> String {
        let (language, open) = if french { ("fr", "Ouvrir Atelier") } else { ("en", "Open Atelier") };
        let (title, text) = self.words(french);
        format!(
            "<!doctype html><html lang=\"{language}\"><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title} · Atelier</title>\
             <style>{STYLE}</style><main><h1>{title}</h1><p>{text}</p><a href=\"{link}\">{open}</a></main></html>\n"
        )
    }

    fn words(self, french: bool) -> (&'static str, &'static str) {
        let [english, french_words] = match self {
            Notice::NotOpened => [
                (
                    "Open it from Atelier",
                    "This browser has not opened a session here, or may no longer use it.",
                ),
                (
                    "Ouvrez-la depuis Atelier",
                    "Ce navigateur n’a pas ouvert de session ici, ou n’y a plus accès.",
                ),
            ],
            Notice::EntrySpent => [
                (
                    "This link no longer works",
                    "It works once, for a minute. Open the session from Atelier again.",
                ),
                (
                    "Ce lien ne fonctionne plus",
                    "Il sert une seule fois, pendant une minute. Rouvrez la session depuis Atelier.",
                ),
            ],
            Notice::Foreign => [
                ("Refused", "Another page tried to act in this session. Open the session from Atelier."),
                ("Refusé", "Une autre page a tenté d’agir dans cette session. Ouvrez-la depuis Atelier."),
            ],
            Notice::NotFound => [
                ("Nothing here", "There is no page at this address."),
                ("Rien ici", "Il n’y a pas de page à cette adresse."),
            ],
            Notice::Starting => [
                ("The session is starting", "This page goes on by itself."),
                ("La session démarre", "Cette page continuera d’elle-même."),
            ],
            Notice::NotRunning => [
                ("The session is not running", "Start it again in Atelier; your files are still there."),
                ("La session est arrêtée", "Redémarrez-la dans Atelier ; vos fichiers sont toujours là."),
            ],
            Notice::NoAnswer => [
                ("The session does not answer", "Try again in a moment. Atelier shows how it is."),
                ("La session ne répond pas", "Réessayez dans un instant. Atelier montre son état."),
            ],
            Notice::Unavailable => [
                ("Atelier does not answer", "It could not check who you are. Try again in a moment."),
                ("Atelier ne répond pas", "Votre accès n’a pas pu être vérifié. Réessayez dans un instant."),
            ],
        };
        if french { french_words } else { english }
    }
}

impl From<Error> for Notice {
    fn from(error: Error) -> Notice {
        tracing::error!(%error, status = %error.status_code(), "could not decide about a session's browser");
        Notice::Unavailable
    }
}

/// Whether French comes before English among the languages that the browser asks for.
fn prefers_french(headers: &HeaderMap) -> bool {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let known = |language: &str| {
        let language = language.trim().to_ascii_lowercase();
        ["fr", "en"].into_iter().find(|known| language.starts_with(known))
    };
    asked.split(',').find_map(known) == Some("fr")
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn speaks_the_readers_language() {
        for (asked, french) in [
            ("fr-CA,fr;q=0.9,en;q=0.8", true),
            ("de, FR;q=0.5", true),
            ("en-US,fr;q=0.5", false),
            ("de", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(asked));
            assert_eq!(prefers_french(&headers), french, "{asked}");
        }
    }
}
