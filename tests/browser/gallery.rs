//! Every page in every variant, served as the product serves it, for those who judge each.

use std::{collections::BTreeMap, net::TcpListener};

use actix_web::{
    App, HttpResponse, HttpServer, Responder,
    http::header,
    middleware::from_fn,
    web::{self, Data, Path},
};
use gangway::{
    config::Settings,
    i18n::{Language, Languages},
    web::{
        middleware::security_headers::{SecurityHeaders, security_headers},
        pages, routes, static_files,
    },
};

use crate::browser::Browser;

/// Every language that we ship.
pub(crate) fn all_languages() -> Vec<String> {
    Languages::default().iter().map(|language| language.tag().to_owned()).collect()
}

/// Every page in every variant in that language, as `en/choose` and its HTML; `en-XA` is the one that nobody speaks. All
/// judges take the pages from here.
pub(crate) fn samples(language: &str) -> BTreeMap<String, String> {
    let shipped = Languages::default();
    let spoken = if language == "en-XA" { Language::pseudo() } else { shipped.find(language).unwrap().clone() };
    let own = if language == "en" { pages::samples_for_integrators() } else { Vec::new() };
    let all = pages::samples(&spoken).into_iter().chain(own);
    all.map(|(name, html)| (format!("{language}/{name}"), html)).collect()
}

/// Asks a judge about every page; it objects in words. That it can, it proves first: by what is wrong on a page, each with
/// words of the objection that it must raise.
pub(crate) async fn hold(language: &str, judge: impl AsyncFn(&Browser) -> Vec<String>, wrong: &[(&str, &str)]) {
    let named = |place| format!("wrong/{place}");
    let samples = samples(language);
    let pages = wrong.iter().enumerate().map(|(place, (_, html))| (named(place), around(html)));
    let gallery = open(pages.chain(samples.clone()).collect());
    let browser = Browser::open().await;
    for (place, (words, html)) in wrong.iter().enumerate() {
        browser.goto(&format!("{gallery}/{}", named(place))).await;
        let said = judge(&browser).await;
        assert!(said.iter().any(|objection| objection.contains(words)), "not {words:?} but {said:?} of {html}");
    }
    browser.complaints().await;
    let mut objections = Vec::new();
    for name in samples.keys() {
        browser.goto(&format!("{gallery}/{name}")).await;
        browser.ends_the_guard().await;
        objections.extend(judge(&browser).await.into_iter().map(|objection| format!("{name}: {objection}")));
    }
    browser.has_nothing_to_complain_of().await;
    assert!(objections.is_empty(), "\n{}\n", objections.join("\n"));
}

/// A page with nothing wrong but what is put into it.
fn around(html: &str) -> String {
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <title>Apps</title><main><h1>Apps</h1>{html}</main></html>"
    )
}

/// Opens a gallery of these pages; gives its address. It ends with the test.
fn open(pages: BTreeMap<String, String>) -> String {
    let pages = Data::new(pages);
    let headers = Data::new(SecurityHeaders::new(&Settings::load(None, std::iter::empty()).unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(pages.clone())
            .app_data(headers.clone())
            .route(routes::ASSET, web::get().to(static_files::file))
            .route(routes::ICON, web::get().to(icon))
            .route(routes::ATTEMPT_STATUS, web::get().to(HttpResponse::NoContent))
            .route(routes::WINDOW_LEFT, web::post().to(HttpResponse::NoContent))
            .route("/{group}/{page}", web::get().to(page))
            .wrap(from_fn(security_headers))
    });
    tokio::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
    address
}

async fn page(name: Path<(String, String)>, pages: Data<BTreeMap<String, String>>) -> HttpResponse {
    let (group, page) = name.into_inner();
    let Some(html) = pages.get(&format!("{group}/{page}")) else { return HttpResponse::NotFound().finish() };
    let mut answer = HttpResponse::Ok();
    answer.content_type("text/html; charset=utf-8");
    // What is wrong there is written into the page itself.
    if group == "wrong" {
        answer.insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'self' 'unsafe-inline'"));
    }
    answer.body(html.clone())
}

/// Any app's picture.
async fn icon() -> impl Responder {
    let drawn = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="#2150d8"/></svg>"##;
    HttpResponse::Ok().content_type("image/svg+xml").body(drawn)
}
