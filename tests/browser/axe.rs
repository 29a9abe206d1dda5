//! What axe-core finds on the pages: barriers for people who use a screen reader, a keyboard, or weak eyes.

use std::{collections::BTreeSet, path::Path, sync::LazyLock};

use serde_json::Value;

use crate::{browser::Browser, gallery};

static AXE: LazyLock<String> = LazyLock::new(|| {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(file).expect("axe-core is installed: tests/run does it")
});

/// All rules that axe has by default, and those of WCAG 2.2 that it has not. Each finding has its rule and its place in
/// front.
const RUN: &str = r"
const more = axe.getRules(['wcag22aa']).map(({ ruleId }) => [ruleId, { enabled: true }]);
const found = await axe.run(document, { rules: Object.fromEntries(more) });
const told = (results) => results.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => [`${id} at ${target.join(' ')}`, (failureSummary ?? '').replace(/\s+/g, ' ')]));
return { violations: told(found.violations), unsure: told(found.incomplete), passed: told(found.passes.filter(({ id }) => id === 'color-contrast')) };
";

/// A phone and a desk.
const SIZES: [(u32, u32); 2] = [(375, 667), (1280, 800)];

/// What axe says of a page.
pub(crate) struct Said {
    /// What it objects to.
    pub violations: Vec<String>,
    /// What it cannot judge, such as the contrast of what lies half under a bar or beyond the edge of a box.
    pub unsure: Vec<String>,
}

/// What axe says of the page that is shown, on a phone and on a desk, in light or in dark.
pub(crate) async fn says(browser: &Browser, scheme: &str) -> Said {
    browser.run(&AXE).await;
    browser.prefers("prefers-color-scheme", scheme).await;
    let (mut violations, mut unsure, mut passed) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (width, height) in SIZES {
        browser.is_a_phone(width, height, 16).await;
        let found = browser.run(RUN).await;
        let violation = |(what, why)| format!("{scheme}, {width} px: {what}: {why}");
        violations.extend(findings(&found["violations"]).map(violation));
        unsure.extend(findings(&found["unsure"]));
        passed.extend(findings(&found["passed"]).map(|(what, _)| what));
    }
    browser.prefers_nothing().await;
    browser.is_a_desk().await;
    // A contrast that can be judged at one size is judged.
    let unsure = unsure.into_iter().filter(|(what, _)| !passed.contains(what));
    Said { violations, unsure: unsure.map(|(what, why)| format!("{scheme}: axe cannot judge {what}: {why}")).collect() }
}

fn findings(told: &Value) -> impl Iterator<Item = (String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    told.as_array().unwrap().iter().map(move |finding| (text(&finding[0]), text(&finding[1])))
}

/// On our own pages everything can be judged.
async fn objects_to_nothing(language: &str, scheme: &str, wrong: &[(&str, &str)]) {
    let objections = async |browser: &Browser| {
        let said = says(browser, scheme).await;
        said.violations.into_iter().chain(said.unsure).collect()
    };
    gallery::hold(language, objections, wrong).await;
}

#[tokio::test]
async fn axe_objects_to_nothing_in_light() {
    let small = "<button style='width:9px;height:9px;padding:0;border:0;overflow:hidden'>Slack</button>";
    let wrong = [
        ("light, 375 px: image-alt at img", "<img src=/icons/slack>"),
        ("light, 1280 px: color-contrast at p", "<p style='color:#bbb;background:#fff'>Choose an app.</p>"),
        // A best practice, and one of those that axe leaves out by default.
        ("heading-order", "<h4>Connected</h4>"),
        ("target-size", &small.repeat(2)),
        (
            "cannot judge color-contrast",
            "<p style='color:#000;background:linear-gradient(#fff,#000)'>Choose an app.</p>",
        ),
    ];
    objects_to_nothing("en", "light", &wrong).await;
}

#[tokio::test]
async fn axe_objects_to_nothing_in_dark() {
    let dark = "<style>@media (prefers-color-scheme: dark) { p { color: #333; background: #000 } }</style>";
    let wrong = [("dark, 375 px: color-contrast at p", &*format!("{dark}<p>Choose an app.</p>"))];
    objects_to_nothing("en", "dark", &wrong).await;
}

#[tokio::test]
async fn axe_objects_to_nothing_from_right_to_left_in_light() {
    objects_to_nothing("ar", "light", &[("heading-order", "<h4>Connected</h4>")]).await;
}

#[tokio::test]
async fn axe_objects_to_nothing_from_right_to_left_in_dark() {
    objects_to_nothing("ar", "dark", &[("heading-order", "<h4>Connected</h4>")]).await;
}
