//! The network between browsers and Gangway, which can be cut.

use std::net::{SocketAddr, TcpListener};

use tokio::{
    net::{self, TcpStream},
    sync::watch,
};

/// Cut or not.
#[derive(Clone, Default)]
pub(crate) struct Wire(watch::Sender<bool>);

impl Wire {
    /// Passes on what comes to the listener. Ends with the test.
    pub(crate) fn leads(&self, listener: TcpListener, server: SocketAddr) {
        listener.set_nonblocking(true).unwrap();
        let listener = net::TcpListener::from_std(listener).unwrap();
        let wire = self.clone();
        tokio::spawn(async move {
            while let Ok((mut browser, _)) = listener.accept().await {
                let mut cut = wire.0.subscribe();
                tokio::spawn(async move {
                    if *cut.borrow() {
                        return;
                    }
                    let Ok(mut server) = TcpStream::connect(server).await else { return };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut browser, &mut server) => (),
                        _ = cut.wait_for(|cut| *cut) => (),
                    }
                });
            }
        });
    }

    /// Cuts every connection, or lets them through again.
    pub(crate) fn is_cut(&self, cut: bool) {
        self.0.send_replace(cut);
    }
}
