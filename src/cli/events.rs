//! `gangway events`: what the host's server is told of, a line each.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Map, Value};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Events, Terminal};
use crate::{
    config::Settings,
    store::{self, Place, Store, StoredEvent},
};

/// How often the store is asked for new ones.
const PAUSE: Duration = Duration::from_millis(500);
/// An event is seen when its transaction ends: by then later ones may have been seen, from other processes and by other
/// clocks.
const LATE: time::Duration = time::Duration::minutes(2);
/// How many are read at once.
const PAGE: u16 = 500;

/// Prints all events, the oldest first, and with `--follow` goes on as they come, until `end`.
///
/// # Errors
/// When there is no database, or it does not answer.
pub async fn run(
    asked: &Events,
    settings: &Settings,
    end: impl Future<Output = ()>,
    terminal: &mut Terminal<'_>,
) -> anyhow::Result<()> {
    let store = store::open_existing(&settings.store.url).await?;
    let mut printed = Printed::default();
    let printing = async {
        while printed.new_ones(store.as_ref(), asked, terminal).await? && asked.follow {
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    };
    tokio::select! {
        done = printing => done,
        () = end => Ok(()),
    }
}

/// What was printed already, as far back as an event may still come late.
#[derive(Default)]
struct Printed {
    recent: BTreeSet<Place>,
    newest: Option<OffsetDateTime>,
}

impl Printed {
    /// Prints what is new; false when nobody reads any more.
    async fn new_ones(
        &mut self,
        store: &dyn Store,
        asked: &Events,
        terminal: &mut Terminal<'_>,
    ) -> Result<bool, store::StoreError> {
        let from = self.newest.map_or(OffsetDateTime::UNIX_EPOCH, |newest| newest - LATE);
        let mut after = None;
        loop {
            let page = store.events_from(from, after, asked.user.as_ref(), PAGE).await?;
            for event in &page {
                let place = Place::of(event);
                if self.recent.insert(place) && !terminal.line(&as_line(event)) {
                    return Ok(false);
                }
                self.newest = self.newest.max(Some(event.at));
                after = Some(place);
            }
            self.forget();
            if page.len() < usize::from(PAGE) {
                return Ok(true);
            }
        }
    }

    fn forget(&mut self) {
        if let Some(newest) = self.newest {
            let since = Place { at: newest - LATE, sequence: i64::MIN, id: Uuid::nil() };
            self.recent = self.recent.split_off(&since);
        }
    }
}

/// The body with the id in front, in one line.
fn as_line(event: &StoredEvent) -> String {
    let mut line = Map::new();
    line.insert("id".to_owned(), Value::from(event.id.to_string()));
    if let Ok(Value::Object(body)) = serde_json::from_str(&event.body) {
        line.extend(body);
    }
    Value::Object(line).to_string()
}
