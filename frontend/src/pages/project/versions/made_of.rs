//! What made a version.

use crate::contexts::organization::Org;
use crate::format::list;
use crate::text::tr;
use atelier_api::provenance::Provenance;

/// `made of customers v3 and prices v1 · with the files of v12 · in the environment python-data-science · for $0.02`
pub(crate) fn made_of(org: Org, provenance: &Provenance) -> Option<String> {
    let inputs: Vec<String> =
        provenance.datasets.iter().map(|input| format!("{} v{}", input.dataset, input.number)).collect();
    let of = (!inputs.is_empty()).then(|| tr!(models.made_of, datasets = list::and(&inputs)));
    let by = provenance.files.map(|number| tr!(models.made_by_files, number = number));
    let within = provenance.environment.clone().map(|name| tr!(models.made_in, environment = name));
    let cost = provenance.cost.map(|cost| tr!(models.made_for, cost = org.money(cost)));
    let parts: Vec<String> = of.into_iter().chain(by).chain(within).chain(cost).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}
