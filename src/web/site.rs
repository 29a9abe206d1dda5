//! State that all pages share: languages, the host's name and brand, the public URL, form tokens and the catalogue.

use std::{
    path::PathBuf,
    sync::{Arc, Once},
    time::Duration,
};

use url::Url;

use crate::{
    catalogue::Catalogue,
    config::Settings,
    domain::{
        clock::{SharedClock, SharedEntropy},
        connector::ConnectorId,
        keys::Keys,
        session::{ConnectSession, Lifetime},
    },
    i18n::Languages,
    runtime::net::origin_of,
    web::{
        request::{address_warnings::AddressWarnings, form_token::FormTokens},
        style::Style,
    },
};

/// State of the pages, built once from the settings. Handlers that render a page extract it as `web::Data`.
pub struct Site {
    pub(crate) languages: Languages,
    pub(crate) style: Style,
    pub(crate) logo: Option<PathBuf>,
    pub(crate) host_name: String,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) form_tokens: FormTokens,
    pub(crate) clock: SharedClock,
    pub(crate) address_warnings: AddressWarnings,
    pub(crate) lifetime: Lifetime,
    /// Time for a connection to appear after the user said that they allowed it.
    pub(crate) link_patience: Duration,
    pub(crate) host_origins: Vec<Url>,
    /// `host.frames`
    pub(crate) frames: bool,
    /// A frame was refused, which is logged once.
    pub(crate) frame_refused: Once,
    public_url: Url,
    return_url: Option<String>,
}

impl Site {
    pub(crate) fn new(
        settings: &Settings,
        languages: Languages,
        catalogue: Arc<Catalogue>,
        keys: Keys,
        (clock, entropy): (SharedClock, SharedEntropy),
    ) -> Self {
        Self {
            languages,
            style: Style::of(settings.brand.color.as_deref()),
            logo: settings.brand.logo.clone(),
            host_name: settings.host.name.clone(),
            catalogue,
            form_tokens: FormTokens::new(keys, entropy),
            clock,
            address_warnings: AddressWarnings::default(),
            lifetime: settings.session.lifetime(),
            link_patience: settings.link.patience,
            host_origins: settings.host.origins.clone(),
            frames: settings.host.frames,
            frame_refused: Once::new(),
            public_url: settings.server.public_url.clone(),
            return_url: settings.host.return_urls.first().map(Url::to_string),
        }
    }

    pub(crate) fn public(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    pub(crate) fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// The origins of the pages that may show ours in a frame, as a page's script reads them.
    pub(crate) fn frame_origins(&self) -> String {
        self.host_origins.iter().map(origin_of).collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn return_url(&self, session: Option<&ConnectSession>) -> Option<String> {
        session.and_then(|session| session.return_url.clone()).or_else(|| self.return_url.clone())
    }

    /// The app's term for an account, such as "Workspace".
    pub(crate) fn account_label(&self, connector: &ConnectorId) -> Option<String> {
        self.catalogue.settings().of(connector)?.whoami.as_ref()?.label.clone()
    }
}
