//! `gangway health`: the health check of a container.

use std::{
    io::{Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context as _, bail};

use super::Terminal;
use crate::web::routes::admin;

const TIMEOUT: Duration = Duration::from_secs(2);

/// Calls `/readyz` of the admin listener. Any failure is an error.
pub(crate) fn run(admin_bind: SocketAddr, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    let address = reachable_address(admin_bind);
    let status =
        request_status(address).with_context(|| format!("nothing answers at {address} (server.admin_bind)"))?;
    if status != "200" {
        bail!("not ready: {address} answers {status}. Its database is away, or it is about to stop");
    }
    terminal.say("Gangway is ready.");
    Ok(())
}

/// The address at which this machine reaches the listener.
fn reachable_address(bind: SocketAddr) -> SocketAddr {
    let ip = match bind.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, bind.port())
}

/// Returns the status of the response. Written by hand because it needs no TLS, connection pool or runtime.
fn request_status(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let request = format!("GET {} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n", admin::READY);
    stream.write_all(request.as_bytes())?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    Ok(String::from_utf8_lossy(&head).split(' ').nth(1).unwrap_or_default().to_owned())
}
