//! Extracts the required part of a pasted address, because people paste whole addresses. What decides which system is
//! meant (domain, port, path, further labels) is never dropped: where it does not fit, the address is a mistake.

use super::FieldError;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
pub enum Pasted {
    #[default]
    AsTyped,
    /// The one label before the provider's domain: `acme` of `https://acme.myshopify.com/admin`.
    FirstLabel,
    /// All labels before the provider's domain: `acme--uat.sandbox.my` of `acme--uat.sandbox.my.salesforce.com`.
    Subdomain,
    /// The host, with its port if that is not the usual one: `acme.freshdesk.com` of
    /// `https://acme.freshdesk.com/a/tickets`.
    Host,
    /// The same for a value that cannot have a port.
    HostName,
    /// A whole address; `https://` is put before a bare host name.
    Address,
}

/// The app's provider, as addresses show it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provider {
    /// The app's id in small letters and digits, which is often a label of the domain.
    pub app: String,
    /// The domains below which customers have their addresses. Empty if unknown.
    pub domains: Vec<String>,
}

impl Pasted {
    pub(crate) fn part(self, typed: &str, provider: &Provider) -> Result<String, FieldError> {
        match self {
            Self::AsTyped => Ok(typed.to_owned()),
            Self::FirstLabel | Self::Subdomain => self.labels(&Parts::of(typed)?, provider),
            Self::Host | Self::HostName => self.host(&Parts::of(typed)?, provider),
            Self::Address if typed.contains("://") || !typed.contains('.') => Ok(typed.to_owned()),
            Self::Address => Ok(format!("https://{typed}")),
        }
    }

    /// Longer forms of a part, for patterns that match only them.
    pub(crate) fn longer(self, part: &str, typed: &str, provider: &Provider) -> Vec<String> {
        let domain = provider.domains.first().filter(|_| self == Self::FirstLabel);
        domain.map(|domain| format!("{part}.{domain}")).into_iter().chain([typed.to_owned()]).collect()
    }

    fn labels(self, parts: &Parts<'_>, provider: &Provider) -> Result<String, FieldError> {
        if let Some(name) = store_in_path(parts) {
            return Ok(name);
        }
        let host = parts.host.strip_prefix("www.").unwrap_or(&parts.host);
        if !host.contains('.') {
            return if parts.is_bare() { Ok(host.to_owned()) } else { Err(FieldError::OtherAddress) };
        }
        match provider.labels_before_domain(host) {
            Some(labels) if parts.port.is_none() && (self == Self::Subdomain || !labels.contains('.')) => {
                Ok(labels.to_owned())
            }
            // Nothing shows where the provider's domain begins, so all of it is sent.
            None if self == Self::Subdomain && provider.domains.is_empty() && parts.is_bare() && !parts.has_scheme => {
                Ok(parts.host.clone())
            }
            _ => Err(FieldError::OtherAddress),
        }
    }

    fn host(self, parts: &Parts<'_>, provider: &Provider) -> Result<String, FieldError> {
        // The path is a page at the provider, and may be part of the address anywhere else.
        if !parts.path.is_empty() && provider.labels_before_domain(&parts.host).is_none() {
            return Err(FieldError::MoreThanHost);
        }
        match parts.port {
            None => Ok(parts.host.clone()),
            Some(port) if self == Self::Host => Ok(format!("{}:{port}", parts.host)),
            Some(_) => Err(FieldError::MoreThanHost),
        }
    }
}

impl Provider {
    /// Labels before the provider's domain. If that is unknown, a label that is the app's id begins it.
    fn labels_before_domain<'a>(&self, host: &'a str) -> Option<&'a str> {
        let before = |domain: &str| host.strip_suffix(domain)?.strip_suffix('.').filter(|labels| !labels.is_empty());
        if !self.domains.is_empty() {
            return self.domains.iter().find_map(|domain| before(domain));
        }
        let canonical = |label: &str| label.replace(['-', '_'], "");
        let labels: Vec<&str> = host.split('.').collect();
        let domain = (1..labels.len()).filter_map(|place| labels.get(place..)).find(|domain| match domain {
            [name, _] => canonical(name) == self.app,
            // Such as `co.uk`.
            [name, second, _] => canonical(name) == self.app && second.len() <= 3,
            _ => false,
        })?;
        before(&domain.join("."))
    }
}

/// Shopify's own pages have the shop's name in the path: admin.shopify.com/store/acme.
fn store_in_path(parts: &Parts<'_>) -> Option<String> {
    let name = parts.path.strip_prefix("store/").filter(|_| parts.host == "admin.shopify.com")?;
    let name = name.split(['/', '?']).next().unwrap_or_default().to_ascii_lowercase();
    is_label(&name).then_some(name)
}

/// An address: with or without a scheme.
struct Parts<'a> {
    has_scheme: bool,
    /// In lower case, and as DNS has it where it is not ASCII.
    host: String,
    /// If it is not the usual one.
    port: Option<&'a str>,
    /// With the query, without the slash in front and the fragment.
    path: &'a str,
}

impl<'a> Parts<'a> {
    fn of(typed: &'a str) -> Result<Self, FieldError> {
        let (has_scheme, rest) = match typed.split_once("://") {
            Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => (true, rest),
            Some(_) => return Err(FieldError::Malformed),
            None => (false, typed),
        };
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let path = path.split('#').next().unwrap_or_default().trim_matches(['/', '\\']);
        let authority = match authority.rsplit_once('@') {
            // Without a scheme it is an e-mail address.
            Some(_) if !has_scheme => return Err(FieldError::Malformed),
            Some((_, authority)) => authority,
            None => authority,
        };
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) if port.parse::<u16>().is_ok() => (host, Some(port)),
            Some((host, "")) => (host, None),
            Some(_) => return Err(FieldError::Malformed),
            None => (authority, None),
        };
        let host = host_name(host).ok_or(FieldError::Malformed)?;
        Ok(Self { has_scheme, host, port: port.filter(|port| !matches!(*port, "80" | "443")), path })
    }

    fn is_bare(&self) -> bool {
        self.port.is_none() && self.path.is_empty()
    }
}

/// As DNS has it (RFC 1123 section 2.1, with the underscores that some products allow).
fn host_name(typed: &str) -> Option<String> {
    let host = typed.trim();
    let host = if host.is_ascii() {
        host.to_ascii_lowercase()
    } else {
        // Fullwidth letters and dots are read, and names of other scripts encoded, as in the browser's address bar.
        match url::Host::parse(host).ok()? {
            url::Host::Domain(domain) => domain,
            url::Host::Ipv4(_) | url::Host::Ipv6(_) => return None,
        }
    };
    let host = host.strip_suffix('.').unwrap_or(&host);
    (host.len() <= 253 && host.split('.').all(is_label)).then(|| host.to_owned())
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(app: &str, domains: &[&str]) -> Provider {
        Provider { app: app.to_owned(), domains: domains.iter().map(|&domain| domain.to_owned()).collect() }
    }

    #[test]
    fn address_at_the_provider_gives_the_label_before_its_domain() {
        let shopify = provider("shopify", &["myshopify.com"]);
        for typed in [
            "acme",
            "Acme",
            "https://acme/",
            "acme.myshopify.com",
            "acme.myshopify.com.",
            "https://acme.myshopify.com/admin?x=1",
            "HTTPS://www.acme.MyShopify.com",
            "https://admin.shopify.com/store/acme/orders",
            "admin.shopify.com/store/acme?x=1",
            "http://me@acme.myshopify.com:443/",
            "ａｃｍｅ．ｍｙｓｈｏｐｉｆｙ．ｃｏｍ",
        ] {
            assert_eq!(Pasted::FirstLabel.part(typed, &shopify).as_deref(), Ok("acme"), "{typed}");
        }
    }

    #[test]
    fn address_elsewhere_is_never_cut() {
        let shopify = provider("shopify", &["myshopify.com"]);
        for typed in [
            "www.acme-shoes.test",
            "https://shop.acme.test/collections",
            "acme.com",
            "HTTPS://www.acme.com",
            "acme.myshopify.com.evil.test",
            "acmemyshopify.com",
            "eu.acme.myshopify.com",
            "https://acme.myshopify.com:8443/",
            "myshopify.com",
            "https://shop.acme.test/store/other",
            "acme/eu",
            "acme:8443",
        ] {
            assert_eq!(Pasted::FirstLabel.part(typed, &shopify), Err(FieldError::OtherAddress), "{typed}");
        }
    }

    #[test]
    fn further_labels_are_sent_where_they_may_be_meant() {
        let salesforce = provider("salesforce", &[]);
        for (typed, labels) in [
            ("acme", "acme"),
            ("acme--uat.sandbox.my", "acme--uat.sandbox.my"),
            ("https://acme--uat.sandbox.my.salesforce.com/lightning/page", "acme--uat.sandbox.my"),
            ("acme.salesforce.co.uk", "acme"),
            ("support.acme.test", "support.acme.test"),
        ] {
            assert_eq!(Pasted::Subdomain.part(typed, &salesforce).as_deref(), Ok(labels), "{typed}");
        }
        for typed in ["https://support.acme.test/", "support.acme.test/agent", "acme.my.salesforce.com:8443"] {
            assert_eq!(Pasted::Subdomain.part(typed, &salesforce), Err(FieldError::OtherAddress), "{typed}");
        }
    }

    #[test]
    fn host_has_its_port_and_loses_no_path() {
        let freshdesk = provider("freshdesk", &[]);
        for (typed, host) in [
            ("https://Acme.freshdesk.com/a/tickets", "acme.freshdesk.com"),
            ("acme.example.com/", "acme.example.com"),
            ("https://acme.example.com/#/inbox", "acme.example.com"),
            ("https://jira.acme.test:8443", "jira.acme.test:8443"),
            ("http://jira.acme.test:80/", "jira.acme.test"),
            ("10.1.2.3:8080", "10.1.2.3:8080"),
            ("münchen.example", "xn--mnchen-3ya.example"),
        ] {
            assert_eq!(Pasted::Host.part(typed, &freshdesk).as_deref(), Ok(host), "{typed}");
        }
        for typed in ["https://jira.acme.test:8443/jira", "jira.acme.test/jira", "https://acme.example.com/?tenant=7"] {
            assert_eq!(Pasted::Host.part(typed, &freshdesk), Err(FieldError::MoreThanHost), "{typed}");
        }
        assert_eq!(Pasted::HostName.part("jira.acme.test:8443", &freshdesk), Err(FieldError::MoreThanHost));
    }

    #[test]
    fn what_is_no_host_name_is_refused() {
        let someapp = provider("someapp", &[]);
        for typed in [
            "acme typed<",
            "acme..com",
            ".acme",
            "-acme",
            "acme-",
            "ac me.example.com",
            "acme,other",
            "jane@acme.test",
            "https://",
            "acme:x",
            "a%20b",
            "[::1]",
            "mailto://",
            &"a".repeat(64),
        ] {
            for pasted in [Pasted::FirstLabel, Pasted::Subdomain, Pasted::Host] {
                assert_eq!(pasted.part(typed, &someapp), Err(FieldError::Malformed), "{typed}");
            }
        }
    }

    #[test]
    fn whole_address_is_completed_and_stays_whole() {
        let part = |typed| Pasted::Address.part(typed, &Provider::default()).unwrap();
        assert_eq!(part("shop.acme.test:8443/eu"), "https://shop.acme.test:8443/eu");
        assert_eq!(part("http://shop.acme.test"), "http://shop.acme.test");
        assert_eq!(Pasted::AsTyped.part("https://x/", &Provider::default()).as_deref(), Ok("https://x/"));
    }
}
