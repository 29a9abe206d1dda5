//! Whether whoever asked is still there: a request that is held on purpose is not held for nobody.

use std::rc::Rc;

use actix_web::HttpRequest;
use tokio::sync::Notify;

/// Tells a request that its connection has nobody at the other end any more. A connection has one, and its requests
/// come one after the other.
#[derive(Clone, Default)]
pub struct Departure(Rc<Notify>);

impl Departure {
    /// The other end has sent its last.
    pub fn has_left(&self) {
        self.0.notify_one();
    }

    /// Done once whoever sent that request has gone; never, where the connection does not say so.
    pub async fn of(request: &HttpRequest) {
        match request.conn_data::<Self>() {
            Some(departure) => departure.0.notified().await,
            None => std::future::pending().await,
        }
    }
}
