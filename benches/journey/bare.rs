//! The bare server: the same page after the same call, and the same two calls with one committed insert, without
//! anything that makes a product of it: no sessions, no checks, no log, no headers, one table.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use actix_web::{
    App, HttpResponse, HttpServer,
    error::ErrorInternalServerError,
    http::header::{ContentType, LOCATION},
    middleware::Compress,
    web::{self, Data},
};
use gangway::{
    alloy::{AlloyClient, ApiAccess, LinkRules, Timeouts},
    catalogue::Catalogue,
    config::Settings,
    domain::{
        clock::{Entropy as _, SystemClock, SystemEntropy},
        connector::Connector,
    },
    i18n::Language,
    sandbox::API_KEY,
    web::{
        pages::{App as AppShown, Category, Choose, ConnectedApp, Frame, ListedApp, Page as _, Person},
        routes,
    },
};
use serde::{Deserialize, Serialize};
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use time::OffsetDateTime;

use crate::process::RETURN_URL;

struct Bare {
    http: reqwest::Client,
    upstream: String,
    user: String,
    connectors: Vec<Connector>,
    database: SqlitePool,
}

#[derive(Deserialize)]
struct Listed {
    data: Vec<Credential>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credential {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewCredential<'a> {
    user_id: &'a str,
    authentication_type: &'a str,
    redirect_uri: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Started {
    oauth_url: String,
}

/// Serves until it is killed; the first line that it prints is its address.
pub(crate) fn serve(upstream: &str, user: &str, database: &str) -> anyhow::Result<()> {
    actix_web::rt::System::new().block_on(async {
        let bare = Data::new(Bare {
            http: reqwest::Client::builder().no_proxy().build()?,
            upstream: upstream.to_owned(),
            user: user.to_owned(),
            connectors: catalogue(upstream).await?,
            database: open(Path::new(database)).await?,
        });
        let server = HttpServer::new(move || {
            App::new()
                .app_data(bare.clone())
                .wrap(Compress::default())
                .route(routes::CONNECTORS, web::get().to(list))
                .route(routes::LINK, web::post().to(start))
        })
        .tcp_nodelay(true)
        .bind("127.0.0.1:0")?;
        for address in server.addrs() {
            println!("http://{address}");
        }
        Ok(server.run().await?)
    })
}

/// The apps as Gangway has them after its first call: they are no part of what is measured.
async fn catalogue(upstream: &str) -> anyhow::Result<Vec<Connector>> {
    let environment = [("BASE_URL", upstream), ("API_KEY", API_KEY)];
    let environment = environment.map(|(name, value)| (format!("GANGWAY__ALLOY__{name}"), value.to_owned()));
    let settings = Settings::load(None, environment.into_iter())?;
    let links = LinkRules::new(&settings.alloy.allowed_hosts, &settings.server.public_url, true);
    let access = ApiAccess {
        base_url: settings.alloy.base_url.clone(),
        api_key: settings.alloy.api_key.clone(),
        api_version: settings.alloy.api_version.clone(),
    };
    let client = Arc::new(AlloyClient::new(&access, links, Timeouts::default(), Arc::new(SystemEntropy))?);
    let catalogue = Catalogue::new(client, settings.connectors, Arc::new(SystemClock));
    Ok(catalogue.connectors().await?.connectors.to_vec())
}

async fn open(database: &Path) -> anyhow::Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    sqlx::query("create table attempt (state text primary key, user text not null, url text not null)")
        .execute(&pool)
        .await?;
    Ok(pool)
}

impl Bare {
    async fn credentials(&self) -> actix_web::Result<Vec<Credential>> {
        let call = self.http.get(format!("{}/users/{}/credentials", self.upstream, self.user));
        let answer = self.signed(call).send().await.map_err(ErrorInternalServerError)?;
        let listed: Listed = answer.json().await.map_err(ErrorInternalServerError)?;
        Ok(listed.data)
    }

    fn signed(&self, call: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        call.bearer_auth(API_KEY).header("x-api-version", "2025-09").header("x-alloy-userid", &self.user)
    }
}

async fn list(bare: Data<Bare>) -> actix_web::Result<HttpResponse> {
    let page = page(&bare.connectors, &bare.credentials().await?);
    let html = page.render().map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().content_type(ContentType::html()).body(html))
}

async fn start(bare: Data<Bare>, connector: web::Path<String>) -> actix_web::Result<HttpResponse> {
    bare.credentials().await?;
    let mut random = [0; 16];
    SystemEntropy.fill(&mut random);
    let state = format!("{:032x}", u128::from_be_bytes(random));
    let body = NewCredential {
        user_id: &bare.user,
        authentication_type: "oauth2",
        redirect_uri: &format!("http://localhost/callback/{state}"),
    };
    let call = bare.http.post(format!("{}/connectors/{connector}/credentials", bare.upstream)).json(&body);
    let answer = bare.signed(call).send().await.map_err(ErrorInternalServerError)?;
    let started: Started = answer.json().await.map_err(ErrorInternalServerError)?;
    sqlx::query("insert into attempt (state, user, url) values ($1, $2, $3)")
        .bind(&state)
        .bind(&bare.user)
        .bind(&started.oauth_url)
        .execute(&bare.database)
        .await
        .map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, started.oauth_url)).finish())
}

fn page(connectors: &[Connector], credentials: &[Credential]) -> Choose {
    let app = |connector: &Connector| AppShown {
        name: connector.name.as_str().into(),
        icon_url: Some(routes::icon(&connector.id)),
    };
    let mut categories: BTreeMap<&String, usize> = BTreeMap::new();
    for name in connectors.iter().filter_map(|connector| connector.category.as_ref()) {
        *categories.entry(name).or_default() += 1;
    }
    let connected = |connector: &Connector| {
        let own = |known: &&Credential| known.kind.split('-').next() == Some(connector.id.as_str());
        let mut own = credentials.iter().filter(own);
        let first = own.next()?;
        Some(ConnectedApp {
            app: app(connector),
            url: routes::connector(&connector.id),
            account: first.name.as_str().into(),
            since: Some(Language::default().day(first.created_at, first.created_at)),
            others: own.count(),
            needs_attention: false,
        })
    };
    Choose {
        frame: Frame {
            host: "Acme Notes".into(),
            logo_url: None,
            return_url: Some(RETURN_URL.to_owned()),
            person: Some(Person { name: Some("Jane Doe".into()), email: Some("jane@acme.test".into()) }),
            ..Frame::default()
        },
        all_url: routes::CONNECTORS.to_owned(),
        query: "".into(),
        categories: categories
            .into_iter()
            .map(|(name, count)| Category {
                value: name.clone(),
                name: name.into(),
                url: routes::category(name),
                count,
                current: false,
            })
            .collect(),
        connected: connectors.iter().filter_map(connected).collect(),
        connected_unknown: false,
        stale: false,
        apps: connectors
            .iter()
            .map(|connector| ListedApp {
                app: app(connector),
                url: routes::connector(&connector.id),
                line: connector.description.as_ref().or(connector.category.as_ref()).map(Into::into),
                category: connector.category.as_ref().filter(|_| connector.description.is_some()).map(Into::into),
            })
            .collect(),
    }
}
