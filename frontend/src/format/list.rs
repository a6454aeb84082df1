//! Words joined to a list: `a, b and c`.

use super::intl::{format, options};
use wasm_bindgen::JsValue;

pub(crate) fn and(words: &[String]) -> String {
    joined(words, "conjunction")
}

pub(crate) fn or(words: &[String]) -> String {
    joined(words, "disjunction")
}

fn joined(words: &[String], kind: &str) -> String {
    let array: js_sys::Array = words.iter().map(|word| JsValue::from_str(word)).collect();
    let options = options(&[("style", "long".into()), ("type", kind.into())]);
    format("ListFormat", &options, "format", &[array.into()]).unwrap_or_else(|| words.join(", "))
}
