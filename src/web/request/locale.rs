//! The language of a request, and links to the same page in the other languages.

use actix_web::{
    HttpMessage as _, HttpRequest,
    http::{Method, header},
};

use crate::{
    domain::session::ConnectSession,
    i18n::Language,
    web::{
        Site,
        pages::{LanguageChoice, Window},
        routes,
    },
};

use super::form_body::query_parameter;

#[derive(Debug, Clone, Default)]
pub(crate) struct RequestLocale {
    pub(crate) language: Language,
    source: Source,
    pub(crate) languages: Vec<LanguageChoice>,
    pub(crate) return_url: Option<String>,
    /// Target of *Try again*; `None` where a retry is impossible.
    pub(crate) again_url: Option<String>,
    pub(crate) window: Option<Window>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Source {
    Address,
    Kept,
    #[default]
    Asked,
}

impl RequestLocale {
    /// Determines the language by the request alone. `kept` is the stored choice.
    pub(crate) fn of(site: &Site, request: &HttpRequest, kept: Option<&str>) -> Self {
        let all = &site.languages;
        let named = query_parameter(request, routes::LANGUAGE).and_then(|tag| all.find(&tag).cloned());
        let kept = kept.and_then(|tag| all.find(tag).cloned());
        let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let (language, source) = match (named, kept) {
            (Some(named), _) => (named, Source::Address),
            (None, Some(kept)) => (kept, Source::Kept),
            (None, None) => {
                let accepted = accepted.and_then(|accepted| all.accepted(accepted));
                (accepted.unwrap_or(all.first()).clone(), Source::Asked)
            }
        };
        let (return_url, again_url) = (site.return_url(None), again(request));
        let mut locale = Self { language, source, languages: Vec::new(), return_url, again_url, window: None };
        if let Some((path, query)) = address(request) {
            locale.offer(site, path, query);
        }
        locale
    }

    pub(crate) fn here(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_default()
    }

    /// Applies the session's language, unless the user chose one, for all later pages of this request.
    pub(crate) fn in_session(site: &Site, request: &HttpRequest, session: &ConnectSession) -> Self {
        let mut locale = Self::here(request);
        let wanted = session.locale.as_deref().and_then(|tag| site.languages.find(tag));
        if let (Source::Asked, Some(wanted)) = (locale.source, wanted) {
            locale.language = wanted.clone();
            for choice in &mut locale.languages {
                choice.current = choice.tag == wanted.tag();
            }
        }
        locale.return_url = site.return_url(Some(session));
        request.extensions_mut().insert(locale.clone());
        locale
    }

    pub(crate) fn chosen_now(&self) -> Option<&str> {
        (self.source == Source::Address).then(|| self.language.tag())
    }

    pub(crate) fn offer(&mut self, site: &Site, path: &str, query: &str) {
        let choice = |language: &Language| {
            Some(LanguageChoice {
                tag: language.tag().to_owned(),
                name: language.name().to_owned(),
                url: routes::in_language(path, query, language.tag())?,
                current: *language == self.language,
            })
        };
        let all: Vec<LanguageChoice> = site.languages.iter().filter_map(choice).collect();
        self.languages = if all.len() > 1 { all } else { Vec::new() };
    }
}

/// Path and query for links in other languages. The start page sets its own, because its URL holds a code.
fn address(request: &HttpRequest) -> Option<(&str, &str)> {
    if request.path() == routes::START {
        return Some((routes::START, ""));
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Some((request.path(), request.query_string()));
    }
    routes::page_of_form(request.path()).map(|page| (page, ""))
}

/// Target of *Try again*: for a GET the current URL, which is not repeated because it may hold a code; for a form its
/// page, else the catalogue. Returns `None` for the form of the start page.
fn again(request: &HttpRequest) -> Option<String> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Some(String::new());
    }
    let page = routes::page_of_form(request.path()).unwrap_or(routes::CONNECTORS);
    (request.path() != routes::START).then(|| page.to_owned())
}
