//! Pages of a provider besides its consent page: the messages of a channel, and the installed apps, where a user removes
//! an app's access. The sandbox asks for no sign-in.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};

use super::{
    messages::{GENERAL, Message},
    pages::{self, Channel, InstalledApp, InstalledApps, Posted},
    redirect::{found, parameter},
    world::World,
};

/// `GET /provider/{connector}/app_redirect?channel`: the provider's address for links to a channel.
pub(super) async fn app_redirect(
    request: HttpRequest,
    connector_id: web::Path<String>,
    world: web::Data<World>,
) -> HttpResponse {
    let channel = parameter(request.query_string(), "channel").unwrap_or_else(|| GENERAL.to_owned());
    let channel = world.messages.channel_name(&channel);
    let channel = percent_encoding::utf8_percent_encode(&channel, percent_encoding::NON_ALPHANUMERIC);
    found(&format!("{}/provider/{connector_id}/channels/{channel}", world.base_url))
}

/// `GET /provider/{connector}/channels/{channel}`
pub(super) async fn channel(path: web::Path<(String, String)>, world: web::Data<World>) -> HttpResponse {
    let (connector_id, channel) = path.into_inner();
    let Some(connector) = world.catalogue.find(&connector_id) else { return unknown() };
    let channel = world.messages.channel_name(&channel);
    let all: Vec<Message> =
        world.messages.all().into_iter().filter(|message| message.connector == connector_id).collect();
    let mut channels: Vec<&str> = all.iter().map(|message| message.channel.as_str()).collect();
    channels.extend([GENERAL, &channel]);
    channels.sort_unstable();
    channels.dedup();
    let here = all.iter().filter(|message| message.channel == channel);
    let page = Channel {
        connector: &connector.name,
        connector_id: &connector.id,
        channel: &channel,
        channels,
        messages: here.map(|message| Posted { time: message.at.get(11..16).unwrap_or_default(), message }).collect(),
    };
    pages::html(StatusCode::OK, &page)
}

/// `GET /provider/{connector}/apps`
pub(super) async fn installed_apps(connector_id: web::Path<String>, world: web::Data<World>) -> HttpResponse {
    let Some(connector) = world.catalogue.find(&connector_id) else { return unknown() };
    let ledger = world.ledger();
    let of_connector = ledger.of_connector(&connector.id).into_iter();
    let apps = of_connector.filter(|(_, credential)| credential.kind.ends_with("-oauth2"));
    let page = InstalledApps {
        connector: &connector.name,
        connector_id: &connector.id,
        apps: apps
            .map(|(user, credential)| InstalledApp {
                credential_id: &credential.credential_id,
                account: &credential.name,
                user: user.full_name.as_deref().unwrap_or(&user.username),
                since: credential.created_at.get(..10).unwrap_or_default(),
                works: credential.works,
            })
            .collect(),
    };
    pages::html(StatusCode::OK, &page)
}

/// `POST /provider/{connector}/apps`: removes the access of the form's `credential`. Alloy is not notified.
pub(super) async fn remove_access(
    form: String,
    connector_id: web::Path<String>,
    world: web::Data<World>,
) -> HttpResponse {
    let credential = parameter(&form, "credential").unwrap_or_default();
    if world.ledger_mut().set_works(&credential, false) {
        found(&format!("{}/provider/{connector_id}/apps", world.base_url))
    } else {
        unknown()
    }
}

fn unknown() -> HttpResponse {
    pages::message(StatusCode::NOT_FOUND, "There is nothing here", "The address may be old, or mistyped.")
}
