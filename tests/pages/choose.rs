//! The catalogue: long, short, narrowed, empty.

use time::macros::datetime;

use super::Cast;
use crate::web::pages::{App, Category, Choose, ConnectedApp, ListedApp, Name, Sentence};

impl Choose {
    pub(super) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let listed = |(id, app, line)| ListedApp {
            app,
            url: format!("/connectors/{id}"),
            line: Some(line),
            category: Some("Messaging".into()),
        };
        let day = |at| Some(cast.language.day(at, datetime!(2026-06-01 12:00 UTC)));
        let connect = |(id, app, _): (String, App, Sentence), since, others| ConnectedApp {
            account: format!("{}’s {}", cast.first_name, app.name).into(),
            app,
            url: format!("/connectors/{id}"),
            since,
            others,
            needs_attention: false,
        };
        let since = [day(datetime!(2026-03-03 9:00 UTC)), day(datetime!(2025-11-20 9:00 UTC))];
        let connected: Vec<ConnectedApp> =
            cast.apps().zip(since).zip([0, 1]).map(|((app, since), others)| connect(app, since, others)).collect();
        let category = |name: &str| Category {
            value: name.to_lowercase(),
            name: name.into(),
            url: format!("/connectors?category={}", name.to_lowercase()),
            count: 4,
            current: false,
        };
        let full = Self {
            frame: cast.frame(),
            all_url: "/connectors".to_owned(),
            query: Name::default(),
            categories: ["Messaging", "Sales", "Marketing", "Commerce", "Support", "Finance"].map(category).into(),
            connected,
            connected_unknown: false,
            apps: cast.apps().map(listed).collect(),
            stale: false,
        };
        let plain = Self {
            frame: cast.bare_frame(),
            categories: Vec::new(),
            connected: Vec::new(),
            connected_unknown: true,
            ..full.clone()
        };
        let found = Self {
            query: "sl".into(),
            apps: cast.apps().take(1).map(listed).collect(),
            connected: full.connected.iter().take(1).cloned().collect(),
            ..full.clone()
        };
        let first = full.connected.iter().take(1).map(|one| ConnectedApp { needs_attention: true, ..one.clone() });
        let connected = first.chain(full.connected.iter().skip(1).cloned()).collect();
        let attention = Self { connected, ..full.clone() };
        let nothing = Self { query: "zzz".into(), connected: Vec::new(), apps: Vec::new(), ..full.clone() };
        let none = Self { query: Name::default(), categories: Vec::new(), ..nothing.clone() };
        let down = Self { stale: true, frame: cast.frame(), ..plain.clone() };
        vec![
            ("", full),
            ("plain", plain),
            ("attention", attention),
            ("down", down),
            ("found", found),
            ("nothing", nothing),
            ("none", none),
        ]
    }
}
