//! Where one is among folders.

use leptos::prelude::*;

/// The folders above, each with its address, and the last one itself. `root` is what the top is called.
pub(crate) fn way(root: String, path: &str, address: impl Fn(&str) -> String) -> AnyView {
    let mut steps = vec![(root, address(""))];
    let mut at = String::new();
    for name in path.split('/').filter(|name| !name.is_empty()) {
        if !at.is_empty() {
            at.push('/');
        }
        at.push_str(name);
        steps.push((name.to_owned(), address(&at)));
    }
    let last = steps.len() - 1;
    let step = move |(index, (name, address)): (usize, (String, String))| {
        if index == last {
            return view! { <b aria-current="true">{name}</b> }.into_any();
        }
        view! {
            <a class="link" href=address>
                {name}
            </a>
            <span class="faint" aria-hidden="true">"/"</span>
        }
        .into_any()
    };
    steps.into_iter().enumerate().map(step).collect_view().into_any()
}
