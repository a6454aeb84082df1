//! The bytes of a file, as an answer: whole or a range of them.

use crate::app::App;
use crate::error::Result;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_RANGE, ETAG, EntityTag, Header, IF_RANGE,
    IfNoneMatch, IfRange, Range,
};
use actix_web::web;
use atelier_api::call::escape;
use atelier_store::{FileInfo, Store};
use futures::{StreamExt, stream};

/// Bytes of a name that a download has, at most, as file systems take it.
const NAME: usize = 255;
/// What is somebody's may be kept by the browser that asked, and is asked for again.
const CACHING: &str = "private, no-cache";

/// What a request wants of a file.
pub struct Wish {
    known: Option<IfNoneMatch>,
    range: Option<Range>,
    /// The inner one is absent if it cannot be read: then it is of nothing that there is.
    if_range: Option<Option<IfRange>>,
}

/// Which part of a file is sent.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    All,
    /// The first byte and the last.
    Some(u64, u64),
    /// None that it has.
    None,
}

impl Wish {
    pub fn of(request: &HttpRequest) -> Wish {
        Wish {
            known: IfNoneMatch::parse(request).ok(),
            range: Range::parse(request).ok(),
            if_range: request.headers().contains_key(IF_RANGE).then(|| IfRange::parse(request).ok()),
        }
    }

    fn knows(&self, tag: &EntityTag) -> bool {
        match &self.known {
            Some(IfNoneMatch::Any) => true,
            Some(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(tag)),
            None => false,
        }
    }

    /// Several ranges at once are answered with everything, as one may.
    fn part(&self, tag: &EntityTag, bytes: u64) -> Part {
        let applies = match &self.if_range {
            Some(Some(IfRange::EntityTag(of))) => of.strong_eq(tag),
            Some(Some(IfRange::Date(_)) | None) => false,
            None => true,
        };
        let Some(Range::Bytes(ranges)) = self.range.as_ref().filter(|_| applies) else { return Part::All };
        match ranges.as_slice() {
            [range] => {
                range.to_satisfiable_range(bytes).map_or(Part::None, |(from, to)| Part::Some(from, to))
            }
            _ => Part::All,
        }
    }
}

/// Sends a file under the last name of its path. It is never shown by the browser itself: whoever wrote it is not
/// to be trusted.
pub async fn content(
    app: &web::Data<App>,
    store: &Store,
    file: &FileInfo,
    path: &str,
    wish: &Wish,
) -> Result<HttpResponse> {
    let bytes = file.content.bytes();
    let tag = EntityTag::new_strong(file.content.name().to_string());
    let mut answer = HttpResponse::Ok();
    answer.insert_header((ETAG, tag.to_string())).insert_header((CACHE_CONTROL, CACHING));
    if wish.knows(&tag) {
        return Ok(answer.status(StatusCode::NOT_MODIFIED).finish());
    }
    let (from, to) = match wish.part(&tag, bytes) {
        Part::All => (0, bytes),
        Part::Some(first, last) => {
            answer.status(StatusCode::PARTIAL_CONTENT);
            answer.insert_header((CONTENT_RANGE, format!("bytes {first}-{last}/{bytes}")));
            (first, last + 1)
        }
        Part::None => {
            answer.insert_header((CONTENT_RANGE, format!("bytes */{bytes}")));
            return Ok(answer.status(StatusCode::RANGE_NOT_SATISFIABLE).finish());
        }
    };
    let mut stream = Box::pin(store.read(&file.content, from..to).await?.into_stream());
    // What is wrong from the first byte on is said, instead of an answer that breaks off.
    let first = stream.next().await.transpose()?;
    let sent = app.metrics.data.sent.clone();
    let stream = stream::iter(first.map(Ok)).chain(stream).inspect(move |piece| {
        if let Ok(piece) = piece {
            sent.inc_by(piece.len() as u64);
        }
    });
    answer.insert_header((ACCEPT_RANGES, "bytes"));
    answer.insert_header((CONTENT_DISPOSITION, attachment(path.rsplit('/').next().unwrap_or(path))));
    answer.content_type("application/octet-stream");
    Ok(answer.body(SizedStream::new(to - from, Box::pin(stream))))
}

/// The header that makes a browser keep an answer as a file of this name.
pub fn attachment(name: &str) -> String {
    let end = name.floor_char_boundary(NAME);
    format!("attachment; filename*=UTF-8''{}", escape(name.get(..end).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::fuzz;
    use crate::fuzz_targets;
    use actix_web::http::header::HeaderValue;
    use actix_web::test::TestRequest;
    use atelier_store::TreePath;
    use std::path::{Component, Path};
    use std::time::Duration;

    fuzz_targets!(fuzz_paths, long_fuzz_paths => paths);

    /// Whatever path is taken leads below the folder that it is put to, and its name breaks out of no header.
    fn paths(how_long: Duration) {
        let examples: [&[u8]; 7] = [
            b"raw/x.csv",
            b"../../etc/passwd",
            b"a/./b//c/",
            b"/etc/passwd",
            b"%2e%2e%2f..%5c",
            b"a\r\nSet-Cookie: x\0",
            "\u{202e}é/顧客 1.bin".as_bytes(),
        ];
        fuzz(how_long, &examples, |bytes, _| {
            let Ok(path) = TreePath::from_bytes(bytes) else { return };
            assert_eq!(path.as_str().as_bytes(), bytes);
            let at = Path::new("/top").join(path.as_str());
            let below = at.strip_prefix("/top").unwrap();
            assert!(below.components().all(|one| matches!(one, Component::Normal(_))), "{at:?}");
            assert_eq!(below.components().count(), path.names().count());
            let header = attachment(path.names().last().unwrap());
            assert!(header.is_ascii() && HeaderValue::from_str(&header).is_ok(), "{header}");
        });
    }

    fn wish(headers: &[(&str, &str)]) -> Wish {
        let request =
            headers.iter().fold(TestRequest::get(), |request, header| request.append_header(*header));
        Wish::of(&request.to_http_request())
    }

    #[test]
    fn ranges_are_understood_and_what_is_none_is_all() {
        let tag = EntityTag::new_strong("abc".to_owned());
        for (headers, expected) in [
            (&[][..], Part::All),
            (&[("range", "bytes=0-0")], Part::Some(0, 0)),
            (&[("range", "bytes=3-")], Part::Some(3, 9)),
            (&[("range", "bytes=-4")], Part::Some(6, 9)),
            (&[("range", "bytes=-40")], Part::Some(0, 9)),
            (&[("range", "bytes=2-99")], Part::Some(2, 9)),
            (&[("range", "bytes=10-")], Part::None),
            (&[("range", "bytes=-0")], Part::None),
            (&[("range", "bytes=1-2,4-5")], Part::All),
            (&[("range", "bytes=5-2")], Part::All),
            (&[("range", "pages=1-2")], Part::All),
            (&[("range", "bytes=1-2"), ("if-range", "\"abc\"")], Part::Some(1, 2)),
            (&[("range", "bytes=1-2"), ("if-range", "\"of another\"")], Part::All),
            (&[("range", "bytes=1-2"), ("if-range", "W/\"abc\"")], Part::All),
            (&[("range", "bytes=1-2"), ("if-range", "Sat, 29 Oct 1994 19:43:31 GMT")], Part::All),
        ] {
            assert_eq!(wish(headers).part(&tag, 10), expected, "{headers:?}");
        }
        assert_eq!(wish(&[("range", "bytes=0-")]).part(&tag, 0), Part::None);
    }

    #[test]
    fn what_is_known_is_not_sent() {
        let tag = EntityTag::new_strong("abc".to_owned());
        for known in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*"] {
            assert!(wish(&[("if-none-match", known)]).knows(&tag), "{known}");
        }
        for other in ["\"x\"", "abc", ""] {
            assert!(!wish(&[("if-none-match", other)]).knows(&tag), "{other}");
        }
    }

    #[test]
    fn no_name_breaks_out_of_its_header() {
        assert_eq!(
            attachment("a \"b\"\r\nx: y.csv"),
            "attachment; filename*=UTF-8''a%20%22b%22%0D%0Ax%3A%20y.csv"
        );
        assert_eq!(attachment(&"é".repeat(200)).matches("%C3%A9").count(), 127);
    }
}
