//! Lists by the page: how many at once, and whether there are more.

use serde::Deserializer;

use super::query::whole_number;

/// So many a page, where the caller does not say.
const USUAL: u16 = 20;
/// Each comes with all that happened to it, so a page has an end.
const MOST: u16 = 100;

/// For a `limit` that is not given.
pub(super) fn usual() -> u16 {
    USUAL
}

/// Reads a `limit`.
pub(super) fn limit<'de, D: Deserializer<'de>>(reader: D) -> Result<u16, D::Error> {
    whole_number(reader, &(1..=MOST))
}

/// Asks for one more than fits, which tells whether there is another page. `next` says where that begins.
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
