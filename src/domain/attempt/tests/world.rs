//! Model of a user, a host, the vendor and an attacker for one app's attempts, with a minimal store and job.

use std::{
    collections::{BTreeMap, BTreeSet},
    iter::once,
};

use super::*;
use crate::domain::connection::connected;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Maker {
    Host,
    User,
    Stranger,
}

pub(crate) struct Made {
    pub listed: Listed,
    pub maker: Maker,
    /// Index of the attempt whose link created it.
    pub link: Option<usize>,
    /// By Gangway's clock.
    pub at: OffsetDateTime,
    shown_from: OffsetDateTime,
    gone: bool,
}

impl Made {
    pub(crate) fn gone(&self) -> bool {
        self.gone
    }
}

#[derive(Default)]
pub(crate) struct Record {
    pub ends: Vec<State>,
    /// Foreign returns before the deadline, by Gangway's clock.
    pub foreign: Vec<OffsetDateTime>,
    pub completed: Option<bool>,
    pub returned_after_end: bool,
}

pub(crate) struct World {
    pub now: OffsetDateTime,
    pub ahead: Duration,
    pub needs_completion: bool,
    pub vendor: Vec<Made>,
    pub attempts: Vec<LinkAttempt>,
    pub records: Vec<Record>,
    pub claims: BTreeMap<CredentialId, (usize, Option<OffsetDateTime>)>,
    pub deletions: BTreeSet<CredentialId>,
    pub deleted: BTreeSet<CredentialId>,
    pub late: Option<Listing>,
}

impl World {
    pub(crate) fn new(ahead: i64, needs_completion: bool) -> Self {
        let mut world = Self {
            now: began(),
            ahead: Duration::seconds(ahead),
            needs_completion,
            vendor: Vec::new(),
            attempts: Vec::new(),
            records: Vec::new(),
            claims: BTreeMap::new(),
            deletions: BTreeSet::new(),
            deleted: BTreeSet::new(),
            late: None,
        };
        world.make(Maker::Host, None, 0);
        world.now += Duration::HOUR;
        world
    }

    pub(crate) fn make(&mut self, maker: Maker, link: Option<usize>, lag: i64) {
        let number = u8::try_from(self.vendor.len()).unwrap();
        let at = self.now + self.ahead;
        let listed = Listed { created_at: Some(at), updated_at: Some(at), ..credential(number, "slack", 0) };
        let shown_from = self.now + Duration::seconds(lag);
        self.vendor.push(Made { listed, maker, link, at: self.now, shown_from, gone: false });
    }

    pub(crate) fn disconnect(&mut self, which: usize) {
        let which = which % self.vendor.len();
        self.vendor[which].gone = true;
    }

    pub(crate) fn list(&self) -> Listing {
        let shown = self.vendor.iter().filter(|made| !made.gone && made.shown_from <= self.now);
        let credentials = shown.map(|made| made.listed.clone()).collect();
        Listing { credentials, answered_at: Some(self.now + self.ahead) }
    }

    fn id(which: usize) -> (AttemptId, Digest) {
        let id = Uuid::from_u128(which.try_into().unwrap());
        (AttemptId::from_uuid(id), Digest::of(id.as_bytes()))
    }

    fn index(id: AttemptId) -> usize {
        usize::try_from(id.uuid().as_u128()).unwrap()
    }

    fn known_claims(&self) -> Claims {
        let claim = |(id, (owner, made_at)): (&CredentialId, &(usize, Option<OffsetDateTime>))| {
            let attempt = &self.attempts[*owner];
            (id.clone(), Claim::untried(attempt.id, attempt.state(), *made_at))
        };
        self.claims.iter().map(claim).collect()
    }

    fn foreign(&self) -> Vec<LinkAttempt> {
        let strange = |attempt: &&LinkAttempt| attempt.foreign_at().is_some() && attempt.state() != State::Linked;
        self.attempts.iter().filter(strange).cloned().collect()
    }

    /// Finds the same credentials as `store::provenance`.
    fn implicated(&self, which: usize, observation: &Observation<'_>) -> BTreeSet<CredentialId> {
        let Observation::Listed(listing) = observation else { return BTreeSet::new() };
        let foreign = self.foreign();
        let other = |other: &&LinkAttempt| Self::index(other.id) != which;
        let doubts = |listed: &Listed, other: &LinkAttempt| other.implicates(&listed.id, listed.created_at);
        let implicated = |listed: &&Listed| foreign.iter().filter(other).any(|other| doubts(listed, other));
        listing.credentials.iter().filter(implicated).map(|listed| listed.id.clone()).collect()
    }

    /// Commits an observation as the store and `record` do.
    pub(crate) fn see(&mut self, which: usize, observation: &Observation<'_>) {
        self.keep(which, observation);
        let foreign = self.foreign();
        let implicated: BTreeSet<usize> = self
            .claims
            .iter()
            .filter(|(id, (owner, made_at))| {
                self.attempts[*owner].state() == State::Linked
                    && foreign.iter().any(|other| Self::index(other.id) != *owner && other.implicates(id, *made_at))
            })
            .map(|(_, (owner, _))| *owner)
            .collect();
        for which in implicated {
            self.keep(which, &Observation::Implicated);
        }
    }

    fn keep(&mut self, which: usize, observation: &Observation<'_>) {
        let others = if observation.needs_siblings() {
            SiblingAttempts {
                claims: self.known_claims(),
                implicated: self.implicated(which, observation),
                open: open(&self.attempts),
                ended: self.attempts.iter().filter(|attempt| attempt.state().is_end()).cloned().collect(),
                new_ids: (self.attempts.len()..).take(self.vendor.len()).map(Self::id).collect(),
            }
        } else {
            SiblingAttempts::default()
        };
        let before = &self.attempts[which];
        let Some(change) = before.observe(observation, &others, self.now) else { return };
        let derived = change.derived.iter().map(|derived| (Self::index(derived.attempt.id), &derived.claims));
        for (which, claims) in once((which, &change.claims)).chain(derived) {
            for Claimed { id, made_at } in claims.clone() {
                let owner = self.claims.entry(id).or_insert((which, made_at)).0;
                assert_eq!(owner, which, "no credential is claimed twice");
            }
        }
        if change.attempt.state() != before.state() {
            self.records[which].ends.push(change.attempt.state());
            assert_eq!(change.outbox.last().unwrap().kind, EventKind::LinkAttemptEnded);
            assert!(change.attempt.reason().is_some() && change.attempt.settled_at() == Some(self.now));
        }
        if before.state().is_end() && change.attempt.reason() == Some(Reason::NoReturn) {
            self.spare_siblings(which, &change.deletions);
        }
        for wanted in change.deletions {
            assert_eq!(self.claims[&wanted].0, which, "nothing is deleted that is not claimed");
            assert_eq!(change.attempt.state(), State::Unverified);
            self.deletions.insert(wanted);
        }
        self.attempts[which] = change.attempt;
        for Change { attempt, outbox, .. } in change.derived {
            assert_eq!(Self::index(attempt.id), self.attempts.len());
            let kinds: Vec<EventKind> = outbox.iter().map(|event| event.kind).collect();
            let linked = [EventKind::ConnectionLinked, EventKind::LinkAttemptEnded];
            assert_eq!(kinds, if attempt.is_open() { &[][..] } else { &linked });
            let end = Some(attempt.state()).filter(|state| state.is_end());
            self.records.push(Record { ends: end.into_iter().collect(), ..Record::default() });
            self.attempts.push(attempt);
        }
    }

    /// Of what a refused attempt left, nothing is deleted that another attempt's browser may still bring, and nothing of
    /// before.
    fn spare_siblings(&self, which: usize, deletions: &[CredentialId]) {
        for made in self.vendor.iter().filter(|made| deletions.contains(&made.listed.id)) {
            assert!(made.at >= self.attempts[which].began_at - LEEWAY, "what was there before stays");
            let Some(link) = made.link.filter(|link| *link != which) else { continue };
            let other = &self.attempts[link];
            let may_come_back = other.is_open() || self.now < other.deadline && other.state() != State::Unverified;
            assert!(!may_come_back, "what a sibling's browser may bring stays");
        }
    }

    /// After all deadlines every attempt is refreshed, as the job does.
    pub(crate) fn settle_all(&mut self) {
        self.now += Duration::hours(9);
        for _ in 0..4 {
            for which in 0..self.attempts.len() {
                let listing = self.list();
                self.see(which, &Observation::Listed(&listing));
            }
            self.now += Duration::minutes(10);
        }
    }

    pub(crate) fn begin(&mut self, input: u8, list_fails: bool) {
        let input = Digest::of(&[input]);
        let listing = (!list_fails).then(|| self.list());
        let same = |attempt: &LinkAttempt| attempt.state() == State::Pending && attempt.input == input;
        if let Some(open) = self.attempts.iter().position(same) {
            let seen = listing.as_ref().map_or(Observation::TimePassed, Observation::Listed);
            self.see(open, &seen);
            let now = &self.attempts[open];
            if now.state() == State::Pending && now.awaits_completion() {
                return;
            }
            if now.continues_with(&input, listing.as_ref(), self.now) {
                self.see(open, &Observation::BeganAgain);
                return self.see(open, &Observation::Sent { until: self.now + Duration::minutes(65) });
            }
            self.see(open, &Observation::SetAside);
        }
        let (id, state_digest) = Self::id(self.attempts.len());
        self.attempts.push(LinkAttempt::begin(Begin {
            id,
            session_id: SessionId::from_uuid(Uuid::from_u128(8)),
            user: ExternalId::parse("jane").unwrap(),
            connector: ConnectorId::parse("slack").unwrap(),
            authentication_type: AuthenticationType::parse("oauth2").unwrap(),
            is_api_key: false,
            input,
            state_digest,
            snapshot: listing,
            replaces: None,
            needs_completion: self.needs_completion,
            deletes_unreturned: false,
            at: self.now,
            deadline: self.now + Duration::minutes(65),
        }));
        self.records.push(Record::default());
    }

    pub(crate) fn reconcile(&mut self) {
        for wanted in self.deletions.clone() {
            let owner = self.claims[&wanted].0;
            if self.list().has(&wanted, &self.attempts[owner].connector) {
                self.vendor.iter_mut().filter(|made| made.listed.id == wanted).for_each(|made| made.gone = true);
                self.deleted.insert(wanted.clone());
            }
            self.see(owner, &Observation::Removed(wanted));
        }
    }

    pub(crate) fn shown(&self) -> BTreeSet<CredentialId> {
        let list = self.list();
        let (open, ended) = (open(&self.attempts), from_ended_attempts(&list, &self.attempts));
        let shown = connected(&list, &self.known_claims(), &open, &ended);
        shown.into_iter().map(|connection| connection.credential.id).collect()
    }
}
