//! `gangway health`: whether the Gangway of these settings is ready, for whoever runs containers.

use std::{
    io::{Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context as _, bail};

use super::Terminal;
use crate::web::routes::admin;

/// How long it may take to say so.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks the admin listener.
///
/// # Errors
/// When nothing answers there, or says that it is not ready.
pub fn run(admin_bind: SocketAddr, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    let address = reached_at(admin_bind);
    let status = ask(address).with_context(|| format!("nothing answers at {address} (server.admin_bind)"))?;
    if status != "200" {
        bail!("not ready: {address} answers {status}. Its database is away, or it is about to stop");
    }
    terminal.say("Gangway is ready.");
    Ok(())
}

/// Where a listener on all addresses is reached from this machine.
fn reached_at(bind: SocketAddr) -> SocketAddr {
    let ip = match bind.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, bind.port())
}

/// The status of the answer. A few lines by hand, so that nothing has to be set up to ask this machine.
fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let question = format!("GET {} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n", admin::READY);
    stream.write_all(question.as_bytes())?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    Ok(String::from_utf8_lossy(&head).split(' ').nth(1).unwrap_or_default().to_owned())
}
