//! A page of another origin must not act with a person's cookie.
//!
//! Requests that may change something, and upgrades, must say that they come from our own page
//! (`Sec-Fetch-Site: same-origin`, which scripts cannot set). The sessions' hosts count as foreign, and so
//! does a browser too old to say anything. Who brings an access token acts with that and not with a cookie;
//! no foreign page can make a browser send one.

use crate::access::bearer;
use crate::error::Error;
use actix_web::ResponseError;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::UPGRADE;
use actix_web::middleware::Next;

/// Refuses what may change something and does not come from our own page.
pub async fn only_from_our_own_page(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let harmless = request.method().is_safe() && !request.headers().contains_key(UPGRADE);
    let same_origin =
        request.headers().get("sec-fetch-site").is_some_and(|value| value.as_bytes() == b"same-origin");
    if harmless || same_origin || bearer(request.headers()).is_some() {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let error = Error::refused("foreign-origin", "This request does not come from Atelier's own page.");
    Ok(request.into_response(error.error_response()).map_into_right_body())
}
