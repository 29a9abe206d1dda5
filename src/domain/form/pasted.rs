//! Extracts the required part of a pasted address, because people paste whole addresses.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
pub enum Pasted {
    #[default]
    AsTyped,
    /// The first part of a host name: `acme` of `https://acme.myshopify.com/admin`.
    FirstLabel,
    /// The host name: `acme.freshdesk.com` of `https://acme.freshdesk.com/a/tickets`.
    Host,
    /// A whole address; `https://` is put before a bare host name.
    Address,
}

impl Pasted {
    pub(crate) fn part(self, typed: &str) -> String {
        match self {
            Self::AsTyped => typed.to_owned(),
            Self::FirstLabel => first_label(typed),
            Self::Host => host(typed).to_ascii_lowercase(),
            Self::Address if typed.contains("://") || !typed.contains('.') => typed.to_owned(),
            Self::Address => format!("https://{typed}"),
        }
    }
}

fn first_label(typed: &str) -> String {
    // Shopify's own pages keep the shop's name in the path: admin.shopify.com/store/acme.
    let name = match typed.split_once("/store/") {
        Some((_, rest)) => rest.split(['/', '?', '#']).next().unwrap_or_default(),
        None => {
            let host = host(typed);
            let host = host.strip_prefix("www.").unwrap_or(host);
            host.split('.').next().unwrap_or_default()
        }
    };
    name.trim().to_ascii_lowercase()
}

fn host(typed: &str) -> &str {
    let rest = typed.split_once("://").map_or(typed, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_address_gives_the_part_that_is_meant() {
        for typed in [
            "acme",
            "Acme",
            "acme.myshopify.com",
            "https://acme.myshopify.com/admin?x=1",
            "HTTPS://www.acme.com",
            "https://admin.shopify.com/store/acme/orders",
            "http://me@acme.myshopify.com:443/",
        ] {
            assert_eq!(Pasted::FirstLabel.part(typed), "acme", "{typed}");
        }
        assert_eq!(Pasted::Host.part("https://Acme.freshdesk.com/a/tickets"), "acme.freshdesk.com");
        assert_eq!(Pasted::Address.part("shop.acme.test/eu"), "https://shop.acme.test/eu");
        assert_eq!(Pasted::Address.part("http://shop.acme.test"), "http://shop.acme.test");
        assert_eq!(Pasted::AsTyped.part("https://x/"), "https://x/");
    }
}
