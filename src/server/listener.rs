//! Serves an app on a socket. Replaces actix-web's `HttpServer`, which does not accept a [`TimedStream`].

mod watched_body;

use std::{fmt, io, net::TcpListener, sync::Arc, time::Duration};

use actix_http::{
    ConnectionType, HttpService, KeepAlive, Protocol, Request, Response, body::MessageBody, error::DispatchError,
};
use actix_server::{Server, ServerBuilder};
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt as _, apply_fn_factory, fn_service, map_config,
};
use actix_web::{Error, dev::AppConfig};
use anyhow::Context as _;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::timed_stream::{Arrivals, PhaseHandle, TimedStream};
use crate::config::Settings;

/// Timeout for a client to stop sending on a connection that is being closed.
const LINGER: Duration = Duration::from_secs(5);

/// The sockets, bound first so that their ports are known.
pub struct Listeners {
    /// For browsers and the host.
    pub public: TcpListener,
    /// For operators only.
    pub admin: TcpListener,
}

impl Listeners {
    /// Binds both addresses. Errors name the setting.
    pub fn bind(settings: &Settings) -> anyhow::Result<Self> {
        let bind =
            |name, address| TcpListener::bind(address).with_context(|| format!("{name} cannot be bound to {address}"));
        Ok(Self {
            public: bind("server.bind", settings.server.bind)?,
            admin: bind("server.admin_bind", settings.server.admin_bind)?,
        })
    }
}

pub(crate) struct Terms {
    /// Maximum time between two requests of a connection.
    pub(crate) keep_alive: Duration,
    pub(crate) arrivals: Arc<Arrivals>,
    /// From now on each response ends its connection, so that a proxy has no idle one left when the listener closes.
    pub(crate) shutdown: CancellationToken,
}

pub(crate) fn listen<I, S, B>(
    server: ServerBuilder,
    socket: TcpListener,
    terms: Terms,
    app: impl Fn() -> I + Send + Clone + 'static,
) -> io::Result<Server>
where
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Service: 'static,
    S::Error: Into<Error> + 'static,
    S::InitError: fmt::Debug,
    S::Response: Into<Response<B>> + 'static,
    <S::Service as Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
{
    let stopping = server.graceful_shutdown_signal();
    let Terms { keep_alive, arrivals, shutdown } = terms;
    let name = format!("gangway {}", socket.local_addr()?);
    let server = server.disable_signals().listen(name, socket, move || {
        let (stopping, shutdown, arrivals) = (stopping.clone(), shutdown.clone(), arrivals.clone());
        let app = apply_fn_factory(app().into_factory(), move |mut request: Request, app: &S::Service| {
            let phase = request.conn_data::<PhaseHandle>().cloned();
            if let Some(phase) = &phase {
                phase.request_started();
            }
            let body = watched_body::watch(&mut request);
            let (response, shutdown) = (app.call(request), shutdown.clone());
            async move {
                let response = response.await;
                if let Some(phase) = &phase {
                    phase.response_ready(body.is_unread());
                }
                let mut response: Response<B> = response?.into();
                if shutdown.is_cancelled() {
                    response.head_mut().set_connection_type(ConnectionType::Close);
                }
                Ok::<_, S::Error>(response)
            }
        });
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            // [`TimedStream`] has these timeouts.
            .keep_alive(KeepAlive::Os)
            .client_request_timeout(Duration::ZERO)
            .client_disconnect_timeout(LINGER)
            .on_connect_ext(|stream: &TimedStream, data| {
                data.insert(stream.phase.clone());
                data.insert(stream.departure.clone());
            })
            .finish(map_config(app.map_err(|error| error.into().error_response()), |()| AppConfig::default()));
        fn_service(move |stream: TcpStream| {
            // A compressed page is sent in several packets; Nagle's algorithm would delay each until an
            // acknowledgement.
            stream.set_nodelay(true).ok();
            let peer = stream.peer_addr().ok();
            let stream = TimedStream::new(stream, keep_alive, arrivals.clone());
            async move { Ok::<_, DispatchError>((stream, Protocol::Http1, peer)) }
        })
        .and_then(http)
    })?;
    Ok(server.run())
}
