//! Refuses new connections without losing one. Closing a listener resets the connections that wait in its queue, on which
//! a proxy may have sent a request already.

use std::{
    io,
    net::TcpListener,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep};

use super::timed_stream::Arrivals;

/// Time without a new connection or a request that begins, after which handshakes have ended and the queue is empty.
const QUIET: Duration = Duration::from_millis(500);
/// Maximum time to wait for that. A browser may connect and send nothing.
const MAX_WAIT: Duration = Duration::from_secs(3);
const STEP: Duration = Duration::from_millis(50);

/// A second handle of a listening socket.
pub(super) struct Gate {
    listener: Mutex<Option<TcpListener>>,
    arrivals: Arc<Arrivals>,
}

impl Gate {
    pub(super) fn of(listener: &TcpListener) -> io::Result<Self> {
        Ok(Self { listener: Mutex::new(Some(listener.try_clone()?)), arrivals: Arc::default() })
    }

    pub(super) fn arrivals(&self) -> Arc<Arrivals> {
        Arc::clone(&self.arrivals)
    }

    /// Must come before the listener is closed. Packets that begin a connection are dropped from now on: the client
    /// repeats them after a second and is refused, so that a proxy turns to the next process with nothing sent.
    pub(super) async fn shut(&self, at_most: Duration) {
        let Some(listener) = self.take() else { return };
        if let Err(error) = drop_first_packets(&listener) {
            tracing::debug!(%error, "connections are made until the listener closes");
        }
        let (give_up, mut quiet_since) = (Instant::now() + MAX_WAIT.min(at_most), Instant::now());
        let mut taken = self.arrivals.taken();
        while quiet_since.elapsed() < QUIET && Instant::now() < give_up {
            sleep(STEP).await;
            if self.arrivals.are_pending() || self.arrivals.taken() != taken {
                (taken, quiet_since) = (self.arrivals.taken(), Instant::now());
            }
        }
    }

    /// The port stays in use as long as there is a handle.
    pub(super) fn take(&self) -> Option<TcpListener> {
        self.listener.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[cfg(target_os = "linux")]
fn drop_first_packets(listener: &TcpListener) -> io::Result<()> {
    use socket2::{SockFilter, SockRef};
    // Classic BPF on the TCP header, whose byte 13 has the flags: SYN (2) without ACK (16) begins a connection.
    const LOAD_BYTE: u16 = 0x30;
    const AND: u16 = 0x54;
    const JUMP_IF_EQUAL: u16 = 0x15;
    const RETURN: u16 = 0x06;
    let filter = [
        SockFilter::new(LOAD_BYTE, 0, 0, 13),
        SockFilter::new(AND, 0, 0, 2 | 16),
        SockFilter::new(JUMP_IF_EQUAL, 1, 0, 2),
        SockFilter::new(RETURN, 0, 0, u32::MAX),
        SockFilter::new(RETURN, 0, 0, 0),
    ];
    SockRef::from(listener).attach_filter(&filter)
}

#[cfg(not(target_os = "linux"))]
fn drop_first_packets(_: &TcpListener) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
