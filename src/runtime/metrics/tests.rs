use super::*;

#[test]
fn metrics_are_rendered_without_client_input() {
    let upstream = UpstreamCalls::default();
    let (metrics, other) = (Metrics::new(&upstream), Metrics::new(&UpstreamCalls::default()));
    metrics.request("/start", "GET", 200, Duration::from_millis(3));
    metrics.request("none", "FORGED\"} 1", 404, Duration::from_millis(3));
    upstream.record("list_connectors", "ok", Duration::from_millis(30));
    metrics.delivery(Delivered::Accepted, Duration::from_millis(30));
    let held = metrics.hold();
    let text = metrics.render(&State { store_answers: true, waiting: Some((2, 61)), ..State::default() });
    for line in [
        "gangway_requests_total{route=\"/start\",method=\"GET\",status=\"2xx\"} 1",
        "gangway_requests_total{route=\"none\",method=\"other\",status=\"4xx\"} 1",
        "gangway_request_duration_seconds_count{route=\"/start\",method=\"GET\"} 1",
        "gangway_upstream_calls_total{call=\"list_connectors\",outcome=\"ok\"} 1",
        "gangway_deliveries_total{outcome=\"accepted\"} 1",
        "gangway_long_polls 1",
        "gangway_store_up 1",
        "gangway_outbox_waiting 2",
        "gangway_outbox_oldest_age_seconds 61",
    ] {
        assert!(text.lines().any(|rendered| rendered == line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("FORGED"), "{text}");
    drop(held);
    // Values that the store did not return stay unchanged.
    let text = metrics.render(&State::default());
    assert!(text.contains("gangway_long_polls 0\n") && text.contains("gangway_outbox_waiting 2\n"), "{text}");
    assert!(!other.render(&State::default()).contains("/start"), "another Gangway counts for itself");
}
