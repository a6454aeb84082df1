//! A condition in words.

use crate::text::tr;
use atelier_api::table::{Condition, Test};

pub(super) type Shown = Condition;

/// In the order in which they are offered.
pub(super) const TESTS: [Test; 9] = [
    Test::Equals,
    Test::Differs,
    Test::Contains,
    Test::Less,
    Test::AtMost,
    Test::More,
    Test::AtLeast,
    Test::Missing,
    Test::Present,
];

pub(super) fn test(test: Test) -> &'static str {
    match test {
        Test::Equals => tr!(tables.equals),
        Test::Differs => tr!(tables.differs),
        Test::Less => tr!(tables.less),
        Test::AtMost => tr!(tables.at_most),
        Test::More => tr!(tables.more),
        Test::AtLeast => tr!(tables.at_least),
        Test::Contains => tr!(tables.contains),
        Test::Missing => tr!(tables.missing),
        Test::Present => tr!(tables.present),
    }
}

/// `price at least 20`
pub(super) fn sentence(condition: &Condition) -> String {
    let words = format!("{} {}", condition.column, test(condition.test));
    if takes_value(condition.test) { format!("{words} {}", condition.value) } else { words }
}

pub(super) fn takes_value(test: Test) -> bool {
    !matches!(test, Test::Missing | Test::Present)
}
