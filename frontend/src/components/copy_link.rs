//! A link that is shown once and works once.

use super::copy_field::CopyField;
use crate::format::time;
use crate::text::tr;
use atelier_api::account::OneTimeLink;
use leptos::prelude::*;

#[component]
pub(crate) fn CopyLink(link: OneTimeLink, #[prop(into)] label: String) -> impl IntoView {
    let hint = tr!(common.shown_once, until = time::moment(link.expires_at));
    view! { <CopyField label text=link.url hint /> }
}
