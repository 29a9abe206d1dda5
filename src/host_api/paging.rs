//! Paging of lists.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserializer;
use uuid::Uuid;

use super::query::whole_number;

const DEFAULT_LIMIT: u16 = 20;
const MAX_LIMIT: u16 = 100;

pub(super) fn default_limit() -> u16 {
    DEFAULT_LIMIT
}

pub(super) fn limit<'de, D: Deserializer<'de>>(reader: D) -> Result<u16, D::Error> {
    whole_number(reader, &(1..=MAX_LIMIT))
}

/// The cursor of a place in a list: the numbers and the id by which the list is sorted, opaque to callers.
pub(super) fn cursor<const N: usize>(numbers: [i64; N], id: Uuid) -> String {
    let numbers = numbers.map(i64::to_be_bytes).concat();
    URL_SAFE_NO_PAD.encode([numbers.as_slice(), id.as_bytes()].concat())
}

pub(super) fn place<const N: usize>(cursor: &str) -> Result<([i64; N], Uuid), &'static str> {
    const WRONG: &str = "not a cursor";
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| WRONG)?;
    let (numbers, id) = bytes.split_at_checked(8 * N).ok_or(WRONG)?;
    let mut read = [0; N];
    read.iter_mut().zip(numbers.as_chunks::<8>().0).for_each(|(number, bytes)| *number = i64::from_be_bytes(*bytes));
    Ok((read, Uuid::from_slice(id).map_err(|_| WRONG)?))
}

/// A page, with the cursor of the next one. One item more than fits is loaded, to know whether there is a next page.
pub(super) async fn page<T, E>(
    limit: u16,
    find: impl AsyncFnOnce(u16) -> Result<Vec<T>, E>,
    next: impl FnOnce(&T) -> String,
) -> Result<(Vec<T>, Option<String>), E> {
    let mut found = find(limit + 1).await?;
    let more = found.len() > usize::from(limit);
    found.truncate(limit.into());
    let next = found.last().filter(|_| more).map(next);
    Ok((found, next))
}
