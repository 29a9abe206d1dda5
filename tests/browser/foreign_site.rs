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
    /// Headers of every answer, each with its line end.
    headers: Arc<Mutex<String>>,
}

impl ForeignSite {
    pub(crate) async fn open() -> Self {
        Self::named("stranger.localhost").await
    }

    /// On another name.
    pub(crate) async fn named(name: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{name}:{}", listener.local_addr().unwrap().port());
        let site = Self { origin, pages: Arc::default(), headers: Arc::default() };
        let (pages, headers) = (site.pages.clone(), site.headers.clone());
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (pages, headers) = (pages.clone(), headers.clone());
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.is_ok_and(|read| read > 0) {}
                    let head = String::from_utf8_lossy(&head).into_owned();
                    let path = head.split(' ').nth(1).unwrap_or_default();
                    let page = pages.lock().unwrap().get(path).cloned().unwrap_or_default();
                    let kind = if path.ends_with(".js") { "text/javascript" } else { "text/html" };
                    let headers = headers.lock().unwrap().clone();
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: {kind}; charset=utf-8\r\ncontent-length: {}\r\n\
                         connection: close\r\n{headers}\r\n{page}",
                        page.len()
                    );
                    stream.write_all(answer.as_bytes()).await.ok();
                });
            }
        });
        site
    }

    /// From now on it says this with every answer, too.
    pub(crate) fn says(&self, header: &str, value: &str) {
        *self.headers.lock().unwrap() = format!("{header}: {value}\r\n");
    }

    /// Puts a file there as it is; gives its address.
    pub(crate) fn has(&self, path: &str, text: String) -> String {
        self.pages.lock().unwrap().insert(path.to_owned(), text);
        format!("{}{path}", self.origin)
    }

    /// Its origin.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
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
