//! The people and apps of the sample pages. Tests put hostile names in their place.

use time::macros::datetime;

use crate::i18n::{Language, Phrase};

use crate::web::pages::{Account, App, Closing, Form, Frame, LanguageChoice, Name, Person, Sentence, Window};

/// The ids, names and lines of the sample catalogue.
const APPS: [(&str, &str, &str); 24] = [
    ("slack", "Slack", "Messages and channels"),
    ("hubspot", "HubSpot", "Contacts, companies and deals"),
    ("notion", "Notion", "Pages and databases"),
    ("shopify", "Shopify", "Orders, products and customers"),
    ("salesforce", "Salesforce", "Accounts, leads and opportunities"),
    ("zohoCRM", "Zoho CRM", "Leads, contacts and deals"),
    ("monday", "monday.com", "Boards and items"),
    ("klaviyo", "Klaviyo", "E-mail lists and campaigns"),
    ("quickbooks", "QuickBooks", "Invoices, bills and payments"),
    ("xero", "Xero", "Invoices and bank accounts"),
    ("freshbooks", "FreshBooks", "Invoices and expenses"),
    ("zendesk", "Zendesk", "Support tickets"),
    ("gorgias", "Gorgias", "Support tickets for shops"),
    ("freshdesk", "Freshdesk", "Support tickets and contacts"),
    ("jira", "Jira", "Issues and projects"),
    ("trello", "Trello", "Boards, lists and cards"),
    ("googleCalendar", "Google Calendar", "Events and calendars"),
    ("mailgun", "Mailgun", "E-mail delivery"),
    ("attentive", "Attentive", "Text message subscribers"),
    ("bigcommerce", "BigCommerce", "Orders, products and customers"),
    ("clover", "Clover", "Payments and orders in the shop"),
    ("shippo", "Shippo", "Labels and tracking"),
    ("shipstation", "ShipStation", "Shipments and labels"),
    ("serviceNow", "ServiceNow", "Incidents and requests"),
];

/// Who and what is on the sample pages.
#[derive(Debug, Clone)]
pub(crate) struct Cast {
    pub(crate) language: Language,
    pub(crate) host: &'static str,
    pub(crate) first_name: &'static str,
    pub(crate) name: &'static str,
    pub(crate) email: &'static str,
    /// The app that the provider's page names.
    pub(crate) consent_name: &'static str,
    /// Put in front of what an app or a field is called.
    pub(crate) mark: &'static str,
    /// What the user typed into a text field.
    pub(crate) typed: &'static str,
}

impl Default for Cast {
    fn default() -> Self {
        Self {
            language: Language::default(),
            host: "Acme Notes",
            first_name: "Jane",
            name: "Jane Doe",
            email: "jane@acme.test",
            consent_name: "Alloy",
            mark: "",
            typed: "Acme & Sons",
        }
    }
}

impl Cast {
    pub(crate) fn person(&self) -> Person {
        Person { name: Some(self.name.into()), email: Some(self.email.into()) }
    }

    pub(crate) fn frame(&self) -> Frame {
        Frame {
            language: self.language.clone(),
            languages: self.languages(),
            closing: Some(self.closing()),
            host: self.host.into(),
            return_url: Some("https://notes.acme.test/apps".to_owned()),
            person: Some(self.person()),
            ..Frame::default()
        }
    }

    /// In a window of the host's page.
    pub(crate) fn in_window(&self) -> Frame {
        let close = Form::new("/window/close").with("form_token", "sample-token");
        Frame {
            window: Some(Window { page: Some(3), left_url: "/window/left".to_owned(), close, origins: None }),
            ..self.frame()
        }
    }

    /// In a frame of the host's page.
    pub(crate) fn in_frame(&self) -> Frame {
        let window = self.in_window().window;
        let origins = Some("https://notes.acme.test https://acme.test".to_owned());
        Frame { window: window.map(|window| Window { origins, ..window }), ..self.frame() }
    }

    /// The host told nothing about the user, and there is no way back to it.
    pub(crate) fn bare_frame(&self) -> Frame {
        Frame { return_url: None, person: Some(Person::default()), ..self.frame() }
    }

    fn languages(&self) -> Vec<LanguageChoice> {
        let choice = |(tag, name): (&str, &str)| LanguageChoice {
            tag: tag.to_owned(),
            name: name.to_owned(),
            url: format!("/connectors?language={tag}"),
            current: tag == self.language.tag(),
        };
        [("en", "English"), ("de", "Deutsch"), ("ar", "العربية")].into_iter().map(choice).collect()
    }

    fn closing(&self) -> Closing {
        Closing {
            at: self.language.time(datetime!(2026-06-01 14:05 UTC)),
            seconds: 1800,
            extend: Some(Form::new("/session/extend").with("form_token", "sample-token")),
            over_url: "/connectors".to_owned(),
        }
    }

    pub(crate) fn say(&self, key: &'static str) -> Phrase {
        self.language.say(key)
    }

    /// What a field is called, with the mark of a hostile text.
    pub(crate) fn label_of(&self, key: &'static str) -> Phrase {
        if self.mark.is_empty() { self.say(key) } else { Phrase::verbatim(self.label(&self.say(key).plain()).as_str()) }
    }

    pub(crate) fn label(&self, label: &str) -> Name {
        format!("{}{label}", self.mark).into()
    }

    pub(crate) fn apps(&self) -> impl Iterator<Item = (String, App, Sentence)> {
        APPS.into_iter().map(|(id, name, line)| {
            let app = App { name: self.label(name), icon_url: Some(format!("/icons/{id}")) };
            (id.to_owned(), app, format!("{}{line}", self.mark).into())
        })
    }

    pub(crate) fn app(&self) -> App {
        self.apps().next().map(|(_, app, _)| app).unwrap_or_default()
    }

    /// An app that takes a key, without a picture.
    pub(crate) fn key_app(&self) -> App {
        App { name: self.label("Trello"), icon_url: None }
    }

    pub(crate) fn accounts(&self) -> Vec<Account> {
        let account = |name: String, at| Account {
            name: name.into(),
            label: None,
            since: Some(self.language.day(at, datetime!(2026-06-01 12:00 UTC))),
            needs_attention: false,
            reconnect_url: Some("/connectors/slack?replaces=67a37f29e0aa276e50d7253a".to_owned()),
            disconnect_url: Some("/connections/67a37f29e0aa276e50d7253a/disconnect".to_owned()),
        };
        let app = self.app().name;
        vec![
            account(format!("{}’s {app}", self.first_name), datetime!(2026-03-03 9:00 UTC)),
            account(format!("{app} of the sales team"), datetime!(2025-11-20 9:00 UTC)),
        ]
    }

    pub(crate) fn permissions(&self) -> Vec<Sentence> {
        ["Read the names of your channels", "Post notes to the channels that you choose", "See who is in a channel"]
            .map(|line| format!("{}{line}", self.mark).into())
            .into()
    }
}
