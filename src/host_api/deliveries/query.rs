//! What may stand behind the question mark of the list.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::{
    clock::{from_millis, to_millis},
    session::ExternalId,
    store::{DeliveryState, Place, Which},
};

use super::ApiProblem;

/// How many there are on a page, unless it is said.
const USUAL: u16 = 20;
/// How many there are at the most.
const MOST: u16 = 100;

/// Which deliveries are wanted, and how many of them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) which: Which,
    pub(super) limit: u16,
}

impl Wanted {
    /// Reads a query. What is unknown, given twice or of another form is refused by its name.
    pub(super) fn parse(query: &str) -> Result<Self, ApiProblem> {
        let mut wanted = Self { which: Which::default(), limit: USUAL };
        let mut seen = Vec::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if seen.contains(&name) {
                return Err(ApiProblem::field(name, "Give it once."));
            }
            match name.as_ref() {
                "limit" => wanted.limit = limit(&value)?,
                "cursor" => wanted.which.before = Some(place(&value)?),
                "state" => wanted.which = Which { state: Some(state(&value)?), ..wanted.which },
                "user" => wanted.which.user = Some(user(&value)?),
                _ => return Err(ApiProblem::field(name, "One of limit, cursor, state and user.")),
            }
            seen.push(name);
        }
        Ok(wanted)
    }
}

fn limit(text: &str) -> Result<u16, ApiProblem> {
    let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
    limit.ok_or_else(|| ApiProblem::field("limit", format!("A number from 1 to {MOST}.")))
}

fn state(text: &str) -> Result<DeliveryState, ApiProblem> {
    match text {
        "waiting" => Ok(DeliveryState::Waiting),
        "delivered" => Ok(DeliveryState::Delivered),
        "dead" => Ok(DeliveryState::Dead),
        _ => Err(ApiProblem::field("state", "One of waiting, delivered and dead.")),
    }
}

fn user(text: &str) -> Result<ExternalId, ApiProblem> {
    ExternalId::parse(text).map_err(|_| ApiProblem::field("user", "Your own id of a user."))
}

fn place(text: &str) -> Result<Place, ApiProblem> {
    read(text).ok_or_else(|| ApiProblem::field("cursor", "The \"next\" of the page before."))
}

/// How the list goes on after that event: a text that says nothing to others.
pub(super) fn cursor(place: Place) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}.{}.{}", to_millis(place.at), place.sequence, place.id))
}

fn read(cursor: &str) -> Option<Place> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let [at, sequence, id] = text.splitn(3, '.').collect::<Vec<_>>().try_into().ok()?;
    Some(Place { at: from_millis(at.parse().ok()?), sequence: sequence.parse().ok()?, id: Uuid::parse_str(id).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place_and_nothing_else_is_one() {
        let place = Place { at: from_millis(1_790_000_000_123), sequence: 7, id: Uuid::from_u128(0xE1) };
        assert_eq!(read(&cursor(place)), Some(place));
        for other in
            ["", "7", "%", &URL_SAFE_NO_PAD.encode("1.2"), &URL_SAFE_NO_PAD.encode("1.2.3.4"), &"A".repeat(999)]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn what_may_be_asked_is_read_and_all_else_is_named() {
        let which = |query: &str| Wanted::parse(query).unwrap();
        assert_eq!(which(""), Wanted { which: Which::default(), limit: 20 });
        let all = which("limit=100&state=dead&user=a%20b");
        assert_eq!((all.limit, all.which.state), (100, Some(DeliveryState::Dead)));
        assert_eq!(all.which.user, ExternalId::parse("a b").ok());
        for (query, named) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=1&limit=1", "limit"),
            ("state=lost", "state"),
            ("user=", "user"),
            ("cursor=x", "cursor"),
            ("page=2", "page"),
        ] {
            let refused = Wanted::parse(query).unwrap_err().to_string();
            assert!(refused.contains(&format!(" {named}: ")), "{query}: {refused}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_query_breaks_it(query in "\\PC{0,80}") {
            let _ = Wanted::parse(&query);
        }
    }
}
