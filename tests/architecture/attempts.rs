//! An attempt changes in `src/domain/attempt` only.

use super::{
    rule::{Offence, hold},
    source::Source,
    tokens::{Kind, Token},
};

/// The machine itself, the store that keeps and reads what it made, and two that have other things of that name.
const HOME: &[&str] = &["src/domain/attempt", "src/store", "src/sandbox", "src/sandbox/acme"];

/// Sets a state, or makes an attempt out of its parts.
fn changes_an_attempt(source: &Source) -> Vec<Offence> {
    if source.is_in(HOME) {
        return Vec::new();
    }
    let sets = |row: &[Token]| match row {
        [dot, state, equals, next] => {
            dot.is(".")
                && matches!(state.text.as_str(), "state" | "reason" | "settled_at")
                && equals.is("=")
                && !next.is("=")
        }
        _ => false,
    };
    let makes = |row: &[Token]| match row {
        [before, name, brace] => {
            let literal = before.kind == Kind::Mark && !before.is(">") || before.is("return");
            literal && name.is("LinkAttempt") && brace.is("{")
        }
        _ => false,
    };
    let sets = source.tokens().windows(4).filter(|row| sets(row));
    let makes = source.tokens().windows(3).filter(|row| makes(row));
    sets.chain(makes)
        .filter_map(|row| {
            Some((
                row.first()?.line,
                "an attempt changes in src/domain/attempt only: hand it an Observation".to_owned(),
            ))
        })
        .collect()
}

/// Writes an attempt's row. When it is looked at next, and by whom, is no part of what it is.
fn writes_an_attempt(source: &Source) -> Vec<Offence> {
    let homes = ["src/store/attempts", "src/store/commit"];
    let writes = |text: &str| text.starts_with("update link_attempt") || text.starts_with("insert into link_attempt");
    // It gives an attempt that has ended a name that says nothing, and wipes what tells of its user.
    let forgets = |text: &str| text.starts_with("update link_attempt set user_id =") && !text.contains(" state =");
    let leases = |text: &str| text.starts_with("update link_attempt set look_lease =") && !text.contains("version +");
    let may = |text: &str| {
        source.is_in(&homes)
            || (source.is_in(&["src/store/looks"]) && leases(text))
            || (source.is_in(&["src/store/erased_rows"]) && forgets(text))
    };
    let found = source.texts().filter(|text| writes(&text.text) && !may(&text.text));
    found.map(|text| (text.line, "rows of attempts are written by begin and commit only".to_owned())).collect()
}

#[test]
fn an_attempt_changes_in_link_only() {
    hold(
        changes_an_attempt,
        &[
            ("src/journey/confirm.rs", "fn f(mut attempt: LinkAttempt) { attempt.state = State::Linked; }"),
            ("src/host_api/attempts.rs", "fn f() { let made = LinkAttempt { id, ..other }; }"),
        ],
        &[
            ("src/journey/confirm.rs", "fn f(a: &LinkAttempt) -> bool { a.state == State::Linked }"),
            ("src/journey/confirm.rs", "fn own(id: &str) -> LinkAttempt { find(id) }"),
            ("src/domain/attempt/observation.rs", "fn f(attempt: &mut LinkAttempt) { attempt.state = State::Linked; }"),
        ],
    );
}

#[test]
fn the_row_of_an_attempt_is_written_in_one_transaction_with_what_follows() {
    hold(
        writes_an_attempt,
        &[
            ("src/store/sessions.rs", "const END: &str = \"update link_attempt set state = 'failed'\";"),
            ("src/store/looks.rs", "const END: &str = \"update link_attempt set state = 'failed'\";"),
            (
                "src/store/erased_rows.rs",
                "const END: &str = \"update link_attempt set user_id = $1, state = 'failed'\";",
            ),
        ],
        &[
            ("src/store/commit.rs", "const UPDATE: &str = \"update link_attempt set state = $1\";"),
            ("src/store/looks.rs", "const DUE: &str = \"update link_attempt set look_lease = $2\";"),
        ],
    );
}
