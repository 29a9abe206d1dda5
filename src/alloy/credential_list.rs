//! Reads the body of a credential list, which may be long: one user may have thousands of credentials.

use std::{sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use reqwest::Response;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};

use super::{AlloyError, resilience::slots::Pool};

/// Maximum size of a list of credentials, in bytes.
pub(super) const MAX_LIST_BODY: usize = 8 * 1024 * 1024;
/// Maximum wait for a permit. The call holds its slot meanwhile.
const MAX_WAIT: Duration = Duration::from_secs(2);
/// Maximum number of long bodies in memory, for pages and for background work: 48 MiB together.
const MAX_LONG_BODIES: [usize; 2] = [4, 2];

#[derive(Debug)]
pub(super) struct LongBodies {
    pages: Arc<Semaphore>,
    background: Arc<Semaphore>,
}

pub(super) struct BodyLimit {
    /// No permit is needed up to this size.
    pub(super) usual: usize,
    pub(super) max: usize,
    pub(super) truncate: bool,
    pub(super) deadline: Instant,
}

pub(super) struct ListBody {
    pub(super) bytes: Bytes,
    /// False if it is only the beginning.
    pub(super) whole: bool,
    pub(super) permit: Option<OwnedSemaphorePermit>,
}

impl Default for LongBodies {
    fn default() -> Self {
        let [pages, background] = MAX_LONG_BODIES.map(|most| Arc::new(Semaphore::new(most)));
        Self { pages, background }
    }
}

impl LongBodies {
    /// The remainder of a long body waits for a permit.
    pub(super) async fn read(&self, response: Response, pool: Pool, limit: BodyLimit) -> Result<ListBody, AlloyError> {
        let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
        if announced > limit.max && !limit.truncate {
            return Err(AlloyError::TooLarge);
        }
        let (mut bytes, mut permit) = (BytesMut::with_capacity(announced.min(limit.usual)), None);
        let mut pieces = response.bytes_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(AlloyError::from_transport)?;
            let length = bytes.len() + piece.len();
            if length > limit.max && !limit.truncate {
                return Err(AlloyError::TooLarge);
            }
            if length > limit.usual && permit.is_none() {
                let permits = match pool {
                    Pool::Pages => &self.pages,
                    Pool::Background => &self.background,
                };
                let deadline = limit.deadline.min(Instant::now() + MAX_WAIT);
                let acquired = timeout_at(deadline, Arc::clone(permits).acquire_owned()).await;
                permit = Some(acquired.ok().and_then(Result::ok).ok_or(AlloyError::NoRoom)?);
            }
            if length > limit.max {
                let room = limit.max - bytes.len();
                bytes.extend_from_slice(piece.get(..room).unwrap_or_default());
                return Ok(ListBody { bytes: bytes.freeze(), whole: false, permit });
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(ListBody { bytes: bytes.freeze(), whole: true, permit })
    }
}

/// Reads the entries one by one: a malformed one does not hide the others, and a truncated body yields a beginning.
pub(super) fn entries<T>(
    body: &[u8],
    whole: bool,
    what: &'static str,
    read: impl FnMut(&Value) -> Option<T>,
) -> Result<Vec<T>, AlloyError> {
    let mut reader = Entries { read, found: Vec::new(), left_out: 0, seen: false };
    let mut json = serde_json::Deserializer::from_slice(body);
    let done = json.deserialize_map(&mut reader).and_then(|()| json.end());
    if whole && (done.is_err() || !reader.seen) {
        return Err(AlloyError::Malformed("a body that is not as documented"));
    }
    if reader.left_out > 0 {
        tracing::warn!(what, left_out = reader.left_out, "Alloy lists entries that cannot be read");
    }
    Ok(reader.found)
}

struct Entries<T, F> {
    read: F,
    found: Vec<T>,
    left_out: usize,
    seen: bool,
}

impl<'de, T, F: FnMut(&Value) -> Option<T>> Visitor<'de> for &mut Entries<T, F> {
    type Value = ();

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a list of entries under a name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if !matches!(name.as_str(), "data" | "credentials") {
                map.next_value::<IgnoredAny>()?;
            } else if std::mem::replace(&mut self.seen, true) {
                return Err(A::Error::custom("two lists"));
            } else {
                map.next_value_seed(&mut *self)?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(entry) = entries.next_element::<Value>()? {
            match (self.read)(&entry) {
                Some(read) => self.found.push(read),
                None => self.left_out += 1,
            }
        }
        Ok(())
    }
}

impl<'de, T, F: FnMut(&Value) -> Option<T>> DeserializeSeed<'de> for &mut Entries<T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, list: D) -> Result<(), D::Error> {
        list.deserialize_seq(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(body: &str, whole: bool) -> Result<Vec<String>, AlloyError> {
        entries(body.as_bytes(), whole, "names", |entry| entry.as_str().map(str::to_owned))
    }

    #[test]
    fn malformed_entries_do_not_hide_the_others() {
        assert_eq!(names(r#"{"x":[1],"data":["a",1,{"b":[]},"c"],"y":null}"#, true).unwrap(), ["a", "c"]);
        assert_eq!(names(r#"{"credentials":[]}"#, true).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn whole_body_must_be_as_documented() {
        for body in
            ["", "[]", "{}", r#"{"data":"a"}"#, r#"{"data":["a""#, r#"{"data":[]} x"#, r#"{"data":[],"data":[]}"#]
        {
            assert!(matches!(names(body, true), Err(AlloyError::Malformed(_))), "{body}");
        }
        let deep = format!(r#"{{"data":[{}"#, "[".repeat(100_000));
        assert!(matches!(names(&deep, true), Err(AlloyError::Malformed(_))));
    }

    #[test]
    fn truncated_body_yields_entries_before_the_cut() {
        let body = r#"{"data":["a","b","c"]}"#;
        let counts: Vec<usize> =
            (0..body.len()).map(|end| names(body.get(..end).unwrap(), false).unwrap().len()).collect();
        assert!(counts.is_sorted() && counts.last() == Some(&3), "{counts:?}");
    }
}
