//! Fields of a form as a hand on the keyboard and an eye on the screen know them.

use std::time::{Duration, Instant};

use fantoccini::{
    Locator,
    actions::{InputSource as _, KeyAction, KeyActions},
    elements::Element,
    key::Key,
};

use super::{Browser, PATIENCE};

impl Browser {
    /// Presses and releases a key, wherever the focus is.
    pub(crate) async fn presses_key(&self, key: Key) {
        let value = char::from(key);
        let keys = KeyActions::new("keys".to_owned()).then(KeyAction::Down { value }).then(KeyAction::Up { value });
        self.client.perform_actions(keys).await.unwrap();
    }

    /// Presses that key in the field while the control key is down.
    pub(crate) async fn presses_control(&self, field: &str, key: char) {
        let keys = format!("{}{key}{}", char::from(Key::Control), char::from(Key::Null));
        self.field(field).await.send_keys(&keys).await.unwrap();
    }

    /// Waits until what fits has the focus, as the page wants.
    pub(crate) async fn gets_the_focus(&self, selector: &str) {
        let focused = format!("{selector}:focus");
        let wait = self.client.wait().at_most(PATIENCE).every(Duration::from_millis(40));
        wait.for_element(Locator::Css(&focused)).await.unwrap_or_else(|error| panic!("{focused}: {error}"));
    }

    /// What is in the field, once something is: some engines paste a moment later.
    pub(crate) async fn value(&self, field: &str) -> String {
        let began = Instant::now();
        loop {
            let value = self.field(field).await.prop("value").await.unwrap().unwrap();
            if !value.is_empty() {
                return value;
            }
            assert!(began.elapsed() < PATIENCE, "{field} stays empty");
        }
    }

    /// Sets or clears the tick before that text.
    pub(crate) async fn ticks(&self, label: &str) {
        let path = format!("//label[contains(@class,\"tick\")][normalize-space()=\"{label}\"]/span");
        self.takes_presses(&path, label).await.click().await.unwrap();
    }

    async fn field(&self, selector: &str) -> Element {
        self.client.find(Locator::Css(selector)).await.unwrap()
    }
}
