//! Tells what a person does in a tool from what an open page does by itself.

use actix_web::http::Method;

/// Where pages write without anybody's doing: JupyterLab its layout every ten seconds, and browsers what a
/// policy forbade.
const BY_ITSELF: [&str; 2] = ["/lab/api/workspaces/", "/api/security/csp-report"];

/// Whether the request is a sign of a person. Reading is not: pages ask for their tool's state all the time.
pub(super) fn shows_in(method: &Method, path: &str) -> bool {
    !method.is_safe() && !BY_ITSELF.iter().any(|prefix| path.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_page_is_no_person() {
        for (method, path, expected) in [
            (Method::GET, "/api/kernels", false),
            (Method::HEAD, "/files/data.csv", false),
            (Method::PUT, "/lab/api/workspaces/default", false),
            (Method::POST, "/api/security/csp-report", false),
            (Method::PUT, "/api/contents/analysis.ipynb", true),
            (Method::POST, "/api/kernels/1/interrupt", true),
            (Method::DELETE, "/api/contents/old.csv", true),
        ] {
            assert_eq!(shows_in(&method, path), expected, "{method} {path}");
        }
    }
}
