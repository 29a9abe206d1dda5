use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolving};
use time::macros::datetime;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

use super::*;
use crate::runtime::net::NoAddress;

const NOW: OffsetDateTime = datetime!(2026-01-01 00:00 UTC);

struct FixedResolver(Option<SocketAddr>);

impl Resolve for FixedResolver {
    fn resolve(&self, _: Name) -> Resolving {
        let found = self.0.ok_or_else(|| NoAddress::Unknown(std::io::ErrorKind::NotFound.into()));
        Box::pin(async move { Ok(Box::new(std::iter::once(found?)) as Addrs) })
    }
}

async fn sent(url: &str, allow_private: bool, to: Option<SocketAddr>) -> Reply {
    let secrets = vec![format!("whsec_{}", "a".repeat(32)).into()];
    let url: Url = url.parse().unwrap();
    let settings = config::Webhook { url: Some(url.clone()), secrets, allow_private };
    let receiver = Receiver::with_resolver(&url, &settings, Arc::new(FixedResolver(to))).unwrap();
    receiver.send(Uuid::nil(), "{}", NOW).await
}

#[tokio::test]
async fn private_addresses_are_not_connected_to() {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let here = *server.address();
    let hooks = format!("http://hooks.example:{}/", here.port());
    assert_eq!(sent(&hooks, false, Some(here)).await.failure, Some(Failure::PrivateAddress));
    let numbers =
        ["http://127.0.0.1/", "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://localhost/", "http://0x7f.1/"];
    for number in numbers {
        assert_eq!(sent(number, false, Some(here)).await.failure, Some(Failure::PrivateAddress), "{number}");
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
    let allowed = sent(&hooks, true, Some(here)).await;
    assert_eq!((allowed.status, allowed.failure), (Some(204), None));
}

#[tokio::test]
async fn transport_failures_are_told_apart() {
    let plain = MockServer::start().await;
    let here = *plain.address();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(sent("http://hooks.example/", true, None).await.failure, Some(Failure::Dns));
    let at = |scheme: &str, address: SocketAddr| format!("{scheme}://hooks.example:{}/", address.port());
    assert_eq!(sent(&at("https", here), true, Some(here)).await.failure, Some(Failure::Tls));
    assert_eq!(sent(&at("http", free), true, Some(free)).await.failure, Some(Failure::Connection));
}

#[tokio::test]
async fn redirects_are_refused_and_pauses_are_capped() {
    let server = MockServer::start().await;
    let replies = [
        (307, ("location", "http://127.0.0.1:1/"), Some(Failure::Redirect), None),
        (429, ("retry-after", "120"), Some(Failure::SlowDown), Some(120)),
        (503, ("retry-after", "86400"), Some(Failure::SlowDown), Some(3600)),
        (429, ("retry-after", "Thu, 01 Jan 2026 00:02:00 GMT"), Some(Failure::SlowDown), Some(120)),
        (429, ("retry-after", "soon"), Some(Failure::SlowDown), None),
        (410, ("x-other", "header"), Some(Failure::Gone), None),
        (500, ("x-other", "header"), Some(Failure::Status), None),
        (404, ("x-other", "header"), Some(Failure::Status), None),
        (202, ("x-other", "header"), None, None),
    ];
    for (status, (name, value), failure, seconds) in replies {
        server.reset().await;
        let response = ResponseTemplate::new(status)
            .insert_header(name, value)
            .insert_header("date", "Thu, 01 Jan 2026 00:00:00 GMT");
        Mock::given(method("POST")).respond_with(response).mount(&server).await;
        let reply = sent(&server.uri(), true, None).await;
        assert_eq!((reply.status, reply.failure), (Some(status), failure));
        assert_eq!(reply.retry_after, seconds.map(Duration::from_secs), "{status} {value}");
        assert_eq!(server.received_requests().await.unwrap().len(), 1, "once, and nowhere else");
    }
}
