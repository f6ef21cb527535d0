//! Where moments lie on a drawing.

/// Round numbers of seconds between two marks of an axis, of each power of ten.
const ROUND: [f64; 3] = [1.0, 2.0, 5.0];

/// Maps the seconds of a run to a width.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    seconds: f64,
    width: f64,
}

impl Scale {
    pub fn new(seconds: f64, width: f64) -> Self {
        // Something that took no time at all can be drawn as well.
        Self { seconds: if seconds > 0.0 { seconds } else { 1.0 }, width }
    }

    /// Where a moment lies.
    pub fn at(&self, seconds: f64) -> f64 {
        (seconds / self.seconds).clamp(0.0, 1.0) * self.width
    }

    /// Marks at round numbers of seconds, at least so far apart.
    pub fn marks(&self, apart: f64) -> Vec<f64> {
        let least = apart / self.width * self.seconds;
        let power = 10f64.powf(least.log10().floor());
        let step = ROUND.iter().map(|round| round * power).find(|step| *step >= least);
        let step = step.unwrap_or(10.0 * power);
        let number = (self.seconds / step).floor() as u32;
        (0..=number).map(|mark| f64::from(mark) * step).collect()
    }
}

/// A duration or a moment, as people read it.
pub fn seconds(value: f64) -> String {
    if value < 9.995 { format!("{value:.2} s") } else { format!("{value:.1} s") }
}

/// The first characters of a text, if it has more than so many.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_not_crowded() {
        assert_eq!(Scale::new(100.0, 500.0).marks(60.0), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(Scale::new(0.7, 500.0).marks(100.0), [0.0, 0.2, 0.4, 0.6000000000000001]);
        for seconds in [0.0, 0.001, 3.0, 59.0, 61.0, 7200.0] {
            let scale = Scale::new(seconds, 720.0);
            let marks = scale.marks(60.0);
            let places: Vec<f64> = marks.iter().map(|mark| scale.at(*mark)).collect();
            assert!(places.windows(2).all(|pair| pair[1] - pair[0] > 59.999), "{seconds}: {places:?}");
        }
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!((cut("sshd", 4), cut("syslogd", 4)), ("sshd".to_owned(), "sys…".to_owned()));
    }
}
