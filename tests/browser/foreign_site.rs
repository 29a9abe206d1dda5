//! A foreign site with pages of the test, on a name that is cross-site to all others.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

/// The site.
#[derive(Clone)]
pub(crate) struct ForeignSite {
    origin: String,
    pages: Arc<Mutex<HashMap<String, String>>>,
}

impl ForeignSite {
    pub(crate) async fn open() -> Self {
        Self::named("stranger.localhost").await
    }

    /// On another name.
    pub(crate) async fn named(name: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{name}:{}", listener.local_addr().unwrap().port());
        let site = Self { origin, pages: Arc::default() };
        let pages = site.pages.clone();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let pages = pages.clone();
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.is_ok_and(|read| read > 0) {}
                    let head = String::from_utf8_lossy(&head).into_owned();
                    let path = head.split(' ').nth(1).unwrap_or_default();
                    let page = pages.lock().unwrap().get(path).cloned().unwrap_or_default();
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\
                         connection: close\r\n\r\n{page}",
                        page.len()
                    );
                    stream.write_all(answer.as_bytes()).await.ok();
                });
            }
        });
        site
    }

    /// Puts a page there; gives its address. Its title becomes `loaded` once everything on it came or failed.
    pub(crate) fn shows(&self, path: &str, body: &str) -> String {
        let page = format!(
            "<!doctype html><title>…</title><h1>A page of a stranger</h1>{body}\
             <script>addEventListener('load', () => setTimeout(() => document.title = 'loaded', 300))</script>"
        );
        self.pages.lock().unwrap().insert(path.to_owned(), page);
        format!("{}{path}", self.origin)
    }
}
