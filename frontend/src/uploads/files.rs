//! Files that a person chose, and where the browser finds them again. See `js/files.js`.

use js_sys::Array;
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::*;
use web_sys::{DataTransfer, File, HtmlInputElement, Worker};

#[wasm_bindgen(module = "/js/files.js")]
extern "C" {
    type Found;
    #[wasm_bindgen(method, getter)]
    fn paths(this: &Found) -> Vec<String>;
    #[wasm_bindgen(method, getter)]
    fn files(this: &Found) -> Array;
    #[wasm_bindgen(method, getter)]
    fn handles(this: &Found) -> Array;

    type Kept;
    #[wasm_bindgen(method, getter)]
    fn text(this: &Kept) -> String;
    #[wasm_bindgen(method, getter)]
    fn handles(this: &Kept) -> bool;

    #[wasm_bindgen(catch, js_name = dropped)]
    async fn js_dropped(transfer: &DataTransfer) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = chosen)]
    fn js_chosen(field: &HtmlInputElement) -> Found;
    #[wasm_bindgen(catch, js_name = again)]
    async fn js_again(id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = keep)]
    async fn js_keep(id: &str, handles: &Array, text: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = kept)]
    async fn js_kept(id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = forget)]
    async fn js_forget(id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) fn worker() -> Result<Worker, JsValue>;
}

/// Files with the places that they have among each other: `folder/file`.
#[derive(Clone)]
pub(crate) struct Picked {
    pub(crate) paths: Vec<String>,
    pub(crate) bytes: u64,
    pub(super) files: SendWrapper<Array>,
    handles: SendWrapper<Array>,
}

impl Picked {
    fn of(found: &Found) -> Picked {
        let files = found.files();
        let size = |file: JsValue| file.unchecked_into::<File>().size() as u64;
        Picked {
            paths: found.paths(),
            bytes: files.iter().map(size).sum(),
            files: SendWrapper::new(files),
            handles: SendWrapper::new(found.handles()),
        }
    }

    /// What a field for files holds.
    pub(crate) fn chosen(field: &HtmlInputElement) -> Picked {
        Picked::of(&js_chosen(field))
    }

    /// What was dropped; nothing if a folder cannot be read.
    pub(crate) async fn dropped(transfer: &DataTransfer) -> Option<Picked> {
        let found = js_dropped(transfer).await.ok()?;
        Some(Picked::of(found.unchecked_ref()))
    }

    /// The files of an upload that was interrupted, if the browser knows them and the person allows it.
    pub(crate) async fn again(upload: &str) -> Option<Picked> {
        let found = js_again(upload).await.ok().filter(|found| found.is_object())?;
        Some(Picked::of(found.unchecked_ref()))
    }

    /// Remembers where the files are, and a text beside, for after the page was loaded anew. A browser that
    /// refuses to remember has the person choose them again.
    pub(super) async fn keep(&self, upload: &str, text: &str) {
        let _ = js_keep(upload, &self.handles, text).await;
    }
}

/// What the browser remembers of an upload: the text beside, and whether it finds the files again.
pub(super) async fn kept(upload: &str) -> Option<(String, bool)> {
    let kept = js_kept(upload).await.ok().filter(|kept| kept.is_object())?;
    let kept: &Kept = kept.unchecked_ref();
    Some((kept.text(), kept.handles()))
}

/// Forgets an upload that has ended.
pub(super) async fn forget(upload: &str) {
    // What is left is a few bytes that nobody asks for.
    let _ = js_forget(upload).await;
}
