//! Narrow windows, large zoom and wide text: nothing is lost, and nobody scrolls sideways (WCAG 2.2, 1.4.4, 1.4.10, 1.4.12).

use serde_json::{Value, json};

use crate::{browser::Browser, gallery};

/// What is lost in this window.
const LOST: &str = r#"
const root = document.documentElement;
const shown = (element) => element.checkVisibility() && element.getClientRects().length > 0;
const box = (element) => element.getBoundingClientRect();
const name = (element) => `${element.tagName.toLowerCase()} "${(element.innerText || element.name || "").trim().slice(0, 40)}"`;
// Some words are for the ear only, in a box of one pixel.
const all = [...document.body.querySelectorAll("*")].filter(shown);
const unseen = all.filter((one) => box(one).width <= 1);
const seen = all.filter((one) => !unseen.some((hidden) => hidden.contains(one)));
const style = (element) => getComputedStyle(element);
const lost = [];

if (root.scrollWidth > root.clientWidth) {
  const beyond = seen.filter((one) => box(one).right > root.clientWidth + 0.5 || box(one).left < -0.5).at(-1);
  lost.push(`scrolls sideways by ${root.scrollWidth - root.clientWidth} px, for ${beyond ? name(beyond) : "the page"}`);
}

// Text that is wider or higher than the box that cuts it off, or than the control that it is on.
const texts = (element) => [element, ...element.querySelectorAll("*")].filter((one) => seen.includes(one))
  .flatMap((one) => [...one.childNodes]).filter((node) => node.nodeType === 3 && node.data.trim());
const words = (element) => {
  const range = document.createRange();
  const boxes = texts(element).map((text) => (range.selectNodeContents(text), range.getBoundingClientRect()));
  const across = (start, end) => Math.max(...boxes.map(end)) - Math.min(...boxes.map(start));
  return { width: across((one) => one.left, (one) => one.right), height: across((one) => one.top, (one) => one.bottom) };
};
for (const one of seen.filter((one) => texts(one).length)) {
  const [inner, outer] = [words(one), box(one)];
  const cuts = ["hidden", "clip"].includes(style(one).overflowX)
    && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
  const spills = one.matches("a, button, summary") && style(one).display !== "inline"
    && (inner.width > outer.width + 1 || inner.height > outer.height + 1);
  if (cuts || spills) lost.push(`cut off: ${name(one)}`);
}

const pinned = seen.filter((one) => ["fixed", "sticky"].includes(style(one).position));
for (const one of pinned.filter((one) => box(one).height > innerHeight / 2)) lost.push(`pinned over half the view: ${name(one)}`);

// What is scrolled to lies open: at its middle there is nothing else.
const target = (element) => element.closest("label") ?? element;
for (const one of seen.filter((one) => one.matches("h1, h2, p, a, button, summary, input, select, textarea"))) {
  one.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  const { left, top, width, height } = one.getClientRects()[0];
  const found = document.elementFromPoint(left + width / 2, top + height / 2);
  const open = target(one).contains(found) || (one.matches("h1, h2, p") && found?.contains(one));
  if (!open) lost.push(`out of reach: ${name(one)}, under ${found ? name(found) : "nothing"}`);
}
scrollTo(0, 0);
return lost;
"#;

/// The widest text that a page must bear. It is the reader's own style, which no policy of ours keeps out.
const WIDE_TEXT: &str = "
const wide = new CSSStyleSheet();
wide.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-block-end: 2em !important }`);
document.adoptedStyleSheets = [wide];
";

/// What is lost on the page that is shown, on a narrow phone and in a window of 1280 × 1024 at a zoom of 400 %, with
/// text as it is and spaced as widely as a reader may want it.
async fn objections(browser: &Browser) -> Vec<String> {
    let mut objections = Vec::new();
    for (text, script) in [("", ""), (", wide text", WIDE_TEXT)] {
        browser.run(script).await;
        browser.is_a_phone(320, 667, 16).await;
        objections.extend(lost(browser, &format!("320 px{text}")).await);
        let zoomed = json!({ "width": 320, "height": 256, "deviceScaleFactor": 4, "mobile": false });
        browser.devtools("Emulation.setDeviceMetricsOverride", zoomed).await;
        objections.extend(lost(browser, &format!("zoom of 400 %{text}")).await);
    }
    browser.is_a_desk().await;
    objections
}

async fn lost(browser: &Browser, view: &str) -> Vec<String> {
    let Value::Array(lost) = browser.run(LOST).await else { panic!("a list") };
    lost.iter().map(|what| format!("{view}: {}", what.as_str().unwrap())).collect()
}

#[tokio::test]
async fn narrow_windows_and_wide_text_lose_nothing_even_where_words_are_longer() {
    let wrong = [
        ("320 px: scrolls sideways by", "<p style='width:400px'>Choose an app.</p>"),
        ("zoom of 400 %: pinned over half", "<p style='position:fixed;bottom:0;height:200px'>Choose an app.</p>"),
        (
            "zoom of 400 %: out of reach: button",
            "<button>Slack</button><p style='position:fixed;inset:0;background:#fff'>Choose an app.</p>",
        ),
        (
            "320 px: cut off: p",
            "<p style='width:9em;overflow:hidden;white-space:nowrap'>Choose an app from this list.</p>",
        ),
        ("320 px, wide text: cut off: p", "<p style='line-height:1.2;height:1.2em;overflow:hidden'>Choose an app.</p>"),
        (
            "320 px, wide text: cut off: button",
            "<button style='width:3.5em;white-space:nowrap;padding:0'>Connect</button>",
        ),
    ];
    gallery::hold("en-XA", objections, &wrong).await;
}

#[tokio::test]
async fn narrow_windows_lose_nothing_from_right_to_left() {
    let wrong = [("320 px: scrolls sideways by", "<p style='width:400px'>Choose an app.</p>")];
    gallery::hold("ar", objections, &wrong).await;
}
