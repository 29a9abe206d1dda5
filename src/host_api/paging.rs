//! Paging of lists.

use serde::Deserializer;

use super::query::whole_number;

const DEFAULT_LIMIT: u16 = 20;
const MAX_LIMIT: u16 = 100;

pub(super) fn default_limit() -> u16 {
    DEFAULT_LIMIT
}

pub(super) fn limit<'de, D: Deserializer<'de>>(reader: D) -> Result<u16, D::Error> {
    whole_number(reader, &(1..=MAX_LIMIT))
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
