//! The outcome of a session, for the page of the host that opened it: what its window and its attempts say.

use serde::Serialize;
use strum::{EnumString, VariantArray};
use time::{Duration, OffsetDateTime};

use crate::domain::{
    attempt::{AttemptId, Reason, State},
    connector::ConnectorId,
    session::{ConnectSession, Display, Lifetime},
    window::{END_EXPECTED, RELOAD, Window},
};

/// Where the session's window is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, VariantArray)]
#[serde(rename_all = "lowercase")]
pub enum WindowState {
    /// The start code is not redeemed.
    Waiting,
    Open,
    /// At a provider, or at a page of the host.
    Away,
    Left,
}

/// The outcome of a session. The types of the script and the documents name the same ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, VariantArray)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// At least one attempt is linked.
    Linked,
    /// Each attempt ended otherwise, or the session is over.
    Ended,
    /// The window was left, and had not shown an end.
    Left,
    /// Another session took the browser.
    Replaced,
}

/// How an attempt is related to the session that is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum Relation {
    Own,
    /// It began in a session for another browser, which the user created from this one.
    Child,
    /// It began in another session, and its user began with the same input in this one.
    Continued,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedAttempt {
    pub id: AttemptId,
    pub connector: ConnectorId,
    pub relation: Relation,
    pub version: u32,
    pub state: State,
    pub reason: Option<Reason>,
    pub began_at: OffsetDateTime,
    pub returned_at: Option<OffsetDateTime>,
    pub settled_at: Option<OffsetDateTime>,
}

impl WatchedAttempt {
    /// Whether it was open then, or within that time before.
    fn is_open_at(&self, at: OffsetDateTime, grace: Duration) -> bool {
        self.began_at <= at && self.settled_at.is_none_or(|settled| settled + grace > at)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    pub session: ConnectSession,
    pub window: Window,
    pub attempts: Vec<WatchedAttempt>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Only grows.
    pub version: i64,
    pub window: WindowState,
    /// `None` while it is open. Only `Left` may be taken back, by a later page of the window. `Linked` and the others
    /// follow the attempts: a late link, or a link that is revoked.
    pub outcome: Option<Outcome>,
    /// When this changes without a change in the store.
    pub next_change: Option<OffsetDateTime>,
}

/// A change in the store outweighs all that time alone changes.
const CHANGE: i64 = 4;

impl Watched {
    /// Counts the changes in the store, as the query for changed sessions does.
    pub fn stored_version(&self) -> i64 {
        let Self { session, window, attempts } = self;
        let once = [session.redeemed_at, session.ended_at, window.end_shown_at, window.replaced_at];
        let once = once.iter().filter(|at| at.is_some()).fold(0, |count, _| count + 1);
        let attempts = attempts.iter().map(|attempt| i64::from(attempt.version) + 1);
        window.changes + once + attempts.sum::<i64>()
    }

    pub fn progress(&self, lifetime: Lifetime, now: OffsetDateTime) -> Progress {
        let (ended, left, over) = (self.ended_at(), self.left_at(), self.over_at(lifetime));
        let without_page = self.end_without_page_at();
        let is_past = |at: Option<OffsetDateTime>| at.is_some_and(|at| at <= now);
        let is_left = self.window.away_at.is_none() && is_past(self.window.left_at) || is_past(left);
        let window = match () {
            () if is_left => WindowState::Left,
            () if self.session.redeemed_at.is_none() => WindowState::Waiting,
            () if self.window.away_at.is_some() => WindowState::Away,
            () => WindowState::Open,
        };
        let after_left = if self.window.end_shown_at.is_some() { Outcome::Ended } else { Outcome::Left };
        let decisions =
            [(ended, Outcome::Ended), (left, after_left), (over, Outcome::Ended), (without_page, Outcome::Ended)];
        let first = decisions.into_iter().filter(|(at, _)| is_past(*at)).min_by_key(|(at, _)| *at);
        let is_linked = self.attempts.iter().any(|attempt| attempt.state == State::Linked);
        let outcome = match first {
            _ if self.window.replaced_at.is_some() => Some(Outcome::Replaced),
            Some(_) if is_linked => Some(Outcome::Linked),
            first => first.map(|(_, outcome)| outcome),
        };
        let expires_at = self.session.expires_at(lifetime);
        let by_time = [is_left, first.is_some(), expires_at <= now].into_iter().filter(|changed| *changed).count();
        let times = [left, self.window.left_at, over, without_page, Some(expires_at)];
        Progress {
            version: CHANGE * self.stored_version() + i64::try_from(by_time).unwrap_or_default(),
            window,
            outcome,
            next_change: times.into_iter().flatten().filter(|at| *at > now).min(),
        }
    }

    /// When a page reported an end and no attempt was open. Without a window no page has to.
    fn ended_at(&self) -> Option<OffsetDateTime> {
        let has_window = self.session.display != Display::Page;
        let without_window = self.attempts.iter().filter(|attempt| !has_window || attempt.relation == Relation::Child);
        let first = without_window.filter_map(|attempt| attempt.settled_at).chain(self.window.end_shown_at).min()?;
        all_ended(&self.attempts.iter(), first, Duration::ZERO)
    }

    /// When no attempt was open any more for a while. No page may have shown the end: the window may have been closed
    /// before its page was there.
    fn end_without_page_at(&self) -> Option<OffsetDateTime> {
        let first = self.attempts.iter().filter_map(|attempt| attempt.settled_at).min()?;
        all_ended(&self.attempts.iter(), first, END_EXPECTED)
    }

    /// When the window was left and no attempt could end without it any more. An attempt can that is at a provider, has
    /// returned, or is in another browser. After the last of them the browser may still come back.
    fn left_at(&self) -> Option<OffsetDateTime> {
        let Window { left_at, away_at, .. } = self.window;
        // A frame stays beside the window of the app, whose pages say nothing of it.
        let first = match self.session.display {
            Display::Frame => left_at?,
            Display::Page | Display::Popup => left_at.or(away_at)?,
        };
        let can_still_end = |attempt: &&WatchedAttempt| {
            away_at.is_some() || attempt.returned_at.is_some() || attempt.relation == Relation::Child
        };
        let last = all_ended(&self.attempts.iter().filter(can_still_end), first, Duration::ZERO)?;
        Some(if left_at == Some(last) { last } else { last + RELOAD })
    }

    /// When the session was ended, or its time was over and no attempt was open.
    fn over_at(&self, lifetime: Lifetime) -> Option<OffsetDateTime> {
        let expires_at = self.session.expires_at(lifetime);
        match self.session.ended_at.filter(|ended| *ended <= expires_at) {
            Some(ended) => Some(ended),
            None => all_ended(&self.attempts.iter(), expires_at, Duration::ZERO),
        }
    }
}

/// The first moment, from that one on, at which none of the attempts was open, or within that time before. `None` while
/// one is open.
fn all_ended<'a>(
    attempts: &(impl Iterator<Item = &'a WatchedAttempt> + Clone),
    from: OffsetDateTime,
    grace: Duration,
) -> Option<OffsetDateTime> {
    let mut at = from;
    while let Some(open) = attempts.clone().find(|attempt| attempt.is_open_at(at, grace)) {
        at = open.settled_at? + grace;
    }
    Some(at)
}

#[cfg(test)]
mod tests;
