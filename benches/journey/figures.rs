//! Taking the figures, one after the other, on one machine.

use std::{
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use gangway::web::routes;
use serde_json::Value;

use crate::{
    load::{Round, press},
    process::{Gangway, Process},
    table::{Figures, Pair},
    visitors::{Host, Visitor},
};

/// How long one round of the list page takes.
const ROUND: Duration = Duration::from_secs(3);
/// How many rounds count; both servers take turns.
const ROUNDS: usize = 5;
/// How many people start a link in one round, once each.
const PEOPLE: usize = 1500;
/// The apps that they start: another one in each round, because a person has one open attempt at an app. The first is
/// for warming up.
const APPS: [&str; ROUNDS + 1] = ["slack", "salesforce", "notion", "airtable", "asana", "xero"];
/// How often a start to ready is taken.
const STARTS: usize = 5;
/// The length of the first list view's list.
const SHOWN: usize = 24;

/// Takes all figures.
pub(crate) async fn take() -> anyhow::Result<Figures> {
    let folder = tempfile::tempdir()?;
    let (_sandbox, upstream) =
        Process::that_says_where(env!("CARGO_BIN_EXE_gangway"), &["sandbox", "--bind", "127.0.0.1:0"])?;
    let ready = starts(upstream, folder.path()).await?;

    let gangway = Gangway::start(upstream, folder.path()).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let idle = gangway.process.memory()?;

    let host = Host::new(upstream, gangway.address)?;
    let user = host.user("the-first").await?;
    let bare = bare(upstream, &user, folder.path())?;
    let first = host.visitor(&user, &[]).await?;
    same_page(&host, &first, bare.1).await?;
    let both = Both { gangway: &gangway, bare: &bare.0, bare_address: bare.1 };

    let list_page = both.list_page(&first).await?;
    let start_leg = both.start_leg(&people(&host).await?).await?;
    let loaded = gangway.process.most_memory()?;
    let (page_bytes, style_bytes) = first_view(&host, &user, upstream).await?;
    Ok(Figures { list_page, start_leg, idle, loaded, ready, page_bytes, style_bytes })
}

/// Starts to ready, each with a new database.
async fn starts(upstream: SocketAddr, folder: &Path) -> anyhow::Result<Vec<Duration>> {
    let mut taken = Vec::new();
    for place in 0..STARTS {
        let folder = folder.join(place.to_string());
        std::fs::create_dir(&folder)?;
        taken.push(Gangway::start(upstream, &folder).await?.ready_after);
    }
    Ok(taken)
}

fn bare(upstream: SocketAddr, user: &str, folder: &Path) -> anyhow::Result<(Process, SocketAddr)> {
    let database = folder.join("bare.db").display().to_string();
    Process::that_says_where(std::env::current_exe()?, &["bare", &format!("http://{upstream}"), user, &database])
}

async fn people(host: &Host) -> anyhow::Result<Vec<Visitor>> {
    let person = |number: usize| async move {
        let user = host.user(&format!("person-{number}")).await?;
        host.visitor(&user, &[]).await
    };
    stream::iter(0..PEOPLE).map(person).buffer_unordered(8).try_collect().await
}

/// The comparison is worth something only if both servers send the same page.
async fn same_page(host: &Host, visitor: &Visitor, bare: SocketAddr) -> anyhow::Result<()> {
    let ours = host.gangway_get(routes::CONNECTORS, visitor, "").await?.text().await?;
    let bares = reqwest::get(format!("http://{bare}{}", routes::CONNECTORS)).await?.text().await?;
    // Around it the time that is left and the choice of languages are Gangway's own.
    let main = |page: &str| {
        page.split_once("<main>").map(|(_, rest)| rest.split("</main>").next().unwrap_or_default().to_owned())
    };
    anyhow::ensure!(main(&ours) == main(&bares), "the bare server sends another page:\n{ours}\n{bares}");
    Ok(())
}

struct Both<'a> {
    gangway: &'a Gangway,
    bare: &'a Process,
    bare_address: SocketAddr,
}

impl Both<'_> {
    async fn list_page(&self, visitor: &Visitor) -> anyhow::Result<Pair> {
        let request = visitor.lists();
        let round = async |address| {
            let end = Instant::now() + ROUND;
            press(address, 200, || (Instant::now() < end).then_some(request.as_slice())).await
        };
        self.in_turn(async |_, address| round(address).await).await
    }

    async fn start_leg(&self, people: &[Visitor]) -> anyhow::Result<Pair> {
        self.in_turn(async |place, address| {
            let connector = APPS.get(place).copied().context("an app for each round")?;
            let requests: Vec<_> = people.iter().map(|person| person.starts(connector)).collect();
            let mut left = requests.iter();
            press(address, 303, || left.next().map(Vec::as_slice)).await
        })
        .await
    }

    /// One round to warm up, which does not count, and then those that do.
    async fn in_turn(&self, round: impl AsyncFn(usize, SocketAddr) -> anyhow::Result<Round>) -> anyhow::Result<Pair> {
        let mut pair = Pair::default();
        for place in 0..=ROUNDS {
            let one = async |process: &Process, address| {
                let before = process.processor_time()?;
                let round = round(place, address).await?;
                anyhow::Ok((round, process.processor_time()? - before))
            };
            let ours = one(&self.gangway.process, self.gangway.address).await?;
            let bares = one(self.bare, self.bare_address).await?;
            if place > 0 {
                pair.gangway.push(ours);
                pair.bare.push(bares);
            }
        }
        Ok(pair)
    }
}

/// The bytes of the first list view as a browser gets them: the page and its stylesheet.
async fn first_view(host: &Host, user: &str, upstream: SocketAddr) -> anyhow::Result<(usize, usize)> {
    let call = reqwest::Client::new().get(format!("http://{upstream}/connectors"));
    let call = call.bearer_auth(gangway::sandbox::API_KEY).header("x-api-version", "2025-09");
    let catalogue: Value = call.send().await?.error_for_status()?.json().await?;
    let listed = catalogue.get("connectors").and_then(Value::as_array).context("no catalogue")?;
    let ids: Vec<&str> = listed.iter().filter_map(|entry| entry.get("id")?.as_str()).take(SHOWN).collect();
    let visitor = host.visitor(user, &ids).await?;
    let page = host.gangway_get(routes::CONNECTORS, &visitor, "gzip, br").await?;
    let style = host.gangway_get(gangway::web::assets::asset_url("app.css"), &visitor, "gzip, br").await?;
    Ok((page.bytes().await?.len(), style.bytes().await?.len()))
}
