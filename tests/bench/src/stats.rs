//! What several measurements say together.

/// Measurements of the same thing, in its unit.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Each less the one at the same place of `other`.
    pub fn minus(&self, other: &Samples) -> Samples {
        self.0.iter().zip(&other.0).map(|(ours, theirs)| ours - theirs).collect()
    }

    /// The value in the middle; not a number if there is none.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    pub fn least(&self) -> f64 {
        self.quantile(0.0)
    }

    pub fn most(&self) -> f64 {
        self.quantile(1.0)
    }

    /// The smallest value that this part of all does not exceed.
    pub fn quantile(&self, part: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let index = (part * sorted.len() as f64).ceil() as usize;
        sorted.get(index.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    }
}

impl FromIterator<f64> for Samples {
    fn from_iter<T: IntoIterator<Item = f64>>(values: T) -> Samples {
        Samples(values.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Samples;

    #[test]
    fn the_median_and_the_ends() {
        let samples: Samples = [5.0, 1.0, 4.0, 2.0, 3.0].into_iter().collect();
        assert_eq!((samples.least(), samples.median(), samples.most()), (1.0, 3.0, 5.0));
        let hundred: Samples = (1..=100).map(f64::from).collect();
        assert_eq!((hundred.quantile(0.99), hundred.quantile(1.0)), (99.0, 100.0));
        assert_eq!(samples.minus(&[1.0, 1.0].into_iter().collect()).most(), 4.0);
        assert!(Samples::default().median().is_nan());
    }
}
