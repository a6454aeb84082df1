//! How long a container is billed for. Pure: what was seen goes in, milliseconds come out.

use super::clock::Moment;

/// What is certain of a container that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Beat {
    /// When it began to run, by Docker.
    pub(super) started_at: i64,
    /// Milliseconds that it has certainly run.
    pub(super) billed_ms: i64,
    /// When that was found out.
    pub(super) seen: Moment,
}

/// What Docker says of a container that no longer runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// Absent if it never ran.
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    /// When dockerd itself started: if that is after the container was last seen, `finished_at` is when
    /// dockerd came back, not when the container ended.
    pub daemon_started_at: Option<i64>,
}

/// The bill of a container that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bill {
    pub(super) started_at: Option<i64>,
    pub(super) ended_at: Option<i64>,
    pub(super) milliseconds: i64,
}

/// Two clocks that differ by more than this between two looks: the wall clock was stepped.
const STEP_MS: i64 = 1000;

/// A starting dockerd cleans up before it makes the network by which its start is known: ends that it writes
/// down meanwhile are not the containers'.
const RESTORE_MS: i64 = 60_000;

/// The next beat: Docker says that the container runs now, since `started_at`; by our own clock it is not there
/// since before `opened_at`.
pub(super) fn beat(last: Option<&Beat>, (started_at, opened_at): (i64, i64), now: &Moment) -> Beat {
    // What is told late adds nothing.
    if let Some(last) = last
        && last.seen.boot_id == now.boot_id
        && last.seen.boot_ms >= now.boot_ms
    {
        return last.clone();
    }
    let billed_ms = match last {
        // Seen for the first time: its own start says how long it has run.
        None => (now.wall - started_at.max(opened_at)).max(0),
        Some(last) if last.seen.boot_id == now.boot_id => last.billed_ms + now.boot_ms - last.seen.boot_ms,
        // The machine was started anew in between; of that time nothing is certain.
        Some(last) => last.billed_ms,
    };
    Beat { started_at: last.map_or(started_at, |last| last.started_at), billed_ms, seen: now.clone() }
}

/// Whether dockerd ran from the last beat on, so that it saw the container's end.
pub(super) fn daemon_stayed(last: Option<&Beat>, ending: Ending) -> bool {
    let certain_until = last.map(|last| last.seen.wall).or(ending.started_at);
    ending.daemon_started_at.zip(certain_until).is_some_and(|(daemon, certain)| daemon <= certain)
}

/// The bill: up to Docker's own end if that can be trusted, else up to the last beat.
pub(super) fn close(last: Option<&Beat>, ending: Ending, now: &Moment) -> Bill {
    let Some(started_at) = last.map(|last| last.started_at).or(ending.started_at) else {
        return Bill { started_at: None, ended_at: None, milliseconds: 0 };
    };
    let certain_until = last.map_or(started_at, |last| last.seen.wall);
    let certain_ms = last.map_or(0, |last| last.billed_ms);
    // An end long before dockerd's start was written down by the dockerd before it.
    let earlier = |end: i64| ending.daemon_started_at.is_some_and(|daemon| end + RESTORE_MS < daemon);
    // Docker's clock may be another than ours.
    let possible = |end: i64| last.is_none() || (certain_until - STEP_MS..=now.wall + STEP_MS).contains(&end);
    let believed = ending.finished_at.filter(|&end| daemon_stayed(last, ending) || earlier(end));
    let believed = believed.filter(|&end| possible(end));
    let clock_stayed = last.is_none_or(|last| {
        last.seen.boot_id == now.boot_id
            && ((now.wall - last.seen.wall) - (now.boot_ms - last.seen.boot_ms)).abs() <= STEP_MS
    });
    match believed {
        Some(finished_at) if clock_stayed => Bill {
            started_at: Some(started_at),
            ended_at: Some(finished_at.max(started_at)),
            milliseconds: (certain_ms + finished_at - certain_until).max(0),
        },
        _ => Bill {
            started_at: Some(started_at),
            ended_at: Some(started_at + certain_ms),
            milliseconds: certain_ms,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment { wall: 1_000_000 + seconds * 1000, boot_id: "one".into(), boot_ms: seconds * 1000 }
    }

    fn ended(start: i64, end: i64) -> Ending {
        Ending {
            started_at: Some(at(start).wall),
            finished_at: Some(at(end).wall),
            daemon_started_at: Some(at(-1000).wall),
        }
    }

    fn beaten(start: i64, until: i64) -> Beat {
        let first = beat(None, (at(start).wall, at(start).wall), &at(start + 1));
        beat(Some(&first), (at(start).wall, at(start).wall), &at(until))
    }

    #[test]
    fn a_watched_container_costs_its_own_time() {
        let bill = close(Some(&beaten(0, 50)), ended(0, 57), &at(60));
        assert_eq!(bill.milliseconds, 57_000);
        assert_eq!(bill.ended_at, Some(at(57).wall));
    }

    #[test]
    fn a_container_that_never_ran_costs_nothing() {
        assert_eq!(close(None, Ending::default(), &at(60)).milliseconds, 0);
    }

    #[test]
    fn a_container_that_nobody_watched_costs_what_docker_says() {
        assert_eq!(close(None, ended(0, 3600), &at(4000)).milliseconds, 3_600_000);
    }

    #[test]
    fn a_restart_of_the_server_loses_and_doubles_nothing() {
        // Beats stop at 50 s, the server is back at 500 s, the container runs on until 600 s.
        let back = beat(Some(&beaten(0, 50)), (at(0).wall, at(0).wall), &at(500));
        assert_eq!(back.billed_ms, 500_000);
        assert_eq!(close(Some(&back), ended(0, 600), &at(610)).milliseconds, 600_000);
    }

    #[test]
    fn an_outage_of_docker_is_not_billed() {
        let ending = Ending { daemon_started_at: Some(at(500).wall), ..ended(0, 500) };
        assert_eq!(close(Some(&beaten(0, 50)), ending, &at(510)).milliseconds, 50_000);
        assert_eq!(close(None, ending, &at(510)).milliseconds, 0);
    }

    #[test]
    fn an_end_long_before_dockers_start_is_its_own() {
        let at = |daemon| Ending { daemon_started_at: Some(at(daemon).wall), ..ended(0, 70) };
        assert_eq!(close(Some(&beaten(0, 50)), at(500), &super::tests::at(510)).milliseconds, 70_000);
        assert_eq!(close(Some(&beaten(0, 50)), at(80), &super::tests::at(90)).milliseconds, 50_000);
    }

    #[test]
    fn what_is_told_late_adds_nothing() {
        let watched = beaten(0, 50);
        assert_eq!(beat(Some(&watched), (at(0).wall, at(0).wall), &at(45)), watched);
        assert_eq!(beat(Some(&watched), (at(0).wall, at(0).wall), &at(55)).billed_ms, 55_000);
    }

    #[test]
    fn a_stepped_clock_changes_nothing() {
        let mut later = at(60);
        later.wall += 3_600_000;
        let on = beat(Some(&beaten(0, 50)), (at(0).wall, at(0).wall), &later);
        assert_eq!(on.billed_ms, 60_000);
        let ending = Ending { finished_at: Some(later.wall), ..ended(0, 0) };
        assert_eq!(close(Some(&beaten(0, 50)), ending, &later).milliseconds, 50_000);
    }

    #[test]
    fn a_clock_of_dockers_own_bills_no_more_than_ours() {
        // Docker is a day behind.
        let day = 24 * 3_600_000;
        let first = beat(None, (at(0).wall - day, at(0).wall), &at(2));
        assert_eq!(first.billed_ms, 2_000);
        let ending = Ending {
            started_at: Some(at(0).wall - day),
            finished_at: Some(at(4).wall - day),
            daemon_started_at: Some(at(-1000).wall - day),
        };
        let bill = close(Some(&beat(Some(&first), (at(0).wall, at(0).wall), &at(4))), ending, &at(5));
        assert_eq!((bill.milliseconds, bill.ended_at), (4_000, Some(at(4).wall - day)));
    }

    #[test]
    fn a_reboot_is_not_billed() {
        let reborn = Moment { boot_id: "two".into(), ..at(900) };
        assert_eq!(beat(Some(&beaten(0, 50)), (at(0).wall, at(0).wall), &reborn).billed_ms, 50_000);
        assert_eq!(close(Some(&beaten(0, 50)), ended(0, 900), &reborn).milliseconds, 50_000);
    }
}
