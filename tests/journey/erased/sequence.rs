//! Events of a user who comes back after an erasure.

use crate::receiver::Receiver;

#[tokio::test]
async fn sequence_starts_again_after_an_erasure() {
    let receiver = Receiver::listen();
    let app = receiver.with_app().await;
    app.happens_to("jane").await;
    app.happens_to("jane").await;
    app.until("both events", async || receiver.sequences("jane") == [1, 2]).await;
    assert_eq!(app.api("DELETE", "/users/jane", None).await.0, 204);
    app.happens_to("jane").await;
    app.until("the next event", async || receiver.sequences("jane") == [1, 2, 1]).await;
}
