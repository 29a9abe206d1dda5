//! `gangway events`: the events for the host's server, one on each line.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Map, Value};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Events, Terminal};
use crate::{
    config::Settings,
    store::{self, Place, Store, StoredEvent},
};

const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// Maximum delay of an event behind later ones: it becomes visible when its transaction ends, and the clocks of
/// processes differ.
const MAX_DELAY: time::Duration = time::Duration::minutes(2);
const PAGE_SIZE: u16 = 500;

/// Prints all events, the oldest first, and with `--follow` new ones until `end`.
pub async fn run(
    arguments: &Events,
    settings: &Settings,
    end: impl Future<Output = ()>,
    terminal: &mut Terminal<'_>,
) -> anyhow::Result<()> {
    let store = store::open_existing(&settings.store.url).await?;
    let mut printed = Printed::default();
    let printing = async {
        while printed.print_new(&store, arguments, terminal).await? && arguments.follow {
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        Ok(())
    };
    tokio::select! {
        done = printing => done,
        () = end => Ok(()),
    }
}

/// The printed events, as far back as an event may still be delayed.
#[derive(Default)]
struct Printed {
    recent: BTreeSet<Place>,
    newest: Option<OffsetDateTime>,
}

impl Printed {
    /// Prints new events; returns `false` once the pipe is closed.
    async fn print_new(
        &mut self,
        store: &Store,
        arguments: &Events,
        terminal: &mut Terminal<'_>,
    ) -> Result<bool, store::StoreError> {
        let from = self.newest.map_or(OffsetDateTime::UNIX_EPOCH, |newest| newest - MAX_DELAY);
        let mut after = None;
        loop {
            let page = store.events_from(from, after, arguments.user.as_ref(), PAGE_SIZE).await?;
            for event in &page {
                let place = Place::of(event);
                if self.recent.insert(place) && !terminal.line(&as_line(event)) {
                    return Ok(false);
                }
                self.newest = self.newest.max(Some(event.at));
                after = Some(place);
            }
            self.forget();
            if page.len() < usize::from(PAGE_SIZE) {
                return Ok(true);
            }
        }
    }

    fn forget(&mut self) {
        if let Some(newest) = self.newest {
            let since = Place { at: newest - MAX_DELAY, sequence: i64::MIN, id: Uuid::nil() };
            self.recent = self.recent.split_off(&since);
        }
    }
}

/// The body with the id in front, on one line.
fn as_line(event: &StoredEvent) -> String {
    let mut line = Map::new();
    line.insert("id".to_owned(), Value::from(event.id.to_string()));
    if let Ok(Value::Object(body)) = serde_json::from_str(&event.body) {
        line.extend(body);
    }
    Value::Object(line).to_string()
}
