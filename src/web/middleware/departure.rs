//! Detects that the client closed the connection, so that a long poll can stop.

use std::rc::Rc;

use actix_web::HttpRequest;
use tokio::sync::Notify;

/// One per connection, whose requests come one after the other.
#[derive(Clone, Default)]
pub struct ClientGone(Rc<Notify>);

impl ClientGone {
    pub(crate) fn notify(&self) {
        self.0.notify_one();
    }

    /// Completes when the client has closed the connection; never if the connection does not report it.
    pub async fn of(request: &HttpRequest) {
        match request.conn_data::<Self>() {
            Some(departure) => departure.0.notified().await,
            None => std::future::pending().await,
        }
    }
}
