//! The start of a link, from the press to the way to the provider.

use std::{
    cell::RefCell,
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::database::Database;
use crate::{
    load::{press, press_once},
    process::Gangway,
    visitors::Host,
};

/// So many people, once each.
const PEOPLE: usize = 600;

pub(crate) async fn take(upstream: SocketAddr, database: &Database) -> anyhow::Result<String> {
    let gangway = Gangway::start_on(upstream, database.url(), &[]).await?;
    let host = Host::new(upstream, gangway.address)?;
    let unique = gangway.address.port();
    let person = |number: usize| {
        let host = &host;
        async move {
            let user = host.user(&format!("starter-{unique}-{number}")).await?;
            host.visitor(&user, &[]).await
        }
    };
    let people: Vec<_> = stream::iter(0..PEOPLE).map(person).buffer_unordered(8).try_collect().await?;
    let warm: Vec<_> = people.iter().map(|person| person.starts("notion")).collect();
    let mut left = warm.iter();
    press(gangway.address, 303, || left.next().map(Vec::as_slice)).await?;
    let requests: Vec<_> = people.iter().map(|person| person.starts("slack")).collect();
    let mut left = requests.iter();
    let round = press(gangway.address, 303, || left.next().map(Vec::as_slice)).await?;
    let alone: Vec<_> = people.iter().map(|person| person.starts("asana")).collect();
    let taken = RefCell::new(Vec::new());
    for request in &alone {
        let mut once = Some(request.as_slice());
        let began = Instant::now();
        press_once(gangway.address, 303, || once.take()).await?;
        taken.borrow_mut().push(began.elapsed());
    }
    let mut taken: Vec<Duration> = taken.into_inner();
    taken.sort_unstable();
    let at = |share: usize| taken.get((taken.len() - 1) * share / 100).copied().unwrap_or_default();
    Ok(format!(
        "starts: {:.0} a second over 16 connections; alone half within {:.1?}, 99 % within {:.1?}",
        round.per_second(),
        at(50),
        at(99)
    ))
}
