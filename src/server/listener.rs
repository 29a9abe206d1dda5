//! From a socket to the app. actix-web's own way of listening (`HttpServer`) takes no other stream than its own, so the
//! parts that it is made of are put together here around ours.

use std::{fmt, io, net::TcpListener, time::Duration};

use actix_http::{HttpService, KeepAlive, Protocol, Request, Response, body::MessageBody, error::DispatchError};
use actix_server::{Server, ServerBuilder};
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt as _, apply_fn_factory, fn_service, map_config,
};
use actix_web::{Error, dev::AppConfig};
use tokio::net::TcpStream;

use super::patient::{Patient, Turn};

/// How long a connection that is to be closed may go on sending what nobody wants.
const LINGER: Duration = Duration::from_secs(1);

/// Lets that app answer on that socket, to clients with as much time as [`Patient`] gives them.
///
/// # Errors
/// When the socket cannot be listened on.
pub(crate) fn listen<I, S, B>(
    server: ServerBuilder,
    socket: TcpListener,
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
    let name = format!("gangway {}", socket.local_addr()?);
    let server = server.disable_signals().listen(name, socket, move || {
        let stopping = stopping.clone();
        let app = apply_fn_factory(app().into_factory(), |request: Request, app: &S::Service| {
            let turn = request.conn_data::<Turn>().cloned();
            if let Some(turn) = &turn {
                turn.is_ours();
            }
            let answer = app.call(request);
            async move {
                let answer = answer.await;
                if let Some(turn) = &turn {
                    turn.is_theirs();
                }
                answer
            }
        });
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            // Both are up to the stream.
            .keep_alive(KeepAlive::Os)
            .client_request_timeout(Duration::ZERO)
            .client_disconnect_timeout(LINGER)
            .on_connect_ext(|stream: &Patient, known| {
                known.insert(stream.turn());
                known.insert(stream.departure());
            })
            .finish(map_config(app.map_err(|error| error.into().error_response()), |()| AppConfig::default()));
        fn_service(|stream: TcpStream| async {
            // A compressed page leaves in several pieces; without this each waits for the browser's word on the last.
            stream.set_nodelay(true).ok();
            let peer = stream.peer_addr().ok();
            Ok::<_, DispatchError>((Patient::new(stream), Protocol::Http1, peer))
        })
        .and_then(http)
    })?;
    Ok(server.run())
}
