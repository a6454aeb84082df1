//! How a model, or its first version, comes to be: from a notebook.

use crate::components::Empty;
use crate::contexts::dataset::Ds;
use crate::text::tr;
use leptos::prelude::*;

#[component]
pub(crate) fn FirstModel(title: &'static str) -> impl IntoView {
    let name = use_context::<Ds>().map_or_else(|| "churn".to_owned(), Ds::slug);
    let lines = format!(
        "import atelier\nmodel = atelier.model(\"{name}\")\nmodel.save(classifier, metrics={{\"auc\": 0.93}})"
    );
    view! {
        <Empty title text=tr!(models.none_text)>
            <pre class="snippet" tabindex="0" aria-label=tr!(models.lines)>
                {lines}
            </pre>
        </Empty>
    }
}
