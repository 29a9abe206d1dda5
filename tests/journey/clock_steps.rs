//! The machine's clock is set, ten minutes to and fro, while people are on their way.

use time::Duration;

use crate::receiver::Receiver;

#[tokio::test]
async fn ten_minutes_to_and_fro_lose_nobody_and_no_event() {
    for step in [Duration::minutes(10), Duration::minutes(-10)] {
        let receiver = Receiver::listen();
        let app = receiver.with_app().await;
        let mut jane = app.arrived().await;
        let leaving = jane.leave_for("slack").await;
        app.clock.pass(step);
        let back = app.sandbox.approve(&leaving).unwrap().unwrap();
        assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected", "{step}");
        assert_eq!(jane.link_and_allow(&app.sandbox, "notion").await.heading(), "Notion is connected", "{step}");
        app.until("every event of what was linked", async || receiver.sequences("jane") == [1, 2, 3, 4]).await;

        // Nobody comes back for this one, and somebody else did for that one: the reconciler works on, too.
        let given_away = jane.leave_for("hubspot").await;
        app.clock.pass(-step);
        let back = app.sandbox.approve(&given_away).unwrap().unwrap();
        app.browser().navigate(&back, "cross-site").await;
        app.until("the removal", async || app.held("jane").len() == 2).await;
        let attempt = app.last_attempt("jane", "hubspot").await;
        assert_eq!(
            (attempt["state"].as_str(), attempt["reason"].as_str()),
            (Some("unverified"), Some("foreign_return"))
        );
        app.until("every event", async || receiver.sequences("jane") == [1, 2, 3, 4, 5, 6, 7]).await;
    }
}
