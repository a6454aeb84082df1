//! One decision about a permission, as every request asks for it.

use crate::row::{Goal, Row};
use crate::stats::Samples;
use atelier_api::role::{Action, Object, OrganizationRole, ProjectRole};
use atelier_policies::{CustomRole, Policy, RoleName};
use std::hint::black_box;
use std::time::Instant;

const TURNS: usize = 5;
/// Over all objects and actions, in each turn.
const ROUNDS: usize = 500;

/// # Errors
/// If the policy is not understood.
pub fn run() -> anyhow::Result<Vec<Row>> {
    let custom = CustomRole { name: "bench".to_owned(), allow: Vec::new(), deny: Vec::new() };
    let policy = Policy::builtin()?.with_custom(&[custom])?;
    let roles: [RoleName; 3] = [
        OrganizationRole::Member.into(),
        ProjectRole::DataScientist.into(),
        RoleName::Custom("bench".to_owned()),
    ];
    let turn = || -> f64 {
        let cells =
            Object::ALL.iter().flat_map(|object| Action::ALL.iter().map(move |action| (object, action)));
        let cells: Vec<_> = cells.collect();
        let decide = |(object, action): &(&Object, &Action)| {
            let begun = Instant::now();
            black_box(policy.decide(black_box(&roles), **object, **action, true));
            begun.elapsed().as_secs_f64() * 1e6
        };
        let times: Samples = (0..ROUNDS).flat_map(|_| cells.iter().map(decide)).collect();
        times.quantile(0.99)
    };
    Ok(vec![Row {
        what: "A permission decision, p99".to_owned(),
        unit: "µs",
        ours: (0..TURNS).map(|_| turn()).collect(),
        peers: Vec::new(),
        goal: Goal::AtMost(10.0),
    }])
}
