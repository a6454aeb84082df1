//! Calls of the browser's `Intl`.

use crate::text::tag;
use js_sys::{Array, Function, JsString, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The options of an `Intl` formatter.
pub(crate) fn options(pairs: &[(&str, JsValue)]) -> Object {
    let options = Object::new();
    for (name, value) in pairs {
        // Setting a property of a plain object of our own cannot fail.
        let _ = Reflect::set(&options, &JsValue::from_str(name), value);
    }
    options
}

fn languages() -> Array {
    Array::of1(&JsValue::from_str(&tag()))
}

fn formatter(constructor: &str, options: &Object) -> Option<JsValue> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let constructor: Function = Reflect::get(&intl, &constructor.into()).ok()?.dyn_into().ok()?;
    Reflect::construct(&constructor, &Array::of2(&languages(), options)).ok()
}

/// `new Intl.<constructor>(language, options).<method>(…values)`; nothing if the browser refuses.
pub(crate) fn format(
    constructor: &str,
    options: &Object,
    method: &str,
    values: &[JsValue],
) -> Option<String> {
    let formatter = formatter(constructor, options)?;
    let method: Function = Reflect::get(&formatter, &method.into()).ok()?.dyn_into().ok()?;
    let values: Array = values.iter().collect();
    let text = method.apply(&formatter, &values).ok()?;
    text.dyn_into::<JsString>().ok().map(String::from)
}
