//! What the operator's Prometheus reads of what people do.

use gangway::sandbox::{Fault, Route};
use serde_json::json;
use time::Duration;

use crate::{
    app::TestApp,
    provider::redirect_uri,
    receiver::{Deed, Receiver},
};

/// The value of the series that is written so, 0 if there is none.
fn value(metrics: &str, series: &str) -> f64 {
    let found = metrics.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    found.map_or(0.0, |value| value.parse().unwrap())
}

fn assert_values(metrics: &str, expected: &[(&str, f64)]) {
    for (series, count) in expected {
        assert_eq!(value(metrics, series), *count, "{series} in\n{metrics}");
    }
}

#[tokio::test]
async fn how_far_people_come_is_counted_step_by_step_and_end_by_end() {
    let app = TestApp::spawn().await;
    // Without a catalogue the host may name any app.
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::ListConnectors));
    app.arrived_with(json!({ "connector": "made-up-by-the-host" })).await;
    app.sandbox.switch_all_off();
    let mut jane = app.arrived_with(json!({ "connector": "SLACK" })).await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let leaving = jane.leave_for("notion").await;
    let back = jane.navigate(&format!("{}?error=access_denied", redirect_uri(&leaving)), "cross-site").await;
    jane.get(back.location()).await;
    let saved = jane.link("shippo", &[("data.token", "shippo_live_1")]).await;
    jane.get(saved.location()).await;

    let metrics = app.metrics().await;
    assert_values(
        &metrics,
        &[
            ("gangway_journey_total{step=\"arrived\",connector=\"other\"}", 1.0),
            ("gangway_journey_total{step=\"arrived\",connector=\"slack\"}", 1.0),
            ("gangway_journey_total{step=\"began\",connector=\"slack\"}", 1.0),
            ("gangway_journey_total{step=\"began\",connector=\"notion\"}", 1.0),
            ("gangway_journey_total{step=\"returned\",connector=\"slack\"}", 1.0),
            ("gangway_journey_total{step=\"returned\",connector=\"notion\"}", 1.0),
            ("gangway_journey_total{step=\"linked\",connector=\"slack\"}", 1.0),
            ("gangway_journey_total{step=\"linked\",connector=\"shippo\"}", 1.0),
            ("gangway_attempts_total{connector=\"slack\",end=\"linked\",reason=\"new\"}", 1.0),
            ("gangway_attempts_total{connector=\"notion\",end=\"denied\",reason=\"access_denied\"}", 1.0),
            ("gangway_attempts_total{connector=\"shippo\",end=\"linked\",reason=\"key_saved\"}", 1.0),
            // Nothing is sent, so nothing waits.
            ("gangway_outbox_waiting", 0.0),
            ("gangway_store_up", 1.0),
            ("gangway_upstream_key_refused", 0.0),
            ("gangway_long_polls", 0.0),
            ("gangway_build_info{version=\"0.1.0\"}", 1.0),
        ],
    );
    assert!(!metrics.contains("made-up"), "{metrics}");
    app.arrived_with(json!({ "connector": "SLACK" })).await;
    assert_values(&app.metrics().await, &[("gangway_journey_total{step=\"arrived\",connector=\"slack\"}", 2.0)]);
}

#[tokio::test]
async fn requests_are_counted_by_patterns_and_problems_by_name() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.get("/connectors/slack").await;
    for path in ["/nothing/here", "/made/up", "/api/v1/nothing"] {
        app.request("GET", path).send().await.unwrap();
    }
    app.request("BREW", "/start").send().await.unwrap();
    app.request("POST", "/api/v1/connect-sessions").send().await.unwrap();
    let metrics = app.metrics().await;
    assert_values(
        &metrics,
        &[
            ("gangway_requests_total{route=\"/connectors/{connector}\",method=\"GET\",status=\"2xx\"}", 1.0),
            ("gangway_request_duration_seconds_count{route=\"/connectors/{connector}\",method=\"GET\"}", 1.0),
            ("gangway_requests_total{route=\"none\",method=\"GET\",status=\"4xx\"}", 3.0),
            ("gangway_requests_total{route=\"/start\",method=\"other\",status=\"4xx\"}", 1.0),
            ("gangway_requests_total{route=\"/api/v1/connect-sessions\",method=\"POST\",status=\"4xx\"}", 1.0),
            ("gangway_problems_total{problem=\"unauthorized\"}", 1.0),
        ],
    );
    assert!(!metrics.contains("made/up") && !metrics.contains("BREW"), "{metrics}");
}

#[tokio::test]
async fn how_alloy_is_shows_in_calls_breaker_and_key() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.get("/connectors").await;
    app.sandbox.switch_on(Fault::KeyRefused.on(Route::ListUserCredentials));
    jane.get("/connectors").await;
    let metrics = app.metrics().await;
    assert_values(
        &metrics,
        &[
            ("gangway_upstream_calls_total{call=\"list_connectors\",outcome=\"ok\"}", 1.0),
            ("gangway_upstream_call_duration_seconds_count{call=\"list_connectors\"}", 1.0),
            ("gangway_upstream_key_refused", 1.0),
            ("gangway_upstream_breaker_open", 0.0),
        ],
    );
    app.sandbox.switch_all_off();
    jane.get("/connectors").await;
    assert_values(&app.metrics().await, &[("gangway_upstream_key_refused", 0.0)]);
    app.sandbox.switch_on(Fault::ServerErrors);
    for _ in 0..6 {
        jane.get("/connectors").await;
    }
    assert_values(&app.metrics().await, &[("gangway_upstream_breaker_open", 1.0)]);
}

#[tokio::test]
async fn a_locked_or_broken_store_is_told_and_the_rest_is_told_without_it() {
    let app = TestApp::spawn().await;
    app.in_the_database("alter table outbox rename to gone").await;
    let metrics = app.metrics().await;
    assert_values(&metrics, &[("gangway_store_up", 0.0), ("gangway_build_info{version=\"0.1.0\"}", 1.0)]);
    app.in_the_database("alter table gone rename to outbox").await;
    assert_values(&app.metrics().await, &[("gangway_store_up", 1.0)]);
}

#[tokio::test]
async fn a_receiver_that_is_down_shows_in_what_waits_and_one_that_is_gone_is_said_to_be() {
    let receiver = Receiver::listen();
    receiver.does(|_| Deed::Status(500));
    let app = receiver.with_app().await;
    app.happens_to("jane").await;
    let is = async |series: &str, count: f64| value(&app.metrics().await, series) == count;
    app.until("the try", async || is("gangway_deliveries_total{outcome=\"postponed\"}", 1.0).await).await;
    // It is counted before it is kept: time that passes in between would take the lease from it.
    let listed = async || app.api("GET", "/webhook-deliveries", None).await.1;
    app.until("its keeping", async || listed().await["webhook_deliveries"][0]["next_at"].is_string()).await;
    app.clock.pass(Duration::seconds(100));
    let metrics = app.metrics().await;
    assert_values(&metrics, &[("gangway_outbox_waiting", 1.0), ("gangway_receiver_gone", 0.0)]);
    assert!(value(&metrics, "gangway_outbox_oldest_age_seconds") >= 100.0, "{metrics}");
    receiver.does(|_| Deed::Status(200));
    app.until("the delivery", async || is("gangway_outbox_waiting", 0.0).await).await;
    assert_values(&app.metrics().await, &[("gangway_deliveries_total{outcome=\"accepted\"}", 1.0)]);
    receiver.does(|_| Deed::Status(410));
    app.happens_to("jane").await;
    app.until("the end", async || is("gangway_receiver_gone", 1.0).await).await;
    app.until("its count", async || is("gangway_deliveries_total{outcome=\"gone\"}", 1.0).await).await;
}
