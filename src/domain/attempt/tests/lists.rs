//! Requirements on the first list, and when a later list counts.

use super::*;

#[test]
fn snapshot_of_many_credentials_leaves_old_ones_out() {
    let of = |count: u8, after: i64| {
        let mut listed: Vec<Listed> = (0..count).map(|number| credential(number, "slack", after)).collect();
        listed.push(credential(250, "notion", after));
        let begin = Begin { snapshot: Some(listing(listed)), ..begin(Some(7)) };
        LinkAttempt::begin(begin).snapshot.unwrap().len()
    };
    let days = |days: i64| -days * 24 * 3600;
    assert_eq!(of(200, days(3)), 200, "only of its own app");
    assert_eq!(of(201, days(3)), 1, "the connection to be replaced stays");
    assert_eq!(of(201, -60), 201, "only their age may tell that they are older");
}

#[test]
fn only_a_look_after_every_event_shows_an_attempt() {
    let at = |seconds| began() + Duration::seconds(seconds);
    let mut attempt = attempt(None);
    assert!(!attempt.is_covered_by(at(0), at(1)) && attempt.is_covered_by(at(1), at(1)));
    attempt.returned_at = Some(at(10));
    assert!(!attempt.is_covered_by(at(9), at(11)) && attempt.is_covered_by(at(11), at(11)));
    attempt.foreign_return = Some(ForeignReturn { at: at(20), awaiting_host_confirmation: false });
    assert!(!attempt.is_covered_by(at(20), at(21)) && attempt.is_covered_by(at(21), at(21)));
    assert!(!attempt.is_covered_by(at(21), attempt.deadline));
    attempt.user_answer = Some(UserAnswer::Canceled);
    assert!(!attempt.is_covered_by(at(21), at(21)));
}
