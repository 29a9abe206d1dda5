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

    /// The window that is open.
    pub(crate) async fn window(&self) -> WindowHandle {
        self.client.window().await.unwrap()
    }

    /// Loads the page anew.
    pub(crate) async fn reloads(&self) {
        self.client.refresh().await.unwrap();
    }

    /// Goes on in that window.
    pub(crate) async fn goes_to(&self, window: &WindowHandle) {
        self.client.switch_to_window(window.clone()).await.unwrap();
    }

    /// Closes the window, as its user does, and goes on in that one. The page's scripts have run by then.
    pub(crate) async fn closes_the_window(&self, next: &WindowHandle) {
        let (began, complete) = (Instant::now(), "return document.readyState === 'complete'");
        // Some engines run nothing while scripts are switched off.
        while self.client.execute(complete, Vec::new()).await.is_ok_and(|complete| complete == false) {
            assert!(began.elapsed() < PATIENCE, "the page is never complete");
        }
        self.client.close_window().await.unwrap();
        self.goes_to(next).await;
    }

    /// Waits until a page has closed its window, and goes on in the one that remains.
    pub(crate) async fn is_alone_again(&self) {
        let began = Instant::now();
        loop {
            if let [window] = &self.client.windows().await.unwrap()[..] {
                return self.goes_to(window).await;
            }
            assert!(began.elapsed() < PATIENCE, "the window stays open");
        }
    }

    /// Goes on in the first frame of the page, and gives it the focus as the Tab key would.
    pub(crate) async fn goes_into_the_frame(&self) {
        self.has_ready("iframe").await;
        self.client.enter_frame(0).await.unwrap();
        self.run("window.focus()").await;
    }

    /// Goes on in the page around the frames.
    pub(crate) async fn goes_out_of_the_frame(&self) {
        self.client.enter_parent_frame().await.unwrap();
    }

    /// Whether there is another window.
    pub(crate) async fn has_a_popup(&self) -> bool {
        self.client.windows().await.unwrap().len() > 1
    }

    /// Allows the app in the window that has opened, and waits until it has closed itself; back in the one before.
    pub(crate) async fn allows_in_the_window(&mut self, app: &str) {
        self.goes_to_the_popup().await;
        self.continue_to(app).await;
        self.press("Allow").await;
        self.is_alone_again().await;
    }

    /// Waits for a window beside the one that is open, and goes on there; gives the one that was left.
    pub(crate) async fn goes_to_the_popup(&self) -> WindowHandle {
        self.goes_to_the_popup_beside(&[]).await
    }

    /// The same while those other windows are open.
    pub(crate) async fn goes_to_the_popup_beside(&self, others: &[WindowHandle]) -> WindowHandle {
        let opener = self.client.window().await.unwrap();
        let began = Instant::now();
        loop {
            let windows = self.client.windows().await.unwrap();
            if let Some(popup) = windows.iter().find(|window| **window != opener && !others.contains(window)) {
                self.goes_to(popup).await;
                return opener;
            }
            assert!(began.elapsed() < PATIENCE, "no pop-up opens");
        }
    }

    /// Closes this window, which may be closing itself, and goes on in that one.
    pub(crate) async fn leaves_the_window(&self, next: &WindowHandle) {
        drop(self.client.close_window().await);
        self.goes_to(next).await;
    }

    /// Closes all windows but this one. They may be closing themselves.
    pub(crate) async fn closes_other_windows(&self) {
        let this = self.client.window().await.unwrap();
        for window in self.client.windows().await.unwrap() {
            if window != this && self.client.switch_to_window(window).await.is_ok() {
                drop(self.client.close_window().await);
            }
        }
        self.goes_to(&this).await;
    }
}
