//! What forms say of the fields that the vendor's schemas name without a word of explanation. The host's own words
//! (`connectors.<id>.fields`) come before these.
//!
//! The words themselves are phrases (`templates/phrases`). Pages speak to people who have never heard of tokens: what an
//! app calls a token is a key here.

use crate::domain::form::Pasted;

/// What is said of one field.
#[derive(Debug, Clone, Copy)]
pub(super) struct FieldWords {
    /// Only at this app (its id in lower case); everywhere if empty.
    app: &'static str,
    /// Names of the field, in lower case, letters and digits only.
    names: &'static [&'static str],
    /// The keys of the phrases, empty for none.
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) example: &'static str,
    pub(super) secret: bool,
    pub(super) pasted: Pasted,
}

impl FieldWords {
    /// The words for a field that wants the whole address, where these speak of a part of it.
    pub(super) fn of_a_whole_address(self) -> Self {
        match self.pasted {
            Pasted::FirstLabel | Pasted::Host => Self { hint: "", example: "", pasted: Pasted::Address, ..self },
            Pasted::AsTyped | Pasted::Address => self,
        }
    }
}

const PLAIN: FieldWords =
    FieldWords { app: "", names: &[], label: "", hint: "", example: "", secret: false, pasted: Pasted::AsTyped };

const SUBDOMAIN: &[&str] = &["subdomain", "domain", "account", "accountname", "site", "host"];

/// Apps that are documented, in the alphabet.
const OF_APPS: &[FieldWords] = &[
    FieldWords {
        app: "freshdesk",
        names: SUBDOMAIN,
        label: "field-freshdesk-address",
        hint: "field-freshdesk-address.hint",
        example: "acme",
        pasted: Pasted::FirstLabel,
        ..PLAIN
    },
    FieldWords {
        app: "freshdesk",
        names: &["username"],
        label: "field-freshdesk-key",
        hint: "field-freshdesk-key.hint",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "freshdesk",
        names: &["password"],
        label: "field-freshdesk-password",
        hint: "field-freshdesk-password.hint",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "gorgias",
        names: SUBDOMAIN,
        label: "field-gorgias-address",
        hint: "field-gorgias-address.hint",
        example: "acme",
        pasted: Pasted::FirstLabel,
        ..PLAIN
    },
    FieldWords {
        app: "jira",
        names: &["username", "email"],
        label: "field-jira-email",
        hint: "field-jira-email.hint",
        example: "jane@acme.com",
        ..PLAIN
    },
    FieldWords {
        app: "jira",
        names: &["password", "apitoken", "token", "apikey"],
        label: "field-jira-key",
        hint: "field-jira-key.hint",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "jira",
        names: SUBDOMAIN,
        label: "field-jira-address",
        hint: "field-jira-address.hint",
        example: "acme",
        pasted: Pasted::FirstLabel,
        ..PLAIN
    },
    FieldWords {
        app: "mailgun",
        names: &["username"],
        label: "field-mailgun-username",
        hint: "field-mailgun-username.hint",
        example: "api",
        ..PLAIN
    },
    FieldWords {
        app: "mailgun",
        names: &["password"],
        label: "field-mailgun-key",
        hint: "field-mailgun-key.hint",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "servicenow",
        names: &["instance", "instancename", "subdomain", "domain"],
        label: "field-servicenow-address",
        hint: "field-servicenow-address.hint",
        example: "acme",
        pasted: Pasted::FirstLabel,
        ..PLAIN
    },
    FieldWords {
        app: "shippo",
        names: &["token", "apitoken", "apikey", "accesstoken", "bearertoken"],
        label: "field-shippo-key",
        hint: "field-shippo-key.hint",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "shipstation",
        names: &["apikey", "key", "username"],
        label: "field-shipstation-key",
        hint: "field-shipstation-key.hint",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "shipstation",
        names: &["apisecret", "secret", "password"],
        label: "field-shipstation-secret",
        hint: "field-shipstation-secret.hint",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "shopify",
        names: &["shopname", "shop", "shopdomain", "store", "storename", "subdomain"],
        label: "field-shopify-shop",
        hint: "field-shopify-shop.hint",
        example: "acme",
        pasted: Pasted::FirstLabel,
        ..PLAIN
    },
    FieldWords {
        app: "trello",
        names: &["apikey", "key"],
        label: "field-trello-key",
        hint: "field-trello-key.hint",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "trello",
        names: &["token", "accesstoken", "apitoken"],
        label: "field-trello-access-key",
        hint: "field-trello-access-key.hint",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "zendesk",
        names: SUBDOMAIN,
        label: "field-zendesk-address",
        hint: "field-zendesk-address.hint",
        example: "acme",
        pasted: Pasted::FirstLabel,
        ..PLAIN
    },
    FieldWords { app: "zoho", names: ZOHO_REGION, label: "field-zoho-region", hint: "field-zoho-region.hint", ..PLAIN },
    FieldWords {
        app: "zohocrm",
        names: ZOHO_REGION,
        label: "field-zoho-region",
        hint: "field-zoho-region.hint",
        ..PLAIN
    },
];

const ZOHO_REGION: &[&str] = &["region", "datacenter", "dc", "domain", "location"];

/// Fields as many apps name them.
const COMMON: &[FieldWords] = &[
    FieldWords { names: &["apikey", "key"], label: "field-api-key", secret: true, ..PLAIN },
    FieldWords {
        names: &["token", "apitoken", "bearertoken", "accesstoken", "personalaccesstoken", "authtoken"],
        label: "field-access-key",
        hint: "field-access-key.hint",
        secret: true,
        ..PLAIN
    },
    FieldWords { names: &["apisecret", "secret", "secretkey"], label: "field-api-secret", secret: true, ..PLAIN },
    FieldWords { names: &["clientid"], label: "field-client-id", ..PLAIN },
    FieldWords { names: &["clientsecret"], label: "field-client-secret", secret: true, ..PLAIN },
    FieldWords { names: &["username", "user", "login"], label: "field-username", ..PLAIN },
    FieldWords { names: &["password"], label: "field-password", secret: true, ..PLAIN },
    FieldWords { names: &["email", "emailaddress", "mail"], label: "field-email", example: "jane@acme.com", ..PLAIN },
    FieldWords {
        names: &["subdomain"],
        label: "field-subdomain",
        hint: "field-subdomain.hint",
        example: "acme",
        pasted: Pasted::FirstLabel,
        ..PLAIN
    },
    FieldWords {
        names: &["domain", "host", "hostname", "instance"],
        label: "field-domain",
        hint: "field-domain.hint",
        example: "acme.example.com",
        pasted: Pasted::Host,
        ..PLAIN
    },
    FieldWords {
        names: &["url", "baseurl", "instanceurl", "siteurl", "storeurl", "serverurl"],
        label: "field-web-address",
        example: "https://acme.example.com",
        pasted: Pasted::Address,
        ..PLAIN
    },
    FieldWords { names: &["region", "datacenter", "location"], label: "field-region", ..PLAIN },
    FieldWords { names: &["accountid"], label: "field-account-id", ..PLAIN },
    FieldWords { names: &["companyid"], label: "field-company-id", ..PLAIN },
    FieldWords { names: &["storehash"], label: "field-store-hash", ..PLAIN },
];

/// What short names of regions stand for: the keys of the phrases.
const REGIONS: &[(&str, &str)] = &[
    ("au", "region-australia"),
    ("ca", "region-canada"),
    ("cn", "region-china"),
    ("com", "region-united-states"),
    ("com.au", "region-australia"),
    ("com.cn", "region-china"),
    ("eu", "region-europe"),
    ("in", "region-india"),
    ("jp", "region-japan"),
    ("sa", "region-saudi-arabia"),
    ("uk", "region-united-kingdom"),
    ("us", "region-united-states"),
    ("zohocloud.ca", "region-canada"),
];

/// What is said of that field at that app only.
pub(super) fn of_app(app: &str, name: &str) -> Option<&'static FieldWords> {
    let (app, name) = (app.to_ascii_lowercase(), canonical(name));
    OF_APPS.iter().find(|words| words.app == app && words.names.contains(&name.as_str()))
}

/// What is said of that field at any app.
pub(super) fn common(name: &str) -> Option<&'static FieldWords> {
    let name = canonical(name);
    COMMON.iter().find(|words| words.names.contains(&name.as_str()))
}

/// The key of the region that a short name stands for.
pub(super) fn region(value: &str) -> Option<&'static str> {
    let value = value.trim_start_matches('.').to_ascii_lowercase();
    REGIONS.iter().find(|(short, _)| *short == value).map(|(_, region)| *region)
}

/// `shop_name`, `shopName` and `shop-name` are one name.
pub(super) fn canonical(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
