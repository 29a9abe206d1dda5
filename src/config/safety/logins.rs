//! URLs with a user name or password, and links on pages that are not https.

use url::Url;

use crate::{
    config::{Finding, Settings, redact},
    runtime::net::{has_login, is_unencrypted},
};

pub(crate) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    // `webhook.url` may have a login, because a receiver may require basic authentication.
    let called = [
        ("alloy.base_url", Some(&settings.alloy.base_url)),
        ("host.token_jwks_url", settings.host.token_jwks_url.as_ref()),
    ];
    for (setting, url) in called {
        if let Some(url) = url.filter(|url| has_login(url)) {
            let meaning = "a name or a password in an address shows in logs and in lists of processes; take it out";
            found.push(Finding::error(setting, redact::url(url), meaning).write(redact::url(url)));
        }
    }
    for table in settings.connectors.each.values() {
        let place = format!("connectors.{}", table.id);
        let own = [("docs_url".to_owned(), &table.docs_url), ("revoke_url".to_owned(), &table.revoke_url)];
        let help = table.fields.iter().map(|(field, text)| (format!("fields.{field}.help_url"), &text.help_url));
        for (name, url) in own.into_iter().chain(help) {
            found.extend(url.as_ref().and_then(|url| link(format!("{place}.{name}"), url)));
        }
    }
}

fn link(setting: String, url: &Url) -> Option<Finding> {
    let right = redact::url(url).replacen("http://", "https://", 1);
    let right = if right.starts_with("https://") { right } else { String::new() };
    let meaning = if is_unencrypted(url) {
        "a page of yours or of the provider is linked over https"
    } else if has_login(url) {
        "a name or a password in an address would be sent to every browser"
    } else {
        return None;
    };
    Some(Finding::error(setting, redact::url(url), meaning).write(right))
}
