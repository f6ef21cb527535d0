//! Finding the name a user meant.

/// The nearest of `names`, if one is near enough to be a slip of the fingers.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = match name.chars().count() {
        0..=1 => 0,
        2..=5 => 1,
        6..=8 => 2,
        _ => 3,
    };
    names
        .into_iter()
        .filter(|other| *other != name)
        .map(|other| (distance(name, other), other))
        .min()
        .filter(|(distance, _)| *distance <= limit)
        .map(|(_, other)| other)
}

/// The number of insertions, deletions, replacements and swaps of neighbours that lead from one to the other
/// (optimal string alignment distance).
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before_last[j - 2] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_near_and_other_words_are_not() {
        let names = ["host-name", "timezone", "users", "file-systems"];
        assert_eq!(nearest("hostname", names), Some("host-name"));
        assert_eq!(nearest("tiemzone", names), Some("timezone"));
        assert_eq!(nearest("file-system", names), Some("file-systems"));
        assert_eq!(nearest("kernel", names), None);
        assert_eq!(nearest("", names), None);
    }

    #[test]
    fn a_swap_counts_once() {
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
