//! On which device a person reads, with which browser, and what they have told both of themselves.

use serde_json::json;

use crate::browser::Browser;

impl Browser {
    /// A window of that size in CSS pixels, with that size of plain text.
    pub(crate) async fn is_a_phone(&self, width: u32, height: u32, text: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        self.devtools("Page.setFontSizes", json!({ "fontSizes": { "standard": text, "fixed": text } })).await;
    }

    /// From now on the pointer is a finger, as scripts and styles see it.
    pub(crate) async fn is_touched(&self) {
        self.devtools("Emulation.setTouchEmulationEnabled", json!({ "enabled": true, "maxTouchPoints": 1 })).await;
    }

    /// Back to a window on a desk.
    pub(crate) async fn is_a_desk(&self) {
        self.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await;
        self.devtools("Page.setFontSizes", json!({ "fontSizes": { "standard": 16, "fixed": 13 } })).await;
    }

    /// What the person has told the system that they prefer. Motion is not among it: while a colour is on its way to
    /// another, nobody can judge it.
    pub(crate) async fn prefers(&self, feature: &str, value: &str) {
        let features = json!([
            { "name": feature, "value": value },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Back to a system as it is installed.
    pub(crate) async fn prefers_nothing(&self) {
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": [] })).await;
    }

    /// From the next page on it is the browser that says this of itself.
    pub(crate) async fn says_it_is(&self, user_agent: &str) {
        self.devtools("Emulation.setUserAgentOverride", json!({ "userAgent": user_agent })).await;
    }

    /// From the next page on it asks for pages in these languages.
    pub(crate) async fn asks_for(&self, languages: &str) {
        let itself = self.run("return navigator.userAgent").await;
        let wanted = json!({ "userAgent": itself, "acceptLanguage": languages });
        self.devtools("Emulation.setUserAgentOverride", wanted).await;
    }

    /// What would be pasted now.
    pub(crate) async fn clipboard(&self) -> String {
        self.devtools("Browser.grantPermissions", json!({ "permissions": ["clipboardReadWrite"] })).await;
        let pasted = self.run("return await navigator.clipboard.readText()").await;
        pasted.as_str().unwrap_or_default().to_owned()
    }
}
