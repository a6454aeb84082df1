//! The ends of lines in the heads of requests.
//!
//! A line ends with CR and LF. actix takes a bare LF for an end too, as readers may; a proxy in front may not,
//! and the two would cut a request at different places. A bare LF in a head is therefore made a character that
//! no head can have, so that the request is refused.

/// Follows the bytes of a connection through a head.
#[derive(Default)]
pub(super) struct Head {
    /// Of the line so far, without its end.
    length: usize,
    last: u8,
    /// Whether there was a line yet; empty ones before the first do not count.
    begun: bool,
    over: bool,
}

impl Head {
    /// The head after this one. Bytes may have passed unseen, even a part of it, so an empty line is taken for
    /// its end: a body must never be taken for a head.
    pub(super) fn next(&self) -> Head {
        Head { last: self.last, begun: true, ..Head::default() }
    }

    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// Goes through the next bytes, up to the end of the head.
    pub(super) fn check(&mut self, bytes: &mut [u8]) {
        for byte in bytes.iter_mut() {
            if self.over {
                break;
            }
            match *byte {
                b'\n' if self.last != b'\r' => {
                    *byte = 0;
                    self.over = true;
                }
                b'\n' => {
                    self.over = self.begun && self.length == 0;
                    self.begun |= self.length > 0;
                    self.length = 0;
                }
                b'\r' => {}
                _ => self.length += 1,
            }
            self.last = *byte;
        }
        self.last = bytes.last().copied().unwrap_or(self.last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str, piece: usize) -> (String, bool) {
        let (mut head, mut bytes) = (Head::default(), text.as_bytes().to_vec());
        bytes.chunks_mut(piece).for_each(|piece| head.check(piece));
        (String::from_utf8(bytes).unwrap(), head.is_over())
    }

    #[test]
    fn a_body_is_never_taken_for_a_head() {
        // The first bytes of the second head came unseen, while the first request was answered.
        let mut bytes = *b"\r\nbody\nbody\n";
        for seen in 0..2 {
            let mut head = Head::default();
            head.check(&mut b"GET / HTTP/1.1\r\n\r\nPOST / HTTP/1.1\r\n\r"[..35 + seen].to_vec());
            assert!(head.is_over());
            let mut head = head.next();
            head.check(&mut bytes[seen..]);
            assert!(head.is_over());
        }
        assert_eq!(&bytes, b"\r\nbody\nbody\n");
    }

    #[test]
    fn t21_a_bare_lf_in_a_head_is_made_impossible() {
        for (text, expected, over) in [
            (
                "GET / HTTP/1.1\r\nHost: x\r\n\r\nbody\nbody",
                "GET / HTTP/1.1\r\nHost: x\r\n\r\nbody\nbody",
                true,
            ),
            ("\r\n\r\nGET / HTTP/1.1\r\n\r\nbody\n", "\r\n\r\nGET / HTTP/1.1\r\n\r\nbody\n", true),
            ("GET / HTTP/1.1\nHost: x\r\n\r\n", "GET / HTTP/1.1\0Host: x\r\n\r\n", true),
            ("GET / HTTP/1.1\r\nHost: x\n\r\n", "GET / HTTP/1.1\r\nHost: x\0\r\n", true),
            ("GET / HTTP/1.1\r\nHost: x\r\n\n", "GET / HTTP/1.1\r\nHost: x\r\n\0", true),
            ("\nGET", "\0GET", true),
            ("GET / HTTP/1.1\r\nHost: x\r\n", "GET / HTTP/1.1\r\nHost: x\r\n", false),
        ] {
            for piece in [1, 3, 1000] {
                assert_eq!(checked(text, piece), (expected.to_owned(), over), "{text:?} by {piece}");
            }
        }
    }
}
