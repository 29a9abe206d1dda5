//! Events: how many a second go out when many wait, and how soon one is there when few do.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use gangway::{
    domain::{
        attempt::{AttemptId, Begin, LinkAttempt, Observation, Reason, SiblingAttempts},
        clock::{Clock as _, SystemClock, SystemEntropy, time_sorted_uuid},
        connector::{AuthenticationType, ConnectorId},
        keys::Digest,
        session::{ExternalId, SessionId},
    },
    store::Store,
};

use super::{database::Database, receiver::Receiver};
use crate::process::Gangway;

/// So many wait at once.
const WAITING: usize = 5_000;
/// Of so many users.
const USERS: usize = 500;
/// So many come one by one, of users whose earlier ones are there.
const SINGLE: usize = 1_000;
/// That far apart.
const APART: Duration = Duration::from_millis(10);
/// Until all must be there.
const PATIENCE: Duration = Duration::from_secs(300);

/// A new attempt of that user.
pub(crate) fn attempt(user: &str) -> anyhow::Result<LinkAttempt> {
    let id = AttemptId::from_uuid(time_sorted_uuid(&SystemClock, &SystemEntropy));
    Ok(LinkAttempt::begin(Begin {
        id,
        session_id: SessionId::from_uuid(id.uuid()),
        user: ExternalId::parse(user)?,
        connector: ConnectorId::parse("slack")?,
        authentication_type: AuthenticationType::parse("oauth2")?,
        is_api_key: false,
        input: Digest::of(b"input"),
        state_digest: Digest::of(id.uuid().as_bytes()),
        snapshot: None,
        replaces: None,
        needs_completion: false,
        deletes_unreturned: false,
        at: SystemClock.now(),
        deadline: SystemClock.now() + time::Duration::hours(1),
    }))
}

/// Ends an attempt: one event, `link_attempt.ended`.
pub(crate) async fn end(store: &Store, began: &LinkAttempt) -> anyhow::Result<()> {
    let ends = Observation::NotBegun(Reason::NotConfigured);
    if let Some(change) = began.observe(&ends, &SiblingAttempts::default(), SystemClock.now()) {
        store.commit(&change).await?;
    }
    Ok(())
}

async fn happens_to(store: &Store, user: &str) -> anyhow::Result<()> {
    let began = attempt(user)?;
    store.begin(&began).await?;
    end(store, &began).await
}

async fn until(receiver: &Receiver, count: usize) -> anyhow::Result<()> {
    let began = Instant::now();
    while receiver.count() < count {
        anyhow::ensure!(began.elapsed() < PATIENCE, "{} of {count} events came", receiver.count());
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(())
}

/// What waited while nobody delivered goes out.
pub(crate) async fn drain(upstream: SocketAddr, database: &Database) -> anyhow::Result<String> {
    let store = database.store().await?;
    for turn in 0..WAITING {
        happens_to(&store, &format!("waiting-{}", turn % USERS)).await?;
    }
    let receiver = Receiver::default();
    let _gangway = Gangway::start_on(upstream, database.url(), &receiver.listen()?).await?;
    until(&receiver, 1).await?;
    let (before, began) = (receiver.count(), Instant::now());
    until(&receiver, WAITING).await?;
    let sent = u32::try_from(WAITING - before)?;
    let rate = f64::from(sent) / began.elapsed().as_secs_f64();
    Ok(format!("{WAITING} waiting events of {USERS} users: {rate:.0} a second"))
}

/// Each of these ends in the process that delivers: a person saves a key there.
pub(crate) async fn latency(upstream: SocketAddr, database: &Database) -> anyhow::Result<String> {
    let receiver = Receiver::from_now_on();
    let gangway = Gangway::start_on(upstream, database.url(), &receiver.listen()?).await?;
    let host = crate::visitors::Host::new(upstream, gangway.address)?;
    let mut people = Vec::new();
    for person in 0..SINGLE / 2 {
        let user = host.user(&format!("single-{}-{person}", gangway.address.port())).await?;
        people.push(host.visitor(&user, &[]).await?.saves_a_key("trello"));
    }
    let mut left = people.iter();
    // One connection after the other, and a pause: the crowd is not what is measured.
    for request in left.by_ref() {
        let mut once = Some(request.as_slice());
        crate::load::press(gangway.address, 303, || once.take()).await?;
        tokio::time::sleep(APART).await;
    }
    until(&receiver, SINGLE).await?;
    let all = receiver.sorted();
    let at = |share: usize| all.get((all.len() - 1) * share / 100).copied().unwrap_or_default();
    Ok(format!("one by one: half within {:.1?}, 99 % within {:.1?}, all within {:.1?}", at(50), at(99), at(100)))
}
