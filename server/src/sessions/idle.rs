//! When a session counts as idle. Pure: what is known goes in, what to do comes out.
//!
//! Kernels, CPU, terminals and people are judged together. A silent agent proves nothing, and what computes
//! is never stopped.

use atelier_api::channel::Activity;
use atelier_api::session::AliveReason;

/// Thousandths of a CPU; an open JupyterLab with idle kernels stays well below.
const COMPUTES: i64 = 50;
/// After this long without anything the reason to be alive is no longer shown.
const RECENT_MS: i64 = 120_000;

/// What is known of a running session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signs {
    pub(super) now: i64,
    /// The latest report of its agent and the CPU since the one before, in thousandths.
    pub(super) report: Option<(Activity, Option<i64>)>,
    /// When a person last did something in it, through this server.
    pub(super) interaction_at: Option<i64>,
    /// As written down.
    pub(super) alive: AliveReason,
    pub(super) last_active_at: i64,
    /// When its owner was warned, if that still holds.
    pub(super) warned_at: Option<i64>,
}

/// The setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// 0 switches it off.
    pub(super) idle_ms: i64,
    pub(super) warning_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Nothing,
    /// Tell the owner that it will be stopped.
    Warn,
    Stop,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) alive: AliveReason,
    pub(super) last_active_at: i64,
    pub(super) action: Action,
}

impl Rule {
    pub(super) fn minutes(idle: u32, warning: u32) -> Rule {
        Rule { idle_ms: i64::from(idle) * 60_000, warning_ms: i64::from(warning) * 60_000 }
    }

    /// When an idle session is stopped; `None` while something computes or if the setting is off.
    pub(super) fn stops_at(self, alive: &AliveReason, last_active_at: i64) -> Option<i64> {
        (self.idle_ms > 0 && !computes(alive)).then_some(last_active_at + self.idle_ms)
    }
}

fn computes(alive: &AliveReason) -> bool {
    matches!(alive, AliveReason::KernelBusy { .. } | AliveReason::Computing | AliveReason::Starting)
}

pub(super) fn judge(signs: &Signs, rule: Rule) -> Verdict {
    let Some((activity, cpu_milli)) = &signs.report else {
        return Verdict {
            alive: signs.alive.clone(),
            last_active_at: signs.last_active_at,
            action: Action::Nothing,
        };
    };
    let (alive, last_active_at) =
        computing(activity, *cpu_milli).map_or_else(|| latest(signs, activity), |reason| (reason, signs.now));
    let action = match rule.stops_at(&alive, last_active_at) {
        Some(stops_at) if signs.now >= stops_at - rule.warning_ms => match signs.warned_at {
            None => Action::Warn,
            // Nobody is stopped without the whole warning, however long nothing could be heard before.
            Some(at) if signs.now >= stops_at.max(at + rule.warning_ms) => Action::Stop,
            Some(_) => Action::Nothing,
        },
        _ => Action::Nothing,
    };
    Verdict { alive, last_active_at, action }
}

fn computing(activity: &Activity, cpu_milli: Option<i64>) -> Option<AliveReason> {
    if let Some(kernel) = activity.kernels.iter().find(|kernel| kernel.busy) {
        return Some(AliveReason::KernelBusy { path: kernel.path.clone() });
    }
    // The first report after a restart of the server has no CPU figure yet: nothing is concluded.
    cpu_milli.is_none_or(|used| used >= COMPUTES).then_some(AliveReason::Computing)
}

/// The latest sign of life that is no computing, and when it was.
fn latest(signs: &Signs, activity: &Activity) -> (AliveReason, i64) {
    let terminal = activity.terminals.iter().map(|terminal| terminal.last_activity_ms).max();
    let kernel = activity.kernels.iter().map(|kernel| kernel.last_activity_ms).max();
    let people = signs.interaction_at.max(kernel);
    let mut found = (signs.alive.clone(), signs.last_active_at);
    for (reason, at) in [(AliveReason::Terminal, terminal), (AliveReason::Interaction, people)] {
        // A container's clock is the host's, but its tool decides what it answers.
        if let Some(at) = at.map(|at| at.min(signs.now)).filter(|at| *at > found.1) {
            found = (reason, at);
        }
    }
    let recent = signs.now - found.1 <= RECENT_MS && !computes(&found.0);
    if found.0 != AliveReason::Extended && !recent {
        found.0 = AliveReason::Nothing;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use atelier_api::channel::{Kernel, Terminal};

    const NOW: i64 = 100_000_000;
    const MINUTE: i64 = 60_000;
    const RULE: Rule = Rule { idle_ms: 60 * MINUTE, warning_ms: 5 * MINUTE };

    fn kernel(busy: bool, last_activity_ms: i64) -> Kernel {
        Kernel { id: "k".into(), path: Some("a.ipynb".into()), busy, last_activity_ms }
    }

    fn signs(activity: Activity, cpu: i64, minutes_ago: i64) -> Signs {
        Signs {
            now: NOW,
            report: Some((activity, Some(cpu))),
            interaction_at: None,
            alive: AliveReason::Nothing,
            last_active_at: NOW - minutes_ago * MINUTE,
            warned_at: None,
        }
    }

    fn quiet(minutes_ago: i64) -> Signs {
        signs(Activity::default(), 5, minutes_ago)
    }

    #[test]
    fn a_computing_kernel_is_never_stopped() {
        let busy = Activity { kernels: vec![kernel(false, 0), kernel(true, 0)], ..Activity::default() };
        let verdict = judge(&signs(busy, 0, 100_000), RULE);
        assert_eq!(verdict.action, Action::Nothing);
        assert_eq!(verdict.alive, AliveReason::KernelBusy { path: Some("a.ipynb".into()) });
        assert_eq!(verdict.last_active_at, NOW);
    }

    #[test]
    fn what_computes_outside_a_kernel_is_not_stopped_either() {
        let verdict = judge(&signs(Activity::default(), COMPUTES, 1_000), RULE);
        assert_eq!((verdict.alive, verdict.action), (AliveReason::Computing, Action::Nothing));
        let quiet = signs(Activity::default(), COMPUTES - 1, 1_000);
        assert_eq!(judge(&quiet, RULE).action, Action::Warn);
        assert_eq!(judge(&Signs { warned_at: Some(NOW - 5 * MINUTE), ..quiet }, RULE).action, Action::Stop);
    }

    #[test]
    fn a_warning_comes_first_and_once() {
        for (minutes, warned_minutes_ago, action) in [
            (54, None, Action::Nothing),
            (55, None, Action::Warn),
            (55, Some(0), Action::Nothing),
            (59, Some(4), Action::Nothing),
            (60, Some(5), Action::Stop),
            // Nothing was heard for hours: the whole warning comes first all the same.
            (200, None, Action::Warn),
            (200, Some(4), Action::Nothing),
            (200, Some(5), Action::Stop),
        ] {
            let warned_at = warned_minutes_ago.map(|ago: i64| NOW - ago * MINUTE);
            let verdict = judge(&Signs { warned_at, ..quiet(minutes) }, RULE);
            assert_eq!(verdict.action, action, "{minutes} {warned_minutes_ago:?}");
        }
    }

    #[test]
    fn every_sign_of_life_counts() {
        let at = NOW - 10 * MINUTE;
        let terminal = Terminal { name: "1".into(), last_activity_ms: at };
        let cases = [
            signs(Activity { terminals: vec![terminal], ..Activity::default() }, 0, 70),
            signs(Activity { kernels: vec![kernel(false, at)], ..Activity::default() }, 0, 70),
            Signs { interaction_at: Some(at), ..quiet(70) },
        ];
        for signs in cases {
            let verdict = judge(&signs, RULE);
            assert_eq!((verdict.last_active_at, verdict.action), (at, Action::Nothing), "{signs:?}");
        }
    }

    #[test]
    fn the_latest_sign_is_the_reason_while_it_is_recent() {
        let terminal = Terminal { name: "1".into(), last_activity_ms: NOW - MINUTE };
        let activity = Activity { terminals: vec![terminal], ..Activity::default() };
        let earlier = Signs { interaction_at: Some(NOW - 90_000), ..signs(activity, 0, 70) };
        assert_eq!(judge(&earlier, RULE).alive, AliveReason::Terminal);
        let later = Signs { interaction_at: Some(NOW - 1), ..earlier };
        assert_eq!(judge(&later, RULE).alive, AliveReason::Interaction);
        assert_eq!(judge(&quiet(3), RULE).alive, AliveReason::Nothing);
    }

    #[test]
    fn an_extension_is_shown_until_something_else_happens() {
        let extended = Signs { alive: AliveReason::Extended, ..quiet(30) };
        assert_eq!(judge(&extended, RULE).alive, AliveReason::Extended);
        assert_eq!(
            judge(&Signs { interaction_at: Some(NOW), ..extended }, RULE).alive,
            AliveReason::Interaction
        );
    }

    #[test]
    fn what_has_computed_is_idle_from_then_on() {
        let over = Signs { alive: AliveReason::Computing, ..quiet(1) };
        let verdict = judge(&over, RULE);
        assert_eq!((&verdict.alive, verdict.last_active_at), (&AliveReason::Nothing, NOW - MINUTE));
        assert_eq!(RULE.stops_at(&verdict.alive, verdict.last_active_at), Some(NOW + 59 * MINUTE));
        assert_eq!(RULE.stops_at(&AliveReason::Computing, NOW), None);
    }

    #[test]
    fn silence_proves_nothing() {
        let silent = Signs { report: None, ..quiet(1_000) };
        assert_eq!(judge(&silent, RULE).action, Action::Nothing);
        let first = Signs { report: Some((Activity::default(), None)), ..quiet(1_000) };
        assert_eq!(judge(&first, RULE).action, Action::Nothing);
    }

    #[test]
    fn off_is_off_and_a_clock_from_the_future_is_now() {
        let off = Rule { idle_ms: 0, ..RULE };
        assert_eq!(judge(&quiet(100_000), off).action, Action::Nothing);
        let terminal = Terminal { name: "1".into(), last_activity_ms: i64::MAX };
        let activity = Activity { terminals: vec![terminal], ..Activity::default() };
        assert_eq!(judge(&signs(activity, 0, 1), RULE).last_active_at, NOW);
    }
}
