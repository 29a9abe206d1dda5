//! In-app browsers. Some providers refuse to sign users in there (RFC 8252 section 8.12), and users have no sessions
//! there, so pages first offer to open the user's own browser.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use url::Url;

use crate::{
    domain::session::ConnectSession,
    web::{Site, pages, problem::Problem},
};

use super::locale::RequestLocale;
use crate::web::views::frame::{answer, frame_of};

/// What apps put into `User-Agent`, with the source: collections of real ones (*inapp-spy* of shalanah, `src/tests/`;
/// *device-detector* of matomo-org, `mobile_apps.yml`; *ua-parser-js*, `InApps`) or the app's own.
const APPS: &[&str] = &[
    // Facebook and Messenger: inapp-spy. The newest on iPhones imitates Safari: `Safari/604.1 MetaIAB Facebook`.
    "FBAN/",
    "FBAV/",
    "FB_IAB/",
    "MetaIAB",
    // Instagram, and Threads by its code name: inapp-spy.
    "Instagram",
    "Barcelona ",
    // WhatsApp on iPhone and Android: inapp-spy.
    "[WAiOS/",
    "[WA4A/",
    // LINE, `Safari Line/` on iPhones: inapp-spy.
    " Line/",
    // KakaoTalk and NAVER: device-detector.
    "KAKAOTALK",
    "NAVER(inapp;",
    // TikTok (`trill_` in Asia): inapp-spy and device-detector.
    "BytedanceWebview/",
    "musical_ly_",
    "trill_",
    // Snapchat, which ends in `(like Safari/…)`: inapp-spy.
    "Snapchat/",
    // Telegram, which removes `; wv`: its own, `BotWebViewContainer.java` in DrKLO/Telegram.
    "Telegram-Android/",
    // X: device-detector.
    "Twitter for iPhone",
    "TwitterAndroid",
    // LinkedIn, Reddit, WeChat: inapp-spy.
    "LinkedInApp",
    "Reddit/",
    "MicroMessenger/",
    // Pinterest, Weibo, DingTalk: device-detector.
    "[Pinterest/",
    "__weibo__",
    "DingTalk/",
    // Slack (`chatlyio` too) and Teams: ua-parser-js.
    "Slack/",
    "chatlyio/",
    "TeamsMobile-",
    // Zalo: requests of the app itself.
    "Zalo iOS/",
    "Zalo android/",
    "ZaloTheme/",
];

/// Browsers of their own that are built on Android's web view: Opera Mini, DuckDuckGo, Firefox Focus and Klar.
const BROWSERS_ON_WEB_VIEW: &[&str] = &["OPR/", "DuckDuckGo/", "Focus/", "Klar/"];

pub(crate) fn is_in_app_browser(request: &HttpRequest) -> bool {
    let user_agent = user_agent(request);
    let has = |sign: &&str| user_agent.contains(*sign);
    APPS.iter().any(has) || is_ios_web_view(user_agent) || {
        // developer.chrome.com, "WebView user agent strings".
        user_agent.contains("; wv)") && !BROWSERS_ON_WEB_VIEW.iter().any(has)
    }
}

/// A `WKWebView` lacks `Safari/`, which Safari, `SFSafariViewController` and all browsers on iOS send; on an iPad it
/// names a Macintosh. A web app on the home screen may lack it too and cannot be told apart: it is offered the way out,
/// and can stay.
fn is_ios_web_view(user_agent: &str) -> bool {
    let by_apple = ["(iPhone", "(iPad", "(iPod", "(Macintosh"].iter().any(|device| user_agent.contains(device));
    by_apple && user_agent.contains("AppleWebKit/") && !user_agent.contains("Safari/")
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
    start: &str,
    back_url: String,
) -> Result<HttpResponse, Problem> {
    let link = site.public(start);
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
mod tests;
