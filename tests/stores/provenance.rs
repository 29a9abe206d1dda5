//! Which credentials may come from which attempts: the store says exactly what the rule in `link::evidence` says.

use gangway::{
    domain::{
        attempt::{LinkAttempt, Observation, Reason, SiblingAttempts},
        connection::Listed,
    },
    store::Store,
};
use time::OffsetDateTime;

use super::{
    fresh::Fresh,
    samples::{at, attempt, code, connector, listing, user},
};

on_both!(
    ended_attempts_and_tombstones_follow_the_rule_to_the_millisecond,
    continued_attempt_implicates_what_came_hours_later,
    attempts_of_other_times_apps_and_users_implicate_nothing,
    foreign_returns_doubt_to_the_millisecond,
    thousands_of_credentials_are_told_apart,
);

/// Moments around both ends of an attempt's time, with and without leeway.
const EDGES: [i64; 14] = [-3601, -3600, -61, -60, -59, 0, 25, 36, 3900, 3959, 3960, 3961, 7500, 7501];
/// Long after everything.
const LATER: i64 = 10_000_000;

/// Credentials at all of these moments and of unknown age, one of them listed before the attempt began.
fn around(app: &str) -> Vec<Listed> {
    let moments = EDGES.iter().flat_map(|edge| [-1, 0, 1, 6, 7, 8].map(|shift| edge + shift));
    let mut all: Vec<Listed> = Vec::new();
    for (number, moment) in moments.enumerate() {
        let listed = listing(app, &[&format!("{number}-{app}")], moment).credentials.remove(0);
        let id = gangway::domain::connection::CredentialId::parse(format!("{number}-unknown")).unwrap();
        all.push(Listed { id, created_at: None, ..listed.clone() });
        all.push(listed);
    }
    all.push(listing(app, &["before"], 30).credentials.remove(0));
    all
}

/// What of it the store holds against attempts.
async fn from_ended_attempts(store: &Store, all: &[Listed]) -> Vec<Listed> {
    let found = store.from_ended_attempts(&user("jane"), &all.iter().collect::<Vec<_>>()).await.unwrap();
    all.iter().filter(|listed| found.contains(&listed.id)).cloned().collect()
}

async fn failed(store: &Store, attempt: LinkAttempt, second: i64) -> LinkAttempt {
    store.begin(&attempt).await.unwrap();
    let refused = Observation::NotBegun(Reason::UpstreamRefused);
    store.commit(&attempt.observe(&refused, &SiblingAttempts::default(), at(second)).unwrap()).await.unwrap();
    store.attempt(attempt.id).await.unwrap().unwrap()
}

async fn purge(store: &Store) {
    store.purge_events(at(LATER), 100).await.unwrap();
    let mut until = None;
    loop {
        until = store.purge_attempts(until, at(LATER), 100).await.unwrap().until;
        if until.is_none() {
            break;
        }
    }
}

async fn ended_attempts_and_tombstones_follow_the_rule_to_the_millisecond(fresh: &Fresh) {
    let store = fresh.open().await;
    let attempts = [
        (LinkAttempt { began_at_vendor: at(7), ..attempt(1, "zohoCRM") }, "ZOHOCRM"),
        (LinkAttempt { snapshot: None, ..attempt(2, "notion") }, "notion"),
        (LinkAttempt { is_api_key: true, ..attempt(3, "shippo") }, "shippo"),
        (attempt(4, "TELEGRAM-bot"), "telegram-BOT"),
    ];
    for (attempt, app) in &attempts {
        failed(&store, attempt.clone(), 20).await;
        let all = around(app);
        let brought = |listed: &&Listed| !attempt.is_api_key && attempt.may_have_created(listed);
        let expected: Vec<Listed> = all.iter().filter(brought).cloned().collect();
        assert_eq!(from_ended_attempts(&store, &all).await, expected, "{app}");
    }
    purge(&store).await;
    assert_eq!(store.attempt(attempts[0].0.id).await.unwrap(), None);
    for (attempt, app) in &attempts {
        let all = around(app);
        let brought = |listed: &&Listed| !attempt.is_api_key && attempt.may_have_created(listed);
        let expected: Vec<Listed> = all.iter().filter(brought).cloned().collect();
        assert_eq!(from_ended_attempts(&store, &all).await, expected, "{app}, purged");
    }
}

async fn continued_attempt_implicates_what_came_hours_later(fresh: &Fresh) {
    let store = fresh.open().await;
    let continued = failed(&store, LinkAttempt { deadline: at(400_000), ..attempt(1, "slack") }, 20).await;
    let late = listing("slack", &["late"], 300_000).credentials;
    assert!(continued.may_have_created(&late[0]));
    assert_eq!(from_ended_attempts(&store, &late).await, late);
    purge(&store).await;
    assert_eq!(from_ended_attempts(&store, &late).await, late);
    assert_eq!(from_ended_attempts(&store, &listing("slack", &["later"], 400_061).credentials).await, []);
}

async fn attempts_of_other_times_apps_and_users_implicate_nothing(fresh: &Fresh) {
    let store = fresh.open().await;
    let listed = listing("slack", &["the-hosts"], -500).credentials;
    for number in 1..=600_u128 {
        let second = i64::try_from(number).unwrap();
        let one = LinkAttempt {
            began_at: at(second),
            began_at_vendor: at(second),
            deadline: at(second + 3900),
            input: code(&number.to_string()),
            ..attempt(number, "slack")
        };
        failed(&store, one, second).await;
    }
    failed(&store, attempt(601, "notion"), 20).await;
    failed(&store, LinkAttempt { user: user("sam"), ..attempt(602, "slack") }, 20).await;
    assert_eq!(from_ended_attempts(&store, &listed).await, [], "600 attempts began later");
}

async fn foreign_returns_doubt_to_the_millisecond(fresh: &Fresh) {
    let store = fresh.open().await;
    let own = attempt(9, "slack");
    for (id, user_of, app) in [(1, "jane", "slack"), (2, "jane", "notion"), (3, "sam", "slack")] {
        let one = LinkAttempt { user: user(user_of), began_at_vendor: at(7), ..attempt(id, app) };
        store.begin(&one).await.unwrap();
        let change = one.observe(&Observation::ReturnedElsewhere, &SiblingAttempts::default(), at(30)).unwrap();
        store.commit(&change).await.unwrap();
    }
    let foreign = store.attempt(attempt(1, "slack").id).await.unwrap().unwrap();
    let all = around("slack");
    let implicated = async |beside: &LinkAttempt, began_by: OffsetDateTime| {
        let found =
            store.implicated_by_foreign_returns(beside, &all.iter().collect::<Vec<_>>(), began_by).await.unwrap();
        all.iter().filter(|listed| found.contains(&listed.id)).cloned().collect::<Vec<_>>()
    };
    let expected: Vec<Listed> =
        all.iter().filter(|listed| foreign.implicates(&listed.id, listed.created_at)).cloned().collect();
    assert!(!expected.is_empty());
    assert_eq!(implicated(&own, at(LATER)).await, expected);
    assert_eq!(implicated(&own, at(0)).await, expected);
    assert_eq!(implicated(&own, at(-1)).await, [], "it began later");
    assert_eq!(implicated(&foreign, at(LATER)).await, [], "its own return");
    let elsewhere = LinkAttempt { connector: connector("hubspot"), ..own.clone() };
    assert_eq!(implicated(&elsewhere, at(LATER)).await, expected, "the app is the credential's");
}

async fn thousands_of_credentials_are_told_apart(fresh: &Fresh) {
    let store = fresh.open().await;
    failed(&store, attempt(1, "slack"), 20).await;
    let many = |from: i64, made: i64| -> Vec<Listed> {
        let ids: Vec<String> = (from..from + 1500).map(|number| format!("c{number}")).collect();
        listing("slack", &ids.iter().map(String::as_str).collect::<Vec<_>>(), made).credentials
    };
    let (old, new) = (many(0, -5000), many(5000, 10));
    assert_eq!(from_ended_attempts(&store, &[old, new.clone()].concat()).await, new);
}
