//! Forced colours: people who need strong contrasts let the system choose all colours, and backgrounds and shadows go.

use serde_json::Value;

use crate::{browser::Browser, gallery};

/// What cannot be seen any more, with a `Canvas` behind everything: the edge of what one types into, the edge or the words of
/// what one presses, and where the focus is.
const UNSEEN: &str = r#"
const shown = (element) => element.checkVisibility() && element.getClientRects().length > 0;
const name = (element) => `${element.tagName.toLowerCase()} "${(element.ariaLabel || element.innerText || element.name || "").trim().slice(0, 40)}"`;
const style = (element) => getComputedStyle(element);
const clear = (color) => color === "transparent" || /^rgba.*, 0\)$/.test(color);
const behind = (element) => {
  const color = style(element).backgroundColor;
  return clear(color) && element.parentElement ? behind(element.parentElement) : clear(color) ? canvas : color;
};
const probe = document.body.appendChild(document.createElement("i"));
probe.style.color = "Canvas";
const canvas = style(probe).color;
probe.remove();

const differs = (color, background) => !clear(color) && color !== background;
const sides = ["Top", "Right", "Bottom", "Left"];
const hasEdge = (element) => sides.every((side) => {
  const part = (what) => style(element)[`border${side}${what}`];
  return part("Style") !== "none" && parseFloat(part("Width")) > 0 && differs(part("Color"), behind(element.parentElement));
});
// The browser draws these, edge and all.
const drawn = (element) => ["checkbox", "radio"].includes(element.type) && style(element).appearance !== "none";
// The edge of what an input is in will do, as around a field and its button.
const typedIn = (element) => drawn(element) || hasEdge(element) || hasEdge(element.parentElement);
const words = (element) => element.innerText.trim() && differs(style(element).color, behind(element));
const picture = (element) => [...element.querySelectorAll("svg, img")].filter(shown).some((one) =>
  one.tagName === "IMG" || [style(one).stroke, style(one).fill].some((color) => color !== "none" && differs(color, behind(element))));

const unseen = [];
const controls = [...document.querySelectorAll("a, button, summary, input:not([type=hidden]), select, textarea")].filter(shown);
for (const one of controls) {
  const enters = one.matches("input, select, textarea");
  if (enters ? !typedIn(one) : !(hasEdge(one) || words(one) || picture(one))) unseen.push(`no edge: ${name(one)}`);
  // What shows the focus may be around the control.
  const around = [];
  for (let at = one; at && at !== document.body; at = at.parentElement) around.push(at);
  const outlined = (element) => style(element).outlineStyle !== "none" && parseFloat(style(element).outlineWidth) > 0
    && differs(style(element).outlineColor, canvas);
  document.activeElement.blur();
  const before = around.map(outlined);
  one.focus({ focusVisible: true, preventScroll: true });
  if (!around.some((element, place) => outlined(element) && !before[place])) unseen.push(`no focus: ${name(one)}`);
}
for (const one of document.querySelectorAll("[aria-current]")) {
  const look = (element) => ["borderTopWidth", "borderTopColor", "color", "fontWeight", "textDecorationLine"]
    .map((part) => style(element)[part]).concat(behind(element)).join();
  const other = [...one.parentElement.children].find((sibling) => sibling.tagName === one.tagName && !sibling.ariaCurrent);
  if (other && look(one) === look(other)) unseen.push(`not marked: ${name(one)}`);
}
return unseen;
"#;

/// What cannot be seen on the page that is shown.
async fn objections(browser: &Browser) -> Vec<String> {
    browser.prefers("forced-colors", "active").await;
    let Value::Array(unseen) = browser.run(UNSEEN).await else { panic!("a list") };
    browser.prefers_nothing().await;
    unseen.iter().map(|what| what.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn forced_colours_leave_every_control_and_the_focus_to_be_seen() {
    let wrong = [
        ("no edge: input", "<p><label for=q>Find</label><input id=q style='border:0;background:#ddd'></p>"),
        ("no edge: button", "<button aria-label=Find style='border:0;background:#ddd'></button>"),
        (
            "no edge: a",
            "<a href=/ aria-label=Back><svg width=9 height=9 style='forced-color-adjust:none;fill:#fff'><path d='M0 0h9v9z'/></svg></a>",
        ),
        (
            "no focus: button",
            "<style>button:focus { outline: 0; box-shadow: 0 0 0 3px blue }</style><button>Slack</button>",
        ),
        (
            "not marked: a",
            "<style>[aria-current] { background: #ddd }</style><a href=/a aria-current=page>All</a><a href=/b>CRM</a>",
        ),
    ];
    gallery::hold("en", objections, &wrong).await;
}
