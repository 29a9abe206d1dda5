//! Tabs and pop-up windows.

use std::time::Instant;

use fantoccini::wd::WindowHandle;

use super::{Browser, PATIENCE};

impl Browser {
    /// Opens one more tab, and goes on there.
    pub(crate) async fn opens_a_tab(&self) {
        let tab = self.client.new_window(true).await.unwrap();
        self.client.switch_to_window(tab.handle).await.unwrap();
    }

    /// Goes back to the first tab.
    pub(crate) async fn goes_to_the_first_tab(&self) {
        let tab = self.client.windows().await.unwrap().remove(0);
        self.client.switch_to_window(tab).await.unwrap();
    }

    /// Goes on in that window.
    pub(crate) async fn goes_to(&self, window: &WindowHandle) {
        self.client.switch_to_window(window.clone()).await.unwrap();
    }

    /// Waits for a window beside the one that is open, and goes on there; gives the one that was left.
    pub(crate) async fn goes_to_the_popup(&self) -> WindowHandle {
        let opener = self.client.window().await.unwrap();
        let began = Instant::now();
        loop {
            let windows = self.client.windows().await.unwrap();
            if let Some(popup) = windows.iter().find(|window| **window != opener) {
                self.goes_to(popup).await;
                return opener;
            }
            assert!(began.elapsed() < PATIENCE, "no pop-up opens");
        }
    }
}
