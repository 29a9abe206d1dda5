//! Security headers of every response.

use std::{cell::Cell, rc::Rc};

use actix_web::{
    Error, HttpMessage as _, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    web,
};
use url::Url;

use crate::{
    config::Settings,
    runtime::net::{is_loopback, is_private_use, origin_of},
};

/// Whether pages of `host.origins` may show the response in a frame; `None` while no handler knows. Shared with the
/// middleware, which outlives the request if a handler panics.
#[derive(Debug, Clone, Default)]
pub(crate) struct Framing(Rc<Cell<Option<bool>>>);

impl Framing {
    /// The one of this request.
    pub(crate) fn of(request: &ServiceRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_default()
    }

    /// Permits it, by a handler that knows that the session is shown in a frame. Without `host.frames` it stays forbidden.
    pub(crate) fn permit(request: &HttpRequest) {
        if let Some(framing) = request.extensions().get::<Self>() {
            framing.0.set(Some(true));
        }
    }

    /// Refuses it, unless it is permitted.
    pub(crate) fn refuse(request: &HttpRequest) {
        if let Some(framing) = request.extensions().get::<Self>() {
            framing.0.set(framing.0.get().or(Some(false)));
        }
    }

    /// Permits it, unless it is refused. Returns whether it is permitted.
    pub(crate) fn permit_if_undecided(&self) -> bool {
        let is_permitted = self.0.get().unwrap_or(true);
        self.0.set(Some(is_permitted));
        is_permitted
    }
}

/// Middleware that adds the headers. A handler's own values take precedence.
pub async fn security_headers(
    headers: web::Data<SecurityHeaders>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let framing = Framing::default();
    request.extensions_mut().insert(framing.clone());
    let mut response = next.call(request).await?;
    headers.add_to(response.headers_mut(), &framing);
    Ok(response)
}

type Headers = Vec<(HeaderName, HeaderValue)>;

/// The headers, computed once from the settings.
#[derive(Debug, Clone)]
pub struct SecurityHeaders {
    all: Headers,
    /// Of responses that are not shown in a frame.
    unframed: Headers,
    /// Of responses to a frame; the same as the others without `host.frames`.
    framed: Headers,
}

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

impl SecurityHeaders {
    /// Computes the headers.
    pub fn new(settings: &Settings) -> Self {
        let mut all = vec![
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            // Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
            (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
            (
                HeaderName::from_static("permissions-policy"),
                HeaderValue::from_static(
                    "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
                ),
            ),
            (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        if settings.server.public_url.scheme() == "https" {
            let two_years = HeaderValue::from_static("max-age=63072000; includeSubDomains");
            all.push((header::STRICT_TRANSPORT_SECURITY, two_years));
        }
        let mut unframed = vec![
            (RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
            (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        ];
        unframed.extend(policy(settings, "'none'"));
        let framed = if settings.host.frames {
            let origins: Vec<String> = settings.host.origins.iter().map(origin_of).collect();
            // The embedding page may require both of what it frames (`Cross-Origin-Embedder-Policy`).
            let mut framed = vec![
                (RESOURCE_POLICY, HeaderValue::from_static("cross-origin")),
                (HeaderName::from_static("cross-origin-embedder-policy"), HeaderValue::from_static("require-corp")),
            ];
            framed.extend(policy(settings, &origins.join(" ")));
            framed
        } else {
            unframed.clone()
        };
        Self { all, unframed, framed }
    }

    /// Adds the headers that are not set yet.
    pub(crate) fn add_to(&self, headers: &mut HeaderMap, framing: &Framing) {
        let some = if framing.0.get() == Some(true) { &self.framed } else { &self.unframed };
        for (name, value) in self.all.iter().chain(some) {
            if !headers.contains_key(name) {
                headers.insert(name.clone(), value.clone());
            }
        }
    }
}

fn policy(settings: &Settings, ancestors: &str) -> Option<(HeaderName, HeaderValue)> {
    let value = HeaderValue::from_str(&content_security_policy(settings, ancestors)).ok()?;
    Some((header::CONTENT_SECURITY_POLICY, value))
}

/// `form-action` also covers every redirect that answers a POST, even on the provider's pages. So it permits any https
/// URL, the loopback origins of the settings, and the schemes of the host's apps. A local sandbox has two names and uses
/// both.
fn content_security_policy(settings: &Settings, ancestors: &str) -> String {
    let sandbox = &settings.alloy.base_url;
    let aliases = ["localhost", "127.0.0.1"].into_iter().filter(|_| is_loopback(sandbox)).filter_map(|name| {
        let mut alias = sandbox.clone();
        alias.set_host(Some(name)).is_ok().then_some(alias)
    });
    let addresses = settings.host.return_urls.iter().chain([sandbox]).cloned().chain(aliases);
    let source = |url: Url| match url.scheme() {
        "http" => Some(origin_of(&url)),
        scheme => is_private_use(&url).then(|| format!("{scheme}:")),
    };
    let mut others: Vec<String> = addresses.filter_map(source).collect();
    others.sort();
    others.dedup();
    let form_action = std::iter::once("'self' https:".to_owned()).chain(others).collect::<Vec<_>>().join(" ");
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action {form_action}; base-uri 'none'; frame-ancestors {ancestors}; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_may_lead_to_an_app_on_the_device() {
        let urls = "https://app.acme.com/apps,com.acme.app:/connected,io.acme.notes://connected";
        let variable = ("GANGWAY__HOST__RETURN_URLS".to_owned(), urls.to_owned());
        let policy = content_security_policy(&Settings::load(None, [variable].into_iter()).unwrap(), "'none'");
        assert!(policy.contains("form-action 'self' https: com.acme.app: io.acme.notes:;"), "{policy}");
    }

    #[test]
    fn a_form_may_lead_to_the_sandbox_under_either_of_its_names() {
        for base_url in ["http://localhost:4040", "http://127.0.0.1:4040"] {
            let variable = ("GANGWAY__ALLOY__BASE_URL".to_owned(), base_url.to_owned());
            let policy = content_security_policy(&Settings::load(None, [variable].into_iter()).unwrap(), "'none'");
            let wanted = "form-action 'self' https: http://127.0.0.1:4040 http://localhost:4040;";
            assert!(policy.contains(wanted), "{policy}");
        }
        let policy = content_security_policy(&Settings::load(None, std::iter::empty()).unwrap(), "'none'");
        assert!(policy.contains("form-action 'self' https:;"), "{policy}");
    }
}
