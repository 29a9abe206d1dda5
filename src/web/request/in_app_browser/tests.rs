//! User agents of in-app browsers and of ordinary ones.

use actix_web::test::TestRequest;

use super::*;

/// How each begins on an iPhone, in an Android web view, and in a browser on Android.
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const ANDROID: &str = "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) \
                       Version/4.0 Chrome/125.0.0.0 Mobile Safari/537.36";
const CHROME: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/125.0.0.0 Mobile Safari/537.36";

const IN_APP: &[(&str, &str)] = &[
    (IPHONE, "Mobile/15E148 Safari Line/14.9.0"),
    (ANDROID, "Line/14.9.0/IAB"),
    (CHROME, "Line/14.9.0/IAB"),
    (IPHONE, "Mobile/15E148 KAKAOTALK 10.7.5"),
    (ANDROID, ";KAKAOTALK 2410750"),
    (IPHONE, "Mobile/15E148 musical_ly_34.5.0 JsSdk/2.0 NetType/WIFI Channel/App Store BytedanceWebview/d8a21c6"),
    (ANDROID, "trill_340102 JsSdk/1.0 NetType/WIFI BytedanceWebview/d8a21c6"),
    // Nothing but the web view.
    (IPHONE, "Mobile/15E148"),
    ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)", "Mobile/15E148"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)", ""),
    (ANDROID, ""),
    (IPHONE, "Mobile/15E148 SomeApp/1.0"),
    (IPHONE, "Mobile/15E148 MicroMessenger/8.0.49(0x18003137) NetType/WIFI Language/en"),
    (CHROME, "MicroMessenger/8.0.49.2600(0x28003133) WeChat/arm64 Weixin NetType/WIFI"),
    (IPHONE, "Version/17.5 Mobile/15E148 Snapchat/12.90.0.41 (like Safari/8617.2.4.10.8, panda)"),
    (ANDROID, "Snapchat/12.90.0.41 (Pixel 8; Android 14#11; gzip; )"),
    (IPHONE, "Mobile/15E148 Instagram 330.0.0 (iPhone14,5; iOS 17_5; en_US; scale=3.00)"),
    (ANDROID, "Instagram 330.0.0.40.92 Android"),
    (IPHONE, "Mobile/15E148 [FBAN/FBIOS;FBAV/470.0.0;FBDV/iPhone14,5]"),
    (ANDROID, "[FB_IAB/FB4A;FBAV/470.0.0.0;]"),
    (IPHONE, "Mobile/15E148 [FBAN/MessengerForiOS;FBAV/460.0;FBDV/iPhone14,5]"),
    (IPHONE, "Mobile/15E148 [LinkedInApp]/9.29.6"),
    (ANDROID, "[LinkedInApp]/4.1.940"),
    (IPHONE, "Mobile/15E148 [Pinterest/iOS]"),
    (ANDROID, "[Pinterest/Android]"),
    (IPHONE, "Mobile/15E148 Twitter for iPhone/10.47"),
    (ANDROID, "TwitterAndroid"),
    (CHROME, "Telegram-Android/11.2.3 (Google Pixel 8; Android 14; SDK 34; HIGH)"),
    (IPHONE, "Mobile/15E148 Slack/24.05.10"),
    (ANDROID, "Slack/24.05.10"),
    (IPHONE, "Mobile/15E148 TeamsMobile-iOS"),
    (ANDROID, "TeamsMobile-Android"),
    (IPHONE, "Version/17.5 Mobile/15E148 Safari/605.1 NAVER(inapp; search; 2000; 12.5.2; 14PRO)"),
    (ANDROID, "NAVER(inapp; search; 2000; 12.5.2)"),
    (IPHONE, "Mobile/15E148 Zalo iOS/502 ZaloTheme/light ZaloLanguage/vn"),
    (ANDROID, "Zalo android/24050 ZaloTheme/dark ZaloLanguage/vi"),
    (IPHONE, "Mobile/15E148 Barcelona 334.0.0.30.93 (iPhone14,5; iOS 17_5; en_US; scale=3.00)"),
    (ANDROID, "Barcelona 334.0.0.30.93 Android"),
    (IPHONE, "Mobile/15E148 Reddit/Version 2024.20.0/Build 614973/iOS Version 17.5"),
    (ANDROID, "Reddit/Version 2024.20.0/Build 1614973/Android 14"),
    (IPHONE, "Mobile/22G100 Safari/604.1 MetaIAB Facebook"),
    (IPHONE, "Mobile/15E148 Safari/604.1 musical_ly_41.9.0"),
    (IPHONE, "Mobile/15E148 Safari/604.1 [LinkedInApp]/9.78.4909"),
    (IPHONE, "Version/26.0.1 Mobile/15E148 Safari/604.1 [WAiOS/2.25.31]"),
    (CHROME, "[WA4A/2.25.32.75;]"),
    (IPHONE, "Mobile/15E148 com.tinyspeck.chatlyio/24.05.10"),
    (IPHONE, "Mobile/15E148 Weibo (iPhone14,5__weibo__14.5.0__iphone__os17.5)"),
    (IPHONE, "Mobile/15E148 AliApp(DingTalk/7.5.20) com.laiwang.DingTalk/32861543 Channel/201200"),
    // The app of Google Search on Android is a web view, in which Google refuses to sign in.
    (ANDROID, "GSA/15.20.38.28.arm64"),
];

const ORDINARY: &[&str] = &[
    // Safari on iPhone, iPad (its pages are asked for as on a Mac) and Mac; Brave on iPhone is the same.
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    // Chrome, Firefox, Focus, Edge, Opera, DuckDuckGo, Yandex, Ecosia and the app of Google Search on iPhone.
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/125.0.6422.80 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/126.0 Mobile/15E148 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/126.0 Focus/126.0 Mobile/15E148 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 EdgiOS/125.0.2535.60 Mobile/15E148 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1 OPT/4.7.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 YaBrowser/24.4.5.497.10 SA/3 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1 (Ecosia ios@10.0.0.1900)",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/317.0.634488990 Mobile/15E148 Safari/604.1",
    // Chrome (Brave and Custom Tabs are the same), Firefox, Samsung, Edge, Opera, DuckDuckGo, UC, Vivaldi, Silk on Android.
    CHROME,
    "Mozilla/5.0 (Android 14; Mobile; rv:126.0) Gecko/126.0 Firefox/126.0",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36 EdgA/125.0.0.0",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36 OPR/82.0.0.0",
    "Mozilla/5.0 (Linux; U; Android 14; SM-A546B Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/125.0.6422.113 Mobile Safari/537.36 OPR/80.0.2254.71593",
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/125.0.6422.113 Mobile DuckDuckGo/5 Safari/537.36",
    "Mozilla/5.0 (Linux; U; Android 13; en-US; SM-A325F Build/TP1A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.7.0.1320 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36 Vivaldi/6.7.3335.132",
    "Mozilla/5.0 (Linux; Android 11; KFTRWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/124.3.2 like Chrome/124.0.6367.207 Safari/537.36",
    // Desktops: Chrome, Edge, Opera, Firefox, Vivaldi, Chrome OS, GNOME's Epiphany; older ones; and no name at all.
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36 Edg/125.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 OPR/110.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:126.0) Gecko/20100101 Firefox/126.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 Epiphany/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
    "curl/8.7.1",
    "",
];

fn recognised(user_agent: &str) -> bool {
    let request = TestRequest::get().insert_header((header::USER_AGENT, user_agent)).to_http_request();
    is_in_app_browser(&request)
}

#[test]
fn in_app_browsers_are_recognised() {
    for (begin, end) in IN_APP {
        let user_agent = format!("{begin} {end}").replace(" ;", ";");
        assert!(recognised(user_agent.trim()), "{user_agent}");
    }
}

#[test]
fn ordinary_browsers_are_left_alone() {
    assert!(ORDINARY.len() >= 20);
    for user_agent in ORDINARY {
        assert!(!recognised(user_agent), "{user_agent}");
    }
}

#[test]
fn every_listed_app_has_a_sample() {
    for sign in APPS {
        assert!(IN_APP.iter().any(|(_, end)| format!(" {end} ").contains(sign)), "{sign}");
    }
}

#[test]
fn android_opens_the_same_link() {
    let intent = intent("https://connect.acme.com/start?code=abc").unwrap();
    let wanted = "intent://connect.acme.com/start?code=abc#Intent;scheme=https;action=android.intent.action.VIEW;end";
    assert_eq!(intent, wanted);
}
