//! In-app browsers. Some providers refuse to sign users in there (RFC 8252 section 8.12), and users have no sessions
//! there, so pages first offer to open the user's own browser.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use url::Url;

use crate::{
    domain::session::{ConnectSession, StartCode},
    web::{Site, pages, problem::Problem, routes},
};

use super::locale::RequestLocale;
use crate::web::views::frame::{answer, frame_of};

/// In the `User-Agent` of Instagram, Facebook (three), LinkedIn, Slack, WeChat, and a plain Android WebView.
const SIGNS: [&str; 8] =
    ["Instagram", "FBAN/", "FBAV/", "FB_IAB/", "LinkedInApp", "Slack/", "MicroMessenger/", "; wv)"];

pub(crate) fn is_in_app_browser(request: &HttpRequest) -> bool {
    SIGNS.iter().any(|sign| user_agent(request).contains(sign))
}

fn user_agent(request: &HttpRequest) -> &str {
    let header = request.headers().get(header::USER_AGENT);
    header.and_then(|value| value.to_str().ok()).unwrap_or_default()
}

pub(crate) fn open_in_browser_page(
    site: &Site,
    request: &HttpRequest,
    locale: &RequestLocale,
    session: &ConnectSession,
    code: &StartCode,
    back_url: String,
) -> Result<HttpResponse, Problem> {
    let link = site.public(&routes::start(code));
    let android = user_agent(request).contains("Android");
    let page = pages::InAppBrowser {
        frame: frame_of(site, locale, session),
        intent_url: android.then(|| intent(&link)).flatten(),
        link,
        back_url,
    };
    answer(StatusCode::OK, &page)
}

/// The link as an Android intent, which opens the user's browser (developer.chrome.com, Android Intents).
fn intent(link: &str) -> Option<String> {
    let url = Url::parse(link).ok()?;
    let rest = link.strip_prefix(url.scheme())?.strip_prefix(':')?;
    Some(format!("intent:{rest}#Intent;scheme={};action=android.intent.action.VIEW;end", url.scheme()))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn in_app_browsers_are_recognised() {
        for (user_agent, in_app) in [
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Instagram 330.0.0 (iPhone14,5)",
                true,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/470.0.0;FBDV/iPhone14,5]",
                true,
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 Version/4.0 Chrome/125.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/470.0.0;]",
                true,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 [LinkedInApp]/9.29",
                true,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Slack/24.05",
                true,
            ),
            (
                "Mozilla/5.0 (Linux; Android 13; SM-S911B) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.49",
                true,
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A; wv) AppleWebKit/537.36 Version/4.0 Chrome/125.0 Mobile Safari/537.36",
                true,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1",
                false,
            ),
            ("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/125.0 Mobile Safari/537.36", false),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", false),
            ("", false),
        ] {
            let request = TestRequest::get().insert_header((header::USER_AGENT, user_agent)).to_http_request();
            assert_eq!(is_in_app_browser(&request), in_app, "{user_agent}");
        }
    }

    #[test]
    fn android_opens_the_same_link() {
        let intent = intent("https://connect.acme.com/start?code=abc").unwrap();
        let wanted =
            "intent://connect.acme.com/start?code=abc#Intent;scheme=https;action=android.intent.action.VIEW;end";
        assert_eq!(intent, wanted);
    }
}
