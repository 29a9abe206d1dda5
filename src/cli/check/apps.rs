//! Checks `connectors.*` without calling Alloy.

use crate::{
    config::{Connectors, Finding},
    domain::text,
};

pub(crate) const AUTH_CONFIG_PLACEHOLDER: &str = "YOUR-AUTH-CONFIG-ID";

pub(crate) fn check(connectors: &Connectors, found: &mut Vec<Finding>) {
    allowed(connectors, found);
    for table in connectors.each.values() {
        let place = format!("connectors.{}", table.id);
        let listed = connectors.allowed.iter().any(|id| id.eq_ignore_ascii_case(&table.id));
        if listed && !table.enabled {
            let meaning = "in connectors.allowed, but switched off here: it is not offered";
            found.push(Finding::warning(format!("{place}.enabled"), "false", meaning).write(true));
        }
        if !listed && !connectors.allowed.is_empty() && table.enabled {
            let mut all = connectors.allowed.clone();
            all.push(table.id.clone());
            let meaning = format!("[{place}] is not in this list: the app is not offered, and its table is never used");
            found.push(Finding::warning("connectors.allowed", list(&connectors.allowed), meaning).write(all));
        }
        for (name, words) in [
            ("name", &table.name),
            ("description", &table.description),
            ("category", &table.category),
            ("consent_name", &table.consent_name),
        ] {
            if words.as_deref().is_some_and(|words| !text::is_visible(words)) {
                let (current, meaning) =
                    ("without a visible character", "no page says it; an empty text means: not set");
                found.push(Finding::warning(format!("{place}.{name}"), current, meaning).write(""));
            }
        }
        if let Some(id) = table.auth_config_id.as_deref()
            && !(id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
        {
            let meaning =
                "Alloy's ids are 24 hexadecimal digits; copy it from the auth config's page in Alloy's dashboard";
            let setting = format!("{place}.auth_config_id");
            found.push(Finding::warning(setting, format!("{id:?}"), meaning).write(AUTH_CONFIG_PLACEHOLDER));
        }
    }
}

fn allowed(connectors: &Connectors, found: &mut Vec<Finding>) {
    let mut once: Vec<String> = Vec::new();
    for id in &connectors.allowed {
        if !once.iter().any(|other| other.eq_ignore_ascii_case(id)) {
            once.push(id.clone());
        }
    }
    if once.len() < connectors.allowed.len() {
        let meaning = "an app is named twice; upper and lower case are the same";
        found.push(Finding::warning("connectors.allowed", list(&connectors.allowed), meaning).write(once));
    }
}

pub(crate) fn list(ids: &[String]) -> String {
    format!("[{}]", ids.join(", "))
}
