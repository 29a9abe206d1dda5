//! What forms say of the fields that the vendor's schemas name without a word of explanation. The host's own words
//! (`connectors.<id>.fields`) come before these.
//!
//! Pages speak to people who have never heard of tokens: what an app calls a token is a key here.

use crate::form::Pasted;

/// What is said of one field.
#[derive(Debug, Clone, Copy)]
pub(super) struct FieldWords {
    /// Only at this app (its id in lower case); everywhere if empty.
    app: &'static str,
    /// Names of the field, in lower case, letters and digits only.
    names: &'static [&'static str],
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
        label: "Freshdesk address",
        hint: "The first part of your Freshdesk address: acme in acme.freshdesk.com. You can paste the whole address.",
        example: "acme",
        pasted: Pasted::FirstLabel,
        ..PLAIN
    },
    FieldWords {
        app: "freshdesk",
        names: &["username"],
        label: "API key",
        hint: "In Freshdesk, open your profile settings. The key is shown there.",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "freshdesk",
        names: &["password"],
        label: "Password",
        hint: "With an API key, enter X: Freshdesk does not look at it.",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "gorgias",
        names: SUBDOMAIN,
        label: "Gorgias address",
        hint: "The first part of your Gorgias address: acme in acme.gorgias.com. You can paste the whole address.",
        example: "acme",
        pasted: Pasted::FirstLabel,
        ..PLAIN
    },
    FieldWords {
        app: "jira",
        names: &["username", "email"],
        label: "E-mail address",
        hint: "The address that you sign in to Jira with.",
        example: "jane@acme.com",
        ..PLAIN
    },
    FieldWords {
        app: "jira",
        names: &["password", "apitoken", "token", "apikey"],
        label: "API key",
        hint: "Make one in the security settings of your Atlassian account. Your password does not work here.",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "jira",
        names: SUBDOMAIN,
        label: "Jira address",
        hint: "The first part of your Jira address: acme in acme.atlassian.net. You can paste the whole address.",
        example: "acme",
        pasted: Pasted::FirstLabel,
        ..PLAIN
    },
    FieldWords {
        app: "mailgun",
        names: &["username"],
        label: "Username",
        hint: "Mailgun's username is api for everybody.",
        example: "api",
        ..PLAIN
    },
    FieldWords {
        app: "mailgun",
        names: &["password"],
        label: "API key",
        hint: "In Mailgun, open the API security page and add a key.",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "servicenow",
        names: &["instance", "instancename", "subdomain", "domain"],
        label: "ServiceNow address",
        hint: "The first part of your ServiceNow address: acme in acme.service-now.com. You can paste the whole address.",
        example: "acme",
        pasted: Pasted::FirstLabel,
        ..PLAIN
    },
    FieldWords {
        app: "shippo",
        names: &["token", "apitoken", "apikey", "accesstoken", "bearertoken"],
        label: "API key",
        hint: "In Shippo, open Settings, then API.",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "shipstation",
        names: &["apikey", "key", "username"],
        label: "API key",
        hint: "In ShipStation, open Account settings, then API settings.",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "shipstation",
        names: &["apisecret", "secret", "password"],
        label: "API secret",
        hint: "It is shown beside the API key.",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "shopify",
        names: &["shopname", "shop", "shopdomain", "store", "storename", "subdomain"],
        label: "Shop name",
        hint: "The first part of your shop's address: acme in acme.myshopify.com. You can paste the whole address.",
        example: "acme",
        pasted: Pasted::FirstLabel,
        ..PLAIN
    },
    FieldWords {
        app: "trello",
        names: &["apikey", "key"],
        label: "API key",
        hint: "In Trello, open the Power-Ups administration page, then your Power-Up, then API key.",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "trello",
        names: &["token", "accesstoken", "apitoken"],
        label: "Access key",
        hint: "The link beside your API key leads to a page of Trello's that shows it once you allow access.",
        secret: true,
        ..PLAIN
    },
    FieldWords {
        app: "zendesk",
        names: SUBDOMAIN,
        label: "Zendesk address",
        hint: "The first part of your Zendesk address: acme in acme.zendesk.com. You can paste the whole address.",
        example: "acme",
        pasted: Pasted::FirstLabel,
        ..PLAIN
    },
    FieldWords { app: "zoho", names: ZOHO_REGION, label: "Region", hint: ZOHO_HINT, ..PLAIN },
    FieldWords { app: "zohocrm", names: ZOHO_REGION, label: "Region", hint: ZOHO_HINT, ..PLAIN },
];

const ZOHO_REGION: &[&str] = &["region", "datacenter", "dc", "domain", "location"];
const ZOHO_HINT: &str = "Where your Zoho account is kept. Look at the end of the address when you are signed in: zoho.com \
    is the United States, zoho.eu is Europe.";

/// Fields as many apps name them.
const COMMON: &[FieldWords] = &[
    FieldWords { names: &["apikey", "key"], label: "API key", secret: true, ..PLAIN },
    FieldWords {
        names: &["token", "apitoken", "bearertoken", "accesstoken", "personalaccesstoken", "authtoken"],
        label: "Access key",
        hint: "You find it in the app's settings, often under API or Developers.",
        secret: true,
        ..PLAIN
    },
    FieldWords { names: &["apisecret", "secret", "secretkey"], label: "API secret", secret: true, ..PLAIN },
    FieldWords { names: &["clientid"], label: "Client ID", ..PLAIN },
    FieldWords { names: &["clientsecret"], label: "Client secret", secret: true, ..PLAIN },
    FieldWords { names: &["username", "user", "login"], label: "Username", ..PLAIN },
    FieldWords { names: &["password"], label: "Password", secret: true, ..PLAIN },
    FieldWords {
        names: &["email", "emailaddress", "mail"],
        label: "E-mail address",
        example: "jane@acme.com",
        ..PLAIN
    },
    FieldWords {
        names: &["subdomain"],
        label: "Subdomain",
        hint: "The first part of the address that you see when you are signed in. You can paste the whole address.",
        example: "acme",
        pasted: Pasted::FirstLabel,
        ..PLAIN
    },
    FieldWords {
        names: &["domain", "host", "hostname", "instance"],
        label: "Domain",
        hint: "The address that you see when you are signed in. You can paste all of it.",
        example: "acme.example.com",
        pasted: Pasted::Host,
        ..PLAIN
    },
    FieldWords {
        names: &["url", "baseurl", "instanceurl", "siteurl", "storeurl", "serverurl"],
        label: "Web address",
        example: "https://acme.example.com",
        pasted: Pasted::Address,
        ..PLAIN
    },
    FieldWords { names: &["region", "datacenter", "location"], label: "Region", ..PLAIN },
    FieldWords { names: &["accountid"], label: "Account ID", ..PLAIN },
    FieldWords { names: &["companyid"], label: "Company ID", ..PLAIN },
    FieldWords { names: &["storehash"], label: "Store hash", ..PLAIN },
];

/// What short names of regions stand for.
const REGIONS: &[(&str, &str)] = &[
    ("au", "Australia"),
    ("ca", "Canada"),
    ("cn", "China"),
    ("com", "United States"),
    ("com.au", "Australia"),
    ("com.cn", "China"),
    ("eu", "Europe"),
    ("in", "India"),
    ("jp", "Japan"),
    ("sa", "Saudi Arabia"),
    ("uk", "United Kingdom"),
    ("us", "United States"),
    ("zohocloud.ca", "Canada"),
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

/// The region that a short name stands for.
pub(super) fn region(value: &str) -> Option<&'static str> {
    let value = value.trim_start_matches('.').to_ascii_lowercase();
    REGIONS.iter().find(|(short, _)| *short == value).map(|(_, region)| *region)
}

/// `shop_name`, `shopName` and `shop-name` are one name.
pub(super) fn canonical(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
