//! What operators ask for, on a listener of its own.

use actix_web::{
    HttpResponse,
    web::{self, ServiceConfig},
};

use crate::{gangway::Gangway, routes::admin};

/// The addresses of the admin listener.
pub fn addresses(services: &mut ServiceConfig) {
    services.route(admin::HEALTH, web::get().to(HttpResponse::Ok)).route(admin::READY, web::get().to(ready));
}

/// Ready while the store can be reached and nobody asked us to stop, and nothing else: an outage of the vendor must not
/// take our own pages down.
async fn ready(gangway: web::Data<Gangway>) -> HttpResponse {
    if gangway.draining.is_on() {
        return HttpResponse::ServiceUnavailable().finish();
    }
    match gangway.store.ping().await {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(error) => {
            tracing::error!(%error, "the store cannot be reached");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}
