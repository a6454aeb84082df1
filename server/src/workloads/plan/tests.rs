use super::*;
use atelier_sandbox::{Identity, ImageId};

const NOW: i64 = 1_000_000_000;

fn container(workload: &str, generation: i64, state: State) -> Seen {
    let identity = Identity {
        installation: "here".into(),
        workload: workload.into(),
        generation,
        kind: "session".into(),
    };
    Seen {
        name: identity.container_name(),
        id: format!("docker-{generation}"),
        identity: Some(identity),
        image: ImageId("sha256:1".into()),
        state,
        started_at_ms: None,
        finished_at_ms: None,
        error: None,
    }
}

/// The second start of a workload that is wanted and written down as given.
fn workload(goal: Goal, state: SessionState) -> Wanted {
    let started = !matches!(state, SessionState::Starting);
    Wanted {
        id: "w".into(),
        project_id: "p".into(),
        generation: 2,
        goal,
        state,
        started,
        tool_since: None,
        ready: started,
        ended_at: matches!(state, SessionState::Stopped | SessionState::Failed).then_some(NOW - 1_000),
    }
}

#[test]
fn an_ended_container_is_kept_for_a_while_and_no_longer() {
    let ended = container("w", 2, exited(0));
    let mut workload = workload(Goal::Stopped, SessionState::Stopped);
    assert_eq!(step(&workload, std::slice::from_ref(&ended)), None);
    for end in [Some(NOW - KEPT_MS), Some(NOW + 2 * KEPT_MS), None] {
        workload.ended_at = end;
        let planned = step(&workload, std::slice::from_ref(&ended));
        assert_eq!(planned, Some(Step::Remove(Box::new(ended.clone()))), "{end:?}");
    }
}

fn step(workload: &Wanted, containers: &[Seen]) -> Option<Step> {
    let planned = plan(std::slice::from_ref(workload), containers, NOW);
    assert!(planned.len() <= 1, "one step at a time: {planned:?}");
    planned.into_iter().next().map(|planned| {
        assert_eq!(planned.key, "w");
        planned.step
    })
}

fn exited(code: i64) -> State {
    State::Exited { code, oom_killed: false }
}

fn unknown() -> State {
    State::Unknown { cause: "too slow".into() }
}

/// Every state of the current container, and none.
fn states() -> Vec<Option<State>> {
    vec![
        None,
        Some(State::Created),
        Some(State::Running),
        Some(State::Paused),
        Some(exited(0)),
        Some(exited(1)),
        Some(exited(EXIT_NO_BOOTSTRAP)),
        Some(State::Exited { code: 137, oom_killed: true }),
        Some(State::Dead),
        Some(unknown()),
    ]
}

/// What [`step`] gives for each of [`states`], by the step's name.
fn answers(workload: &Wanted) -> Vec<&'static str> {
    let name = |state: Option<State>| {
        let containers: Vec<Seen> = state.into_iter().map(|state| container("w", 2, state)).collect();
        match step(workload, &containers) {
            None => "-",
            Some(Step::Start) => "start",
            Some(Step::NoteRunning(_)) => "running",
            Some(Step::NoteUnknown) => "unknown",
            Some(Step::GiveUp) => "give up",
            Some(Step::Stop(_)) => "stop",
            Some(Step::Collect(_)) => "collect",
            Some(Step::StartOver(_)) => "start over",
            Some(Step::NoteLost) => "lost",
            Some(Step::NoteEnded) => "ended",
            Some(Step::Remove(_)) => "remove",
        }
    };
    states().into_iter().map(name).collect()
}

#[test]
fn every_goal_state_and_container() {
    use SessionState::*;
    #[rustfmt::skip]
    let table: &[(Goal, SessionState, [&str; 10])] = &[
        // absent, created, running, paused, exit 0, exit 1, exit 64, out of memory, dead, unknown
        (Goal::Running, Starting, ["start", "start", "running", "running", "collect", "collect", "start over", "collect", "collect", "unknown"]),
        (Goal::Running, Running,  ["lost",  "start", "-",       "-",       "collect", "collect", "collect",    "collect", "collect", "unknown"]),
        (Goal::Running, Unknown,  ["lost",  "start", "running", "running", "collect", "collect", "collect",    "collect", "collect", "-"]),
        (Goal::Stopped, Starting, ["ended", "remove", "stop",   "stop",    "collect", "collect", "collect",    "collect", "collect", "unknown"]),
        (Goal::Stopped, Running,  ["ended", "remove", "stop",   "stop",    "collect", "collect", "collect",    "collect", "collect", "unknown"]),
        (Goal::Stopped, Stopping, ["ended", "remove", "stop",   "stop",    "collect", "collect", "collect",    "collect", "collect", "unknown"]),
        (Goal::Stopped, Unknown,  ["ended", "remove", "stop",   "stop",    "collect", "collect", "collect",    "collect", "collect", "-"]),
        (Goal::Stopped, Stopped,  ["-",     "remove", "stop",   "stop",    "-",       "-",       "-",          "-",       "-",       "-"]),
        (Goal::Stopped, Failed,   ["-",     "remove", "stop",   "stop",    "-",       "-",       "-",          "-",       "-",       "-"]),
        (Goal::Deleted, Stopping, ["ended", "remove", "stop",   "stop",    "remove",  "remove",  "remove",     "remove",  "remove",  "unknown"]),
        (Goal::Deleted, Stopped,  ["-",     "remove", "stop",   "stop",    "remove",  "remove",  "remove",     "remove",  "remove",  "-"]),
        (Goal::Deleted, Failed,   ["-",     "remove", "stop",   "stop",    "remove",  "remove",  "remove",     "remove",  "remove",  "-"]),
    ];
    for (goal, state, expected) in table {
        assert_eq!(answers(&workload(*goal, *state)), expected, "{goal:?} {state:?}");
    }
}

#[test]
fn a_container_that_ran_is_not_started_again() {
    let mut starting = workload(Goal::Running, SessionState::Starting);
    assert_eq!(step(&starting, &[]), Some(Step::Start));
    starting.started = true;
    assert_eq!(step(&starting, &[]), Some(Step::NoteLost));
}

#[test]
fn a_silent_tool_is_given_up_after_its_time_but_not_while_paused() {
    let mut starting = workload(Goal::Running, SessionState::Starting);
    starting.started = true;
    starting.tool_since = Some(NOW - TOOL_PATIENCE_MS);
    let running = container("w", 2, State::Running);
    assert_eq!(step(&starting, std::slice::from_ref(&running)), None);
    starting.tool_since = Some(NOW - TOOL_PATIENCE_MS - 1);
    assert_eq!(step(&starting, &[running]), Some(Step::GiveUp));
    assert_eq!(step(&starting, &[container("w", 2, State::Paused)]), None);
}

#[test]
fn another_generation_goes_first() {
    let starting = workload(Goal::Running, SessionState::Starting);
    for (state, stops) in [
        (State::Running, true),
        (State::Paused, true),
        (State::Created, false),
        (exited(0), false),
        (State::Dead, false),
    ] {
        for generation in [1, 3] {
            let other = container("w", generation, state.clone());
            let expected = match stops {
                true => Step::Stop(Box::new(other.clone())),
                false => Step::Remove(Box::new(other.clone())),
            };
            assert_eq!(step(&starting, std::slice::from_ref(&other)), Some(expected.clone()));
            let both = [container("w", 2, State::Running), other];
            assert_eq!(step(&starting, &both), Some(expected));
        }
    }
}

#[test]
fn while_an_older_container_is_unknown_nothing_new_comes() {
    let starting = workload(Goal::Running, SessionState::Starting);
    assert_eq!(step(&starting, &[container("w", 1, unknown())]), Some(Step::NoteUnknown));
    let noted = workload(Goal::Running, SessionState::Unknown);
    assert_eq!(step(&noted, &[container("w", 1, unknown())]), None);
}

#[test]
fn nobodys_containers_are_put_away_unless_nothing_is_known_of_them() {
    let mut unlabelled = container("x", 1, exited(0));
    unlabelled.identity = None;
    let running = container("x", 4, State::Running);
    let planned = plan(&[], &[unlabelled.clone(), running.clone(), container("y", 1, unknown())], NOW);
    let expected = [
        Planned { key: unlabelled.name.clone(), step: Step::Remove(Box::new(unlabelled)) },
        Planned { key: running.name.clone(), step: Step::Stop(Box::new(running)) },
    ];
    assert_eq!(planned, expected);
}

#[test]
fn workloads_do_not_touch_each_other() {
    let one = workload(Goal::Running, SessionState::Starting);
    let other = Wanted { id: "v".into(), ..workload(Goal::Stopped, SessionState::Stopping) };
    let planned = plan(&[one, other], &[container("v", 2, State::Running)], NOW);
    let keys: Vec<_> = planned.iter().map(|p| (p.key.as_str(), matches!(p.step, Step::Start))).collect();
    assert_eq!(keys, [("w", true), ("v", false)]);
}
