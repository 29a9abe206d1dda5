//! The body of a credential list, which may be long: one user may have thousands of credentials.

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

use super::{AlloyError, resilience::slots::Share};

/// The largest list of credentials that is read, in bytes.
pub(super) const LARGEST_LIST: usize = 8 * 1024 * 1024;
/// How long a long body waits while others are being read. It holds a slot meanwhile.
const WAIT_FOR_ROOM: Duration = Duration::from_secs(2);
/// Maximum of long bodies in memory at once, for pages and for the work behind them: 48 MiB.
const LONG_AT_ONCE: [usize; 2] = [4, 2];

/// Permits for bodies that are longer than usual.
#[derive(Debug)]
pub(super) struct LongBodies {
    pages: Arc<Semaphore>,
    background: Arc<Semaphore>,
}

/// How much of a body is read.
pub(super) struct Cap {
    /// Up to this size no permit is needed.
    pub(super) usual: usize,
    /// Nothing beyond is read.
    pub(super) largest: usize,
    /// Whether the beginning of a longer body is wanted.
    pub(super) cut: bool,
    /// Until when the call may take.
    pub(super) until: Instant,
}

/// A body, with its permit while it is in memory.
pub(super) struct Body {
    pub(super) bytes: Bytes,
    /// False if it is only the beginning.
    pub(super) whole: bool,
    pub(super) permit: Option<OwnedSemaphorePermit>,
}

impl Default for LongBodies {
    fn default() -> Self {
        let [pages, background] = LONG_AT_ONCE.map(|most| Arc::new(Semaphore::new(most)));
        Self { pages, background }
    }
}

impl LongBodies {
    /// Reads a body. Where it turns out to be long, the rest waits for a permit.
    ///
    /// # Errors
    /// `TooLarge`, `NoRoom`, or what the connection fails with.
    pub(super) async fn read(&self, response: Response, share: Share, cap: Cap) -> Result<Body, AlloyError> {
        let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
        if announced > cap.largest && !cap.cut {
            return Err(AlloyError::TooLarge);
        }
        let (mut bytes, mut permit) = (BytesMut::with_capacity(announced.min(cap.usual)), None);
        let mut pieces = response.bytes_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(AlloyError::of_transport)?;
            let length = bytes.len() + piece.len();
            if length > cap.largest && !cap.cut {
                return Err(AlloyError::TooLarge);
            }
            if length > cap.usual && permit.is_none() {
                let permits = match share {
                    Share::Pages => &self.pages,
                    Share::Background => &self.background,
                };
                let until = cap.until.min(Instant::now() + WAIT_FOR_ROOM);
                let acquired = timeout_at(until, Arc::clone(permits).acquire_owned()).await;
                permit = Some(acquired.ok().and_then(Result::ok).ok_or(AlloyError::NoRoom)?);
            }
            if length > cap.largest {
                let room = cap.largest - bytes.len();
                bytes.extend_from_slice(piece.get(..room).unwrap_or_default());
                return Ok(Body { bytes: bytes.freeze(), whole: false, permit });
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(Body { bytes: bytes.freeze(), whole: true, permit })
    }
}

/// Reads the entries under `data` or `credentials` one by one: one odd entry does not hide the others, and no more than one
/// is held as JSON. Of a cut body, those before the cut.
///
/// # Errors
/// When a whole body is not as documented.
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
        return Err(AlloyError::Nonsense("a body that is not as documented"));
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
    fn odd_entries_do_not_hide_the_others() {
        assert_eq!(names(r#"{"x":[1],"data":["a",1,{"b":[]},"c"],"y":null}"#, true).unwrap(), ["a", "c"]);
        assert_eq!(names(r#"{"credentials":[]}"#, true).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn whole_body_must_be_as_documented() {
        for body in
            ["", "[]", "{}", r#"{"data":"a"}"#, r#"{"data":["a""#, r#"{"data":[]} x"#, r#"{"data":[],"data":[]}"#]
        {
            assert!(matches!(names(body, true), Err(AlloyError::Nonsense(_))), "{body}");
        }
        let deep = format!(r#"{{"data":[{}"#, "[".repeat(100_000));
        assert!(matches!(names(&deep, true), Err(AlloyError::Nonsense(_))));
    }

    #[test]
    fn cut_body_gives_what_came_before_the_cut() {
        let body = r#"{"data":["a","b","c"]}"#;
        let counts: Vec<usize> =
            (0..body.len()).map(|end| names(body.get(..end).unwrap(), false).unwrap().len()).collect();
        assert!(counts.is_sorted() && counts.last() == Some(&3), "{counts:?}");
    }
}
