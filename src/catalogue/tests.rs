use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use serde_json::{Value, json};
use time::OffsetDateTime;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

use super::*;
use crate::{
    alloy::{Timeouts, client::tests::client_of},
    domain::clock::{Clock, from_millis},
};

/// A manual clock.
#[derive(Default)]
struct Held(AtomicI64);

impl Held {
    fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::Relaxed);
    }
}

impl Clock for Held {
    fn now(&self) -> OffsetDateTime {
        from_millis(self.0.load(Ordering::Relaxed))
    }
}

struct Scene {
    server: MockServer,
    clock: Arc<Held>,
    catalogue: Arc<Catalogue>,
}

async fn scene(settings: Connectors) -> Scene {
    let server = MockServer::start().await;
    let clock = Arc::new(Held::default());
    let client = Arc::new(client_of(&server.uri(), Timeouts::default()));
    let shared: SharedClock = Arc::<Held>::clone(&clock);
    Scene { server, clock, catalogue: Arc::new(Catalogue::new(client, settings, shared)) }
}

impl Scene {
    /// Sets the upstream's response at that path.
    async fn answers(&self, at: &str, answer: ResponseTemplate) {
        Mock::given(path(at)).respond_with(answer).mount(&self.server).await;
    }

    async fn lists(&self, ids: &[&str]) {
        let connectors: Vec<Value> = ids.iter().map(|id| json!({"id": id, "name": id})).collect();
        self.answers("/connectors", ResponseTemplate::new(200).set_body_json(json!({"connectors": connectors}))).await;
    }

    async fn calls(&self) -> usize {
        self.server.received_requests().await.unwrap().len()
    }

    /// Polls until the offer meets the condition, because refreshes run in the background.
    async fn until(&self, wanted: impl Fn(&Offer) -> bool) -> Offer {
        let asking = async {
            loop {
                let offer = self.catalogue.connectors().await.unwrap();
                if wanted(&offer) {
                    return offer;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), asking).await.unwrap()
    }
}

fn ids(offer: &Offer) -> Vec<&str> {
    offer.connectors.iter().map(|connector| connector.id.as_str()).collect()
}

fn table(id: &str, table: ConnectorSettings) -> Connectors {
    let table = ConnectorSettings { id: id.to_owned(), enabled: true, ..table };
    Connectors { allowed: Vec::new(), each: [(id.to_lowercase(), table)].into() }
}

fn unserved() -> ResponseTemplate {
    ResponseTemplate::new(404).set_body_raw("<pre>Cannot GET</pre>", "text/html")
}

#[tokio::test]
async fn one_call_serves_all_who_ask_within_five_minutes() {
    let scene = scene(Connectors::default()).await;
    scene.lists(&["slack", "notion"]).await;
    let all = futures_util::future::join_all((0..10).map(|_| scene.catalogue.connectors())).await;
    assert!(all.into_iter().all(|offer| ids(&offer.unwrap()) == ["notion", "slack"]));
    scene.clock.pass(299);
    assert!(!scene.catalogue.connectors().await.unwrap().stale);
    assert_eq!(scene.calls().await, 1);
}

#[tokio::test]
async fn an_old_answer_is_served_at_once_while_a_new_one_is_fetched() {
    let scene = scene(Connectors::default()).await;
    scene.lists(&["slack"]).await;
    scene.catalogue.connectors().await.unwrap();
    scene.server.reset().await;
    scene.lists(&["slack", "notion"]).await;
    scene.clock.pass(301);
    let old = scene.catalogue.connectors().await.unwrap();
    assert_eq!((ids(&old), old.stale), (vec!["slack"], false));
    scene.until(|offer| offer.connectors.len() == 2).await;
    assert_eq!(scene.calls().await, 1);
}

#[tokio::test]
async fn the_last_good_answer_outlives_an_outage_and_says_so() {
    let scene = scene(Connectors::default()).await;
    scene.lists(&["slack"]).await;
    scene.catalogue.connectors().await.unwrap();
    scene.server.reset().await;
    scene.answers("/connectors", ResponseTemplate::new(503)).await;
    scene.clock.pass(301);
    let during = scene.until(|offer| offer.stale).await;
    assert_eq!(ids(&during), ["slack"]);
    scene.server.reset().await;
    scene.lists(&["slack", "notion"]).await;
    scene.clock.pass(3);
    let after = scene.until(|offer| !offer.stale).await;
    assert_eq!(after.connectors.len(), 2);
}

#[tokio::test]
async fn without_any_answer_yet_the_failure_is_told_and_not_kept() {
    let scene = scene(Connectors::default()).await;
    scene.answers("/connectors", ResponseTemplate::new(503)).await;
    assert!(matches!(scene.catalogue.connectors().await, Err(AlloyError::Unavailable { .. })));
    scene.server.reset().await;
    scene.lists(&["slack"]).await;
    assert_eq!(ids(&scene.catalogue.connectors().await.unwrap()), ["slack"]);
}

#[tokio::test]
async fn the_settings_stand_in_where_only_the_documented_endpoint_is_served() {
    let settings = table(
        "zohoCRM",
        ConnectorSettings {
            name: Some("Zoho".into()),
            auth_config_id: Some("abc".into()),
            ..ConnectorSettings::default()
        },
    );
    let scene = scene(settings).await;
    scene.answers("/connectors", unserved()).await;
    let offer = scene.catalogue.connectors().await.unwrap();
    assert_eq!((ids(&offer), offer.stale), (vec!["zohoCRM"], false));
    let zoho = scene.catalogue.connector("ZOHOcrm").await.unwrap().unwrap();
    scene.answers("/connectors/zohoCRM/credentials/metadata", unserved()).await;
    let methods = scene.catalogue.methods(&zoho.id).await.unwrap();
    assert_eq!(methods.len(), 1);
    assert_eq!(methods[0].authentication_type.as_str(), "oauth2");
    assert!(methods[0].fields.is_empty() && methods[0].wants_redirect);
    assert_eq!(methods[0].auth_config_id.as_deref(), Some("abc"));
}

#[tokio::test]
async fn an_id_that_is_none_is_never_asked_for() {
    let scene = scene(Connectors { allowed: vec!["SLACK".to_owned()], ..Connectors::default() }).await;
    scene.lists(&["slack", "slack-enterprise"]).await;
    for id in ["..%2f..%2fadmin", "../admin", "a\r\nb", "\0", "", "slack-enterprise"] {
        assert!(scene.catalogue.connector(id).await.unwrap().is_none(), "{id:?}");
    }
    assert_eq!(scene.catalogue.connector("slack").await.unwrap().unwrap().id.as_str(), "slack");
    assert_eq!(scene.calls().await, 1);
    let known = scene.catalogue.connectors().await.unwrap().known;
    assert_eq!(known.len(), 2, "an app that may not be linked still tells its credentials from another's");
}

#[tokio::test]
async fn an_auth_config_goes_with_the_ways_that_lead_to_the_provider() {
    let table =
        table("trello", ConnectorSettings { auth_config_id: Some("abc".into()), ..ConnectorSettings::default() });
    let scene = scene(table).await;
    let key = json!({"properties": {"data": {"properties": {"apiKey": {"type": "string"}}}}});
    let closed = json!({"properties": {"redirectUri": {}}, "additionalProperties": false});
    let metadata = json!({"metadata": [
        {"authenticationType": "oauth2", "authConfigRequired": true, "inputSchema": {}},
        {"authenticationType": "oauth1", "inputSchema": {"properties": {"redirectUri": {}}}},
        {"authenticationType": "closed", "inputSchema": closed},
        {"authenticationType": "apiKey", "authConfigRequired": false, "inputSchema": key},
        {"authenticationType": "odd", "inputSchema": {"required": ["certificate"]}},
    ]});
    scene.answers("/connectors/trello/credentials/metadata", ResponseTemplate::new(200).set_body_json(metadata)).await;
    let methods = scene.catalogue.methods(&ConnectorId::parse("trello").unwrap()).await.unwrap();
    let sent: Vec<_> =
        methods.iter().map(|form| (form.authentication_type.as_str(), form.auth_config_id.is_some())).collect();
    assert_eq!(sent, [("oauth2", true), ("oauth1", true), ("closed", false), ("apiKey", false)]);
}
