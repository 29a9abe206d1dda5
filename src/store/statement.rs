//! Optional filters and row counts of statements. The files hold each statement with every filter and one row.

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

/// Repeats the row of `values`, each with its own placeholders. `row` returns the row whose first placeholder has that
/// number, and `width` is its number of placeholders.
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
