//! Built-in wording for fields that Alloy's schemas do not explain: `field_table.json`. Its texts are phrase keys.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use crate::domain::form::Pasted;

/// An empty text is not set.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct FieldEntry<'a> {
    app: &'a str,
    #[serde(borrow)]
    names: Vec<&'a str>,
    pub(super) label: &'a str,
    pub(super) hint: &'a str,
    pub(super) example: &'a str,
    pub(super) secret: bool,
    pub(super) pasted: Pasted,
    /// The provider's domains, below which its customers have their addresses.
    pub(super) domains: Vec<&'a str>,
}

#[derive(Default, Deserialize)]
struct Table<'a> {
    #[serde(borrow)]
    apps: Vec<FieldEntry<'a>>,
    common: Vec<FieldEntry<'a>>,
    regions: BTreeMap<&'a str, &'a str>,
}

static TABLE: LazyLock<Table<'static>> =
    LazyLock::new(|| serde_json::from_str(include_str!("field_table.json")).unwrap_or_default());

impl FieldEntry<'_> {
    /// The entry for a field that takes the whole address: a hint for a part of it does not fit.
    pub(super) fn for_whole_address(&self) -> Self {
        let entry = self.clone();
        match self.pasted {
            Pasted::FirstLabel | Pasted::Subdomain | Pasted::Host | Pasted::HostName => {
                Self { hint: "", example: "", pasted: Pasted::Address, ..entry }
            }
            Pasted::AsTyped | Pasted::Address => entry,
        }
    }
}

pub(super) fn for_app(app: &str, field: &str) -> Option<&'static FieldEntry<'static>> {
    let (app, field) = (app.to_ascii_lowercase(), canonical(field));
    TABLE.apps.iter().find(|entry| entry.app == app && entry.names.contains(&field.as_str()))
}

pub(super) fn for_any_app(field: &str) -> Option<&'static FieldEntry<'static>> {
    let field = canonical(field);
    TABLE.common.iter().find(|entry| entry.names.contains(&field.as_str()))
}

/// The phrase for an abbreviated region such as `eu` or `.com.au`.
pub(super) fn region(value: &str) -> Option<&'static str> {
    let value = value.trim_start_matches('.').to_ascii_lowercase();
    TABLE.regions.get(value.as_str()).copied()
}

/// `shop_name`, `shopName` and `shop-name` have the same canonical form.
pub(super) fn canonical(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_readable_and_its_names_are_canonical() {
        let table: Table<'_> = serde_json::from_str(include_str!("field_table.json")).unwrap();
        assert!(!table.regions.is_empty());
        for entry in table.apps.iter().chain(&table.common) {
            assert!(!entry.label.is_empty() && entry.names.iter().all(|name| canonical(name) == *name), "{entry:?}");
            assert_eq!(entry.pasted == Pasted::FirstLabel, !entry.domains.is_empty(), "{entry:?}");
        }
    }
}
