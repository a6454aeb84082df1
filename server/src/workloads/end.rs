//! Why a container ended, in words and with what to do. Pure.

use super::wanted::Goal;
use atelier_api::channel::EXIT_NO_BOOTSTRAP;
use atelier_api::session::{EndCause, Failure, SessionState};
use atelier_sandbox::{Seen, State};

/// How a workload ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    pub state: SessionState,
    pub cause: EndCause,
    pub failure: Option<Failure>,
    /// Milliseconds UTC.
    pub at: i64,
}

/// What is known of a container that ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Why it was asked to end, if it was.
    pub asked: Option<EndCause>,
    /// A failure written down before, such as a tool that never answered.
    pub noted: Option<Failure>,
    /// Whether the tool had answered.
    pub ready: bool,
    /// Memory ran out shortly before the end.
    pub out_of_memory: bool,
    /// The size of memory that it had.
    pub memory_bytes: i64,
    /// Name and memory of the tier that would fit.
    pub fitting_tier: Option<(String, i64)>,
    /// The last line that it wrote.
    pub last_line: Option<String>,
    /// Docker itself was started after the container: it ended because Docker or the host went away.
    pub daemon_restarted: bool,
    pub now: i64,
}

const KILLED: i64 = 137;

/// The verdict on a container that is no longer running.
pub fn judge(container: &Seen, facts: &Facts) -> End {
    let at = container.finished_at_ms.filter(|_| !facts.daemon_restarted).unwrap_or(facts.now);
    let end = |state, cause, failure| End { state, cause, failure, at };
    if let Some(cause) = facts.asked {
        let state = if facts.noted.is_some() { SessionState::Failed } else { SessionState::Stopped };
        return end(state, cause, facts.noted.clone());
    }
    if let Some(error) = &container.error {
        let failed = refused(error);
        return end(SessionState::Failed, EndCause::StartFailed, Some(failed));
    }
    let (code, oom_killed) = match container.state {
        State::Exited { code, oom_killed } => (code, oom_killed),
        _ => return end(SessionState::Failed, EndCause::Lost, Some(lost())),
    };
    if code == KILLED && (oom_killed || facts.out_of_memory) {
        return end(SessionState::Failed, EndCause::OutOfMemory, Some(out_of_memory(facts)));
    }
    if facts.daemon_restarted {
        return end(SessionState::Failed, EndCause::Lost, Some(lost()));
    }
    if code == 0 && facts.ready {
        return end(SessionState::Stopped, EndCause::Exited, None);
    }
    if code == EXIT_NO_BOOTSTRAP && !facts.ready {
        return end(SessionState::Failed, EndCause::StartFailed, Some(cut_off()));
    }
    let cause = if facts.ready { EndCause::Exited } else { EndCause::StartFailed };
    end(SessionState::Failed, cause, Some(exited(code, facts.last_line.as_deref())))
}

/// The end of a workload whose container is not there any more.
pub fn without_container(goal: Goal, asked: Option<EndCause>, noted: Option<Failure>, now: i64) -> End {
    match goal {
        Goal::Running => {
            End { state: SessionState::Failed, cause: EndCause::Lost, failure: Some(lost()), at: now }
        }
        Goal::Stopped | Goal::Deleted => End {
            state: if noted.is_some() { SessionState::Failed } else { SessionState::Stopped },
            cause: asked.unwrap_or(EndCause::User),
            failure: noted,
            at: now,
        },
    }
}

pub fn failure(code: &str, detail: impl Into<String>) -> Failure {
    Failure { code: code.to_owned(), detail: detail.into() }
}

/// Docker's own words, for whoever looks after the host.
pub fn refused(cause: &str) -> Failure {
    let detail = format!(
        "Docker refused to start the container: {}. Try again; if it stays, show this to an administrator.",
        cause.trim().trim_end_matches('.')
    );
    failure("docker-refused", detail)
}

/// The tool was waited for in vain.
pub fn silent(seconds: i64) -> Failure {
    let detail = format!(
        "The tool did not answer within {seconds} seconds. The log says what it did; a larger tier helps if \
         it was only slow."
    );
    failure("tool-silent", detail)
}

fn lost() -> Failure {
    let detail = "The container is gone: Docker or its host was restarted, or somebody removed it. The \
                  files in /work and in the home folder are still there. Start it again.";
    failure("container-lost", detail)
}

/// The server ended in the middle of each attempt.
fn cut_off() -> Failure {
    let detail = "The start was cut off again and again, because the server was restarted. Start it again.";
    failure("start-cut-off", detail)
}

fn exited(code: i64, last_line: Option<&str>) -> Failure {
    let said = last_line.map_or_else(String::new, |line| format!(" Its last words: \"{}\".", line.trim()));
    failure("tool-exited", format!("The tool ended by itself with code {code}.{said} The log says more."))
}

fn out_of_memory(facts: &Facts) -> Failure {
    let had = gib(facts.memory_bytes);
    let advice = match &facts.fitting_tier {
        Some((name, memory)) => format!("Start it again as {name}, which has {}.", gib(*memory)),
        None => {
            "No tier that you may start here has more: load less at once, or ask an administrator.".to_owned()
        }
    };
    failure("out-of-memory", format!("It needed more than the {had} of memory that it had. {advice}"))
}

fn gib(bytes: i64) -> String {
    let tenths = (bytes.saturating_mul(10) + (1 << 29)) >> 30;
    match tenths % 10 {
        0 => format!("{} GiB", tenths / 10),
        rest => format!("{}.{rest} GiB", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use atelier_sandbox::ImageId;

    fn container(state: State) -> Seen {
        Seen {
            name: "atelier-w-1".into(),
            id: "1".into(),
            identity: None,
            image: ImageId("sha256:1".into()),
            state,
            started_at_ms: Some(1_000),
            finished_at_ms: Some(5_000),
            error: None,
        }
    }

    fn exit(code: i64, oom_killed: bool) -> Seen {
        container(State::Exited { code, oom_killed })
    }

    fn facts() -> Facts {
        Facts { ready: true, now: 6_000, memory_bytes: 1 << 30, ..Facts::default() }
    }

    fn verdict(container: &Seen, facts: &Facts) -> (SessionState, EndCause, Option<String>) {
        let end = judge(container, facts);
        (end.state, end.cause, end.failure.map(|failure| failure.code))
    }

    #[test]
    fn every_way_to_end() {
        use EndCause::*;
        use SessionState::{Failed, Stopped};
        let starting = Facts { ready: false, ..facts() };
        let restarted = Facts { daemon_restarted: true, ..facts() };
        let reported = Facts { out_of_memory: true, ..facts() };
        let refused = Seen { error: Some("no such runtime".into()), ..exit(128, false) };
        #[rustfmt::skip]
        let table = [
            (exit(0, false), facts(), Stopped, Exited, None),
            (exit(3, false), facts(), Failed, Exited, Some("tool-exited")),
            (exit(0, false), starting.clone(), Failed, StartFailed, Some("tool-exited")),
            (exit(127, false), starting.clone(), Failed, StartFailed, Some("tool-exited")),
            (exit(EXIT_NO_BOOTSTRAP, false), starting.clone(), Failed, StartFailed, Some("start-cut-off")),
            (exit(EXIT_NO_BOOTSTRAP, false), facts(), Failed, Exited, Some("tool-exited")),
            (exit(137, true), facts(), Failed, OutOfMemory, Some("out-of-memory")),
            (exit(137, false), reported.clone(), Failed, OutOfMemory, Some("out-of-memory")),
            (exit(137, false), facts(), Failed, Exited, Some("tool-exited")),
            // Something was killed for memory earlier, but that is not how it ended.
            (exit(0, true), reported, Stopped, Exited, None),
            (exit(0, false), restarted.clone(), Failed, Lost, Some("container-lost")),
            (exit(137, false), restarted, Failed, Lost, Some("container-lost")),
            (container(State::Dead), facts(), Failed, Lost, Some("container-lost")),
            (refused, starting, Failed, StartFailed, Some("docker-refused")),
        ];
        for (seen, facts, state, cause, code) in table {
            assert_eq!(verdict(&seen, &facts), (state, cause, code.map(str::to_owned)), "{seen:?} {facts:?}");
        }
    }

    #[test]
    fn what_was_asked_for_is_the_cause_however_it_ended() {
        for cause in EndCause::ALL {
            let asked = Facts { asked: Some(*cause), ..facts() };
            for seen in [exit(0, false), exit(143, false), exit(137, true), container(State::Dead)] {
                assert_eq!(verdict(&seen, &asked), (SessionState::Stopped, *cause, None));
            }
        }
        let silent = Facts { noted: Some(silent(120)), asked: Some(EndCause::StartFailed), ..facts() };
        let expected = (SessionState::Failed, EndCause::StartFailed, Some("tool-silent".to_owned()));
        assert_eq!(verdict(&exit(143, false), &silent), expected);
    }

    #[test]
    fn the_end_is_dockers_own_unless_docker_was_away() {
        assert_eq!(judge(&exit(0, false), &facts()).at, 5_000);
        assert_eq!(judge(&exit(0, false), &Facts { daemon_restarted: true, ..facts() }).at, 6_000);
    }

    #[test]
    fn the_fitting_tier_is_named() {
        let fitting = Facts { fitting_tier: Some(("Small".into(), 4 << 30)), ..facts() };
        let detail = judge(&exit(137, true), &fitting).failure.unwrap().detail;
        assert!(detail.contains("the 1 GiB of memory"), "{detail}");
        assert!(detail.contains("as Small, which has 4 GiB"), "{detail}");
        assert!(judge(&exit(137, true), &facts()).failure.unwrap().detail.contains("No tier"));
    }
}
