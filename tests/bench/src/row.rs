//! A row of the table: what was measured, ours and the peers', and the figure to reach.

use crate::stats::Samples;

pub struct Row {
    pub what: String,
    pub unit: &'static str,
    pub ours: Samples,
    pub peers: Vec<(&'static str, Samples)>,
    pub goal: Goal,
}

/// What the median is to be.
pub enum Goal {
    AtLeast(f64),
    AtMost(f64),
    /// So many times the named peer's median, or more.
    TimesOrMore(f64, &'static str),
    TimesOrLess(f64, &'static str),
    /// Each of them.
    All(Vec<Goal>),
    /// Shown beside the others.
    None,
}

impl Row {
    pub fn is_met(&self) -> bool {
        self.meets(&self.goal)
    }

    fn meets(&self, goal: &Goal) -> bool {
        let ours = self.ours.median();
        match goal {
            Goal::AtLeast(figure) => ours >= *figure,
            Goal::AtMost(figure) => ours <= *figure,
            Goal::TimesOrMore(times, peer) => ours >= times * self.peer(peer),
            Goal::TimesOrLess(times, peer) => ours <= times * self.peer(peer),
            Goal::All(goals) => goals.iter().all(|goal| self.meets(goal)),
            Goal::None => true,
        }
    }

    fn peer(&self, name: &str) -> f64 {
        let found = self.peers.iter().find(|(peer, _)| *peer == name);
        found.map_or(f64::NAN, |(_, samples)| samples.median())
    }

    /// As a line of a Markdown table.
    pub fn line(&self) -> String {
        let peers: Vec<String> =
            self.peers.iter().map(|(name, samples)| self.beside(name, samples)).collect();
        let peers = if peers.is_empty() { "–".to_owned() } else { peers.join("<br>") };
        let verdict = match self.goal {
            Goal::None => "–",
            _ if self.is_met() => "met",
            _ => "**missed**",
        };
        format!(
            "| {} | {} | {peers} | {} | {verdict} |",
            self.what,
            shown(&self.ours, self.unit),
            self.in_words(&self.goal)
        )
    }

    fn beside(&self, name: &str, samples: &Samples) -> String {
        let times = self.ours.median() / samples.median();
        format!("{name}: {} (×{times:.2})", shown(samples, self.unit))
    }

    fn in_words(&self, goal: &Goal) -> String {
        match goal {
            Goal::AtLeast(figure) => format!("≥ {} {}", number(*figure), self.unit),
            Goal::AtMost(figure) => format!("≤ {} {}", number(*figure), self.unit),
            Goal::TimesOrMore(times, peer) => format!("≥ {times} × {peer}"),
            Goal::TimesOrLess(times, peer) => format!("≤ {times} × {peer}"),
            Goal::All(goals) => {
                let words: Vec<String> = goals.iter().map(|goal| self.in_words(goal)).collect();
                words.join(", ")
            }
            Goal::None => "–".to_owned(),
        }
    }
}

fn shown(samples: &Samples, unit: &str) -> String {
    let [median, least, most] = [samples.median(), samples.least(), samples.most()].map(number);
    if samples.len() == 1 {
        format!("{median} {unit}")
    } else {
        format!("{median} {unit} ({least}–{most})")
    }
}

/// Three digits that count.
fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 || size == 0.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Goal, Row};

    fn row(ours: f64, goal: Goal) -> Row {
        let one = |value| std::iter::once(value).collect();
        Row { what: "a".to_owned(), unit: "/s", ours: one(ours), peers: vec![("CHP", one(100.0))], goal }
    }

    #[test]
    fn a_missed_figure_is_said_so() {
        assert!(row(300.0, Goal::TimesOrMore(3.0, "CHP")).is_met());
        assert!(!row(299.0, Goal::TimesOrMore(3.0, "CHP")).is_met());
        assert!(!row(126.0, Goal::TimesOrLess(1.25, "CHP")).is_met());
        assert!(!row(5.0, Goal::TimesOrMore(0.1, "unknown")).is_met());
        assert!(!row(f64::NAN, Goal::AtMost(1.0)).is_met());
        let both = || Goal::All(vec![Goal::AtMost(10.0), Goal::TimesOrLess(0.1, "CHP")]);
        assert!(row(10.0, both()).is_met() && !row(10.5, both()).is_met());
        let line = row(12.0, Goal::AtLeast(20.0)).line();
        assert_eq!(line, "| a | 12.0 /s | CHP: 100 /s (×0.12) | ≥ 20.0 /s | **missed** |");
    }
}
