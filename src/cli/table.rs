//! Columns of text.

/// Rows whose cells stand below each other, two spaces apart, without spaces at the ends of lines.
pub fn columns<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_below_each_other() {
        let rows = [["a", "bé", "c"], ["aaa", "", "c"], ["", "b", ""]].map(|row| row.map(str::to_owned));
        assert_eq!(columns(&rows), ["a    bé  c", "aaa      c", "     b"]);
        assert!(columns::<2>(&[]).is_empty());
    }
}
