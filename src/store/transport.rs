//! TLS for the connection to PostgreSQL: which `sslmode` is in force, and which addresses are refused.
//!
//! Beyond loopback the default is `verify-full`. sqlx's own default `prefer` sends the password in clear to a server
//! without TLS. The variables of libpq (`PGHOST`, `PGSSLMODE`) have no effect beyond loopback.

use std::net::IpAddr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::Url;

use super::{Result, StoreError};

/// The strongest mode, and the default beyond loopback.
const DEFAULT: &str = "verify-full";

/// The parameters that sqlx knows, besides `options[…]`. It logs others with their values, which may be passwords.
const KNOWN: [&str; 19] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
    "sslpassword",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transport {
    pub mode: &'static str,
    pub is_named: bool,
    /// Loopback, or the directory of a socket.
    pub is_local: bool,
}

impl Transport {
    pub fn verifies(&self) -> bool {
        matches!(self.mode, "verify-full" | "verify-ca")
    }

    /// `None` for another database. Returns an error if the address is unreadable or unsafe, or names no host.
    pub fn of(url: &str) -> Result<Option<Self>> {
        if is_postgres(url) { secured(url).map(|(transport, _)| Some(transport)) } else { Ok(None) }
    }
}

pub(super) fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// The transport, and the address with explicit `sslmode`. Errors never contain the address.
pub(super) fn secured(url: &str) -> Result<(Transport, Url)> {
    let unreadable = || {
        refused(
            "store.url cannot be read as an address: write postgres://USER:PASSWORD@HOST/NAME, and percent-encode what is \
             no letter or digit in the password (/ is %2F, ? is %3F, # is %23, @ is %40)",
        )
    };
    let mut url: Url = url.parse().map_err(|_| unreadable())?;
    if url.path().contains('@') || url.fragment().is_some() {
        return Err(refused(
            "store.url has an @ or a # behind its host, as a password with / or # in it makes it: percent-encode that \
             (/ is %2F, # is %23, @ is %40)",
        ));
    }
    let names = |keys: &[&str]| url.query_pairs().any(|(key, _)| keys.contains(&&*key));
    if url.query_pairs().any(|(key, _)| !KNOWN.contains(&&*key) && !key.starts_with("options[")) {
        return Err(refused(
            "store.url has a parameter behind its question mark that is not known: check the spelling, such as \
             password or sslmode. If the question mark is one of the password, write %3F",
        ));
    }
    if names(&["sslpassword"]) {
        return Err(refused("store.url has sslpassword, which is not supported: give sslkey a key without a password"));
    }
    let names_host = url.host_str().is_some_and(|host| !host.is_empty()) || names(&["host", "hostaddr"]);
    let is_named = names(&["sslmode", "ssl-mode"]);
    // sqlx parses the address, so that the decision is about the host that it connects to.
    let options: PgConnectOptions = url.as_str().parse().map_err(|_| unreadable())?;
    if !names_host {
        return Err(refused(
            "store.url names no host: write postgres://USER@localhost/NAME or \
             postgres:///NAME?host=/run/postgresql&user=USER",
        ));
    }
    let is_local = options.get_socket().is_some() || is_loopback(options.get_host());
    if is_local {
        return Ok((Transport { mode: mode_name(options.get_ssl_mode()), is_named, is_local }, url));
    }
    if !is_named {
        url.query_pairs_mut().append_pair("sslmode", DEFAULT);
        return Ok((Transport { mode: DEFAULT, is_named, is_local }, url));
    }
    let mode = options.get_ssl_mode();
    if matches!(mode, PgSslMode::Prefer | PgSslMode::Allow) {
        return Err(refused(&format!(
            "store.url has sslmode={}, which sends the password in clear to a server that has no TLS: write \
             sslmode={DEFAULT}, or sslmode=disable if the network is yours alone",
            mode_name(mode)
        )));
    }
    Ok((Transport { mode: mode_name(mode), is_named, is_local }, url))
}

fn refused(message: &str) -> StoreError {
    StoreError::Address(message.to_owned())
}

fn mode_name(mode: PgSslMode) -> &'static str {
    match mode {
        PgSslMode::Disable => "disable",
        PgSslMode::Allow => "allow",
        PgSslMode::Prefer => "prefer",
        PgSslMode::Require => "require",
        PgSslMode::VerifyCa => "verify-ca",
        PgSslMode::VerifyFull => "verify-full",
    }
}

/// Whether a host can only be this machine. Other names than `localhost` may be resolved by a name server.
fn is_loopback(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    let address = host.parse::<IpAddr>().map(|address| address.to_canonical());
    host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rest: &str) -> Transport {
        Transport::of(&format!("postgres://jane:hunter2@{rest}")).unwrap().unwrap()
    }

    fn refusal(url: &str) -> String {
        let error = secured(url).unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
        error
    }

    #[test]
    fn remote_hosts_default_to_verify_full() {
        for rest in [
            "db.acme.test/x",
            "10.0.0.5:5433/x",
            "[2001:db8::1]/x",
            "db/x",
            "db.localhost/x",
            "localhost./x",
            "%6cocalhost/x",
            "127.1/x",
            "localhost,evil.test/x",
            "localhost/x?host=evil.test",
            "localhost/x?hostaddr=192.0.2.1",
            "127.0.0.1/x?host=evil.test&application_name=a",
        ] {
            let expected = Transport { mode: "verify-full", is_named: false, is_local: false };
            assert_eq!(of(rest), expected, "{rest}");
            let (_, url) = secured(&format!("postgresql://jane:hunter2@{rest}")).unwrap();
            let options: PgConnectOptions = url.as_str().parse().unwrap();
            assert!(matches!(options.get_ssl_mode(), PgSslMode::VerifyFull), "{rest}");
        }
    }

    #[test]
    fn local_hosts_keep_their_mode() {
        for rest in [
            "localhost/x",
            "LOCALHOST/x",
            "127.0.0.1/x",
            "127.9.9.9/x",
            "[::1]/x",
            "[::ffff:127.0.0.1]/x",
            "%2Frun%2Fpostgresql/x",
            "evil.test/x?host=localhost",
            "evil.test/x?host=/run/postgresql",
        ] {
            assert!(of(rest).is_local, "{rest}");
            let (_, url) = secured(&format!("postgres://jane:hunter2@{rest}")).unwrap();
            assert!(!url.as_str().contains("sslmode"), "{url}");
        }
        let named = Transport { mode: "require", is_named: true, is_local: true };
        assert_eq!(of("localhost/x?sslmode=require"), named);
    }

    #[test]
    fn named_modes_are_obeyed_or_refused() {
        for mode in ["disable", "require", "verify-ca", "verify-full"] {
            assert_eq!(of(&format!("db/x?sslmode={mode}")), Transport { mode, is_named: true, is_local: false });
            assert_eq!(of(&format!("db/x?ssl-mode={}", mode.to_uppercase())).mode, mode);
        }
        // The last one counts.
        assert_eq!(of("db/x?sslmode=prefer&sslmode=verify-ca").mode, "verify-ca");
        for rest in ["db/x?sslmode=prefer", "db/x?sslmode=allow", "db/x?sslmode=verify-full&ssl-mode=PREFER"] {
            let error = refusal(&format!("postgres://jane:hunter2@{rest}"));
            assert!(error.contains("in clear") && error.contains("sslmode=verify-full"), "{error}");
        }
    }

    #[test]
    fn unclear_addresses_are_refused() {
        for (url, words) in [
            ("postgres:///x", "names no host"),
            ("postgres://jane:2468/hunter2?x=1@db/x", "not known"),
            ("postgres://jane:2468/hunter2@db/x", "percent-encode"),
            ("postgres://jane:hunter2/rest@db/x", "percent-encode"),
            ("postgres://jane:24#hunter2@db/x", "percent-encode"),
            ("postgres://jane:24?hunter2@db/x", "%3F"),
            ("postgres://jane:p@ss/hunter2@db/x", "percent-encode"),
            ("postgres://jane:hunter2@db/x?sslmode=", "cannot be read"),
            ("postgres://jane:hunter2@db/x?sslmode=full", "cannot be read"),
            ("postgres://jane:hunter2@db/x?hostaddr=name", "cannot be read"),
            ("postgres://jane:hunter2@db/x?sslpassword=hunter2", "sslpassword"),
            ("postgres://jane@db/x?passwd=hunter2", "not known"),
            ("postgres://jane@localhost/x?Password=hunter2", "not known"),
        ] {
            let error = refusal(url);
            assert!(error.contains(words), "{url}: {error}");
        }
        assert_eq!(Transport::of("sqlite://gangway.db").unwrap(), None);
    }
}
