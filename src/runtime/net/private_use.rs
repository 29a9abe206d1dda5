//! Private-use URI schemes, by which a system hands a URL to an app on the device (RFC 8252 section 7.1).

use url::Url;

/// Returns whether the URL is of such a scheme: a domain name in reverse order, such as `com.acme.app`, and a path.
/// No scheme that browsers know has that form, because its first label must be a top-level domain.
pub(crate) fn is_private_use(url: &Url) -> bool {
    let domain = url.scheme().split('.').rev().collect::<Vec<_>>().join(".");
    let is_label = |label: &str| {
        let is_plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        is_plain && !label.is_empty() && !label.starts_with('-') && !label.ends_with('-')
    };
    let is_known = psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.is_known());
    is_known && domain.contains('.') && domain.split('.').all(is_label) && !url.cannot_be_a_base()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn reverse_domain_names_are_schemes_of_apps() {
        for url in [
            "com.acme.app:/connected",
            "com.acme.app:/",
            "com.acme.app://connected/slack?from=app",
            "COM.Acme.App:/connected",
            "uk.co.acme:/connected",
            "io.acme-notes.app2:/connected",
            "com.googleusercontent.apps.123-abc:/connected",
        ] {
            assert!(is_private_use(&Url::parse(url).unwrap()), "{url}");
        }
    }

    /// Schemes that run, read or open something, and names that only resemble an app's.
    const SCHEMES: [&str; 43] = [
        "javascript",
        "data",
        "file",
        "blob",
        "vbscript",
        "livescript",
        "filesystem",
        "about",
        "view-source",
        "jar",
        "resource",
        "chrome",
        "chrome-extension",
        "moz-extension",
        "safari-web-extension",
        "edge",
        "opera",
        "http",
        "https",
        "ws",
        "wss",
        "ftp",
        "gopher",
        "mailto",
        "tel",
        "sms",
        "facetime",
        "intent",
        "android-app",
        "market",
        "itms-services",
        "ms-settings",
        "ms-msdt",
        "search-ms",
        "ms-word",
        "shell",
        "steam",
        "ssh",
        "git",
        "ldap",
        "smb",
        "acme",
        "x",
    ];

    fn tricks() -> BTreeSet<String> {
        let spellings: [fn(&str) -> String; 23] = [
            str::to_owned,
            str::to_uppercase,
            |scheme| format!(".{scheme}"),
            |scheme| format!("{scheme}."),
            |scheme| format!("{scheme}..com"),
            |scheme| format!("com..{scheme}"),
            |scheme| format!("com.acme.{scheme}."),
            |scheme| format!("{scheme}+com.acme"),
            |scheme| format!("com+acme.{scheme}"),
            |scheme| format!("-com.acme.{scheme}"),
            |scheme| format!("com.-acme.{scheme}"),
            |scheme| format!("com.acme-.{scheme}"),
            |scheme| format!("{scheme}:com.acme.app"),
            |scheme| format!("{scheme}:/com.acme.app"),
            |scheme| format!("{scheme}%2ecom.acme"),
            |scheme| format!("{scheme}\u{3002}com"),
            |scheme| format!("com\u{ff0e}acme\u{ff0e}{scheme}"),
            |scheme| format!("{scheme}\u{0}"),
            |scheme| scheme.chars().flat_map(|letter| [letter, '\t']).collect(),
            |scheme| scheme.chars().flat_map(|letter| ['\n', letter]).collect(),
            |scheme| format!(" \u{1}{scheme}"),
            |scheme| format!("{}\u{200b}", scheme),
            |scheme| format!("1com.acme.{scheme}"),
        ];
        let schemes = SCHEMES.iter().flat_map(|scheme| spellings.map(|spell| spell(scheme)));
        schemes
            .flat_map(|scheme| ["/connected", "//alert(1)", "alert(1)"].map(|rest| format!("{scheme}:{rest}")))
            .collect()
    }

    #[test]
    fn no_trick_with_schemes_is_an_apps() {
        let tricks = tricks();
        assert!(tricks.len() > 2_500, "{}", tricks.len());
        for trick in tricks {
            assert!(!Url::parse(&trick).is_ok_and(|url| is_private_use(&url)), "{trick:?}");
        }
        for no_app in [
            "com.acme.app:connected",
            "com.acme.app:",
            "com.acme.app:javascript:alert(1)",
            "com:/x",
            "javascript.x:/alert(1)",
            "javascript.com:/x",
            "file.x:/etc/passwd",
            "blob.com.acme:/x",
        ] {
            assert!(!Url::parse(no_app).is_ok_and(|url| is_private_use(&url)), "{no_app}");
        }
    }
}
