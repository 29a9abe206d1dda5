//! Detects that the client closed the connection, so that a long poll can stop.

use std::rc::Rc;

use actix_web::HttpRequest;
use tokio::sync::Notify;

/// One per connection; its requests are served one after the other.
#[derive(Clone, Default)]
pub struct ClientGone(Rc<Notify>);

impl ClientGone {
    pub(crate) fn notify(&self) {
        self.0.notify_one();
    }

    /// Completes when the client has closed the connection. Never completes if the connection does not report it.
    pub async fn of(request: &HttpRequest) {
        match request.conn_data::<Self>() {
            Some(departure) => departure.0.notified().await,
            None => std::future::pending().await,
        }
    }
}
