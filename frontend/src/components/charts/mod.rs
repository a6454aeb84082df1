//! Small drawings of figures, in SVG.

mod day_bars;
mod sparkline;

pub(crate) use day_bars::DayBars;
pub(crate) use sparkline::Sparkline;
