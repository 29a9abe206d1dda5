//! Query of the list of deliveries.

use serde::Deserialize;

use crate::{
    domain::{
        clock::{from_millis, to_millis},
        session::ExternalId,
    },
    host_api::paging,
    store::{DeliveryState, Place},
};

/// Filters of the list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// Of that user, by the host's id.
    pub(crate) user: Option<ExternalId>,
    /// Standing there.
    pub(crate) state: Option<DeliveryState>,
    /// So many at the most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    #[serde(default = "paging::default_limit", deserialize_with = "paging::limit")]
    pub(crate) limit: u16,
    /// Where an earlier page said that it goes on.
    #[param(value_type = Option<String>, pattern = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$")]
    pub(crate) cursor: Option<Cursor>,
}

/// The last delivery of a page, opaque to callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Cursor(pub(super) Place);

impl TryFrom<String> for Cursor {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let ([at, sequence], id) = paging::place(&text)?;
        Ok(Self(Place { at: from_millis(at), sequence, id }))
    }
}

pub(super) fn cursor(place: Place) -> String {
    paging::cursor([to_millis(place.at), place.sequence], place.id)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn cursor_round_trips_and_other_texts_are_refused() {
        let place = Place { at: from_millis(1_790_000_000_123), sequence: 7, id: Uuid::from_u128(0xE1) };
        assert_eq!(Cursor::try_from(cursor(place)), Ok(Cursor(place)));
        for other in ["", "7", "%", &cursor(place).replace('A', ""), &format!("{}A", cursor(place)), &"A".repeat(999)] {
            assert!(Cursor::try_from(other.to_owned()).is_err(), "{other}");
        }
    }
}
