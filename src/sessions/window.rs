//! The window of a session: a pop-up or a frame of the host's page. What it shows is recorded by our own pages, because
//! the host's script cannot see it. For a session in the browser's own tab nothing is recorded.

use super::Sessions;
use crate::domain::{
    error::Error,
    session::{ConnectSession, Display},
    window::RELOAD,
};

impl Sessions {
    /// Counts a page that is answered to the window, and returns its number. The window is neither left nor at a
    /// provider then.
    pub(crate) async fn page_served(&self, session: &ConnectSession) -> Result<u64, Error> {
        if !has_window(session) {
            return Ok(0);
        }
        let number = self.store.page_served(session.id).await?;
        self.watchers.notify(session.id);
        Ok(number.and_then(|number| number.try_into().ok()).unwrap_or_default())
    }

    /// The browser is redirected to a provider.
    pub(crate) async fn window_away(&self, session: &ConnectSession) -> Result<(), Error> {
        if has_window(session) {
            self.store.window_away(session.id, self.clock.now()).await?;
            self.watchers.notify(session.id);
        }
        Ok(())
    }

    /// That page was unloaded. The window is left, unless a later page was answered or is within five seconds.
    pub(crate) async fn window_left(&self, session: &ConnectSession, page: u64) -> Result<(), Error> {
        if has_window(session)
            && let Ok(page) = page.try_into()
        {
            self.store.window_left(session.id, page, self.clock.now() + RELOAD).await?;
            self.watchers.notify(session.id);
        }
        Ok(())
    }

    /// The user pressed *Cancel* or *Close this window*.
    pub(crate) async fn window_closed(&self, session: &ConnectSession) -> Result<(), Error> {
        if has_window(session) {
            self.store.window_closed(session.id, self.clock.now()).await?;
            self.watchers.notify(session.id);
        }
        Ok(())
    }

    /// The same on a start page: the session is not redeemed, and only the page knows its window.
    pub(crate) async fn start_closed(&self, session: &ConnectSession, display: Display) -> Result<(), Error> {
        self.store.start_shown_in(session.id, display).await?;
        self.window_closed(&ConnectSession { display, ..session.clone() }).await
    }

    /// The user sees how an attempt ended.
    pub(crate) async fn end_shown(&self, session: &ConnectSession) -> Result<(), Error> {
        if has_window(session) {
            self.store.end_shown(session.id, self.clock.now()).await?;
            self.watchers.notify(session.id);
        }
        Ok(())
    }
}

fn has_window(session: &ConnectSession) -> bool {
    session.display != Display::Page
}
