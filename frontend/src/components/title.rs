//! The title of the browser's tab.

use crate::contexts::organization::Org;
use leptos::prelude::*;

/// `What · Acme · Atelier`
pub(crate) fn title(what: impl Fn() -> String + 'static) {
    let org = use_context::<Org>();
    Effect::new(move |_| {
        let mut parts = vec![what()];
        parts.extend(org.map(Org::name));
        parts.push("Atelier".to_owned());
        document().set_title(&parts.join(" · "));
    });
}
