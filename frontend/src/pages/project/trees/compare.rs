//! Two versions beside each other: all files, or what differs in one.

use super::changes::FileChanges;
use super::context::{Tree, call};
use crate::pages::project::versions::{Compare as TwoVersions, Two};
use crate::text::tr;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub(crate) fn Compare() -> impl IntoView {
    let tree = Tree::expect();
    crate::components::title(|| tr!(data.changes).to_owned());
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let query = query.read();
        let number = |key: &str| query.get(key).and_then(|word| word.parse::<i64>().ok());
        Some((query.get("path").filter(|path| !path.is_empty())?, number("from")?, number("to")?))
    });
    let changes = Callback::new(move |((older, newer), cursor): (Two, Option<String>)| {
        call!(tree, changes(&newer.to_string(), &older.to_string(), cursor.as_deref()))
    });
    let link =
        Callback::new(move |((older, newer), path): (Two, String)| tree.changes_at(&path, older, newer));
    move || match asked.get() {
        Some((path, older, newer)) => view! { <FileChanges path older newer /> }.into_any(),
        None => {
            view! { <TwoVersions versions=Signal::derive(move || tree.versions()) changes link /> }.into_any()
        }
    }
}
