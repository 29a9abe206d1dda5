//! The two ways in which a statement depends on the call: optional filters, and the number of rows in `values`. The files
//! hold the statement with every filter and with one row.

/// The statement without the lines that contain one of these marks.
pub(super) fn without(statement: &str, marks: &[&str]) -> String {
    statement.lines().filter(|line| !marks.iter().any(|mark| line.contains(mark))).fold(
        String::new(),
        |mut kept, line| {
            kept.push_str(line);
            kept.push('\n');
            kept
        },
    )
}

/// Rows per statement. Two sizes only, so that the statements stay prepared.
pub(super) fn batch_size(items: usize) -> usize {
    if items <= 20 { 20 } else { 500 }
}

/// The statement with its row of `values` repeated, each with placeholders of its own. `row` returns the row whose first
/// placeholder has that number, and `width` is the number of its placeholders.
pub(super) fn with_rows(
    statement: &str,
    first: usize,
    width: usize,
    rows: usize,
    row: impl Fn(usize) -> String,
) -> String {
    let all: Vec<String> = (0..rows).map(|number| row(first + width * number)).collect();
    statement.replacen(&row(first), &all.join(", "), 1)
}
