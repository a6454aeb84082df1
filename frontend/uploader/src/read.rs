//! Files, read piece by piece: never a whole one is in memory.

use atelier_uploader::Trouble;
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// Bytes of a piece.
const PIECE: f64 = (4 << 20) as f64;

/// A file on its way.
pub(crate) struct Pieces<'a> {
    file: &'a File,
    path: &'a str,
    at: f64,
}

impl<'a> Pieces<'a> {
    pub(crate) fn of(file: &'a File, path: &'a str) -> Self {
        Pieces { file, path, at: 0.0 }
    }

    /// The next piece; nothing at the end.
    ///
    /// # Errors
    /// If the file changed or went away since it was chosen.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>, Trouble> {
        if self.at >= self.file.size() {
            return Ok(None);
        }
        let end = (self.at + PIECE).min(self.file.size());
        let unreadable = |_| Trouble::Unreadable { path: self.path.to_owned() };
        let piece = self.file.slice_with_f64_and_f64(self.at, end).map_err(unreadable)?;
        let buffer = JsFuture::from(piece.array_buffer()).await.map_err(unreadable)?;
        self.at = end;
        Ok(Some(Uint8Array::new(&buffer).to_vec()))
    }
}
