//! Presses of buttons and links, made as soon as a page takes them.

use std::time::{Duration, Instant};

use fantoccini::{
    elements::Element,
    error::{CmdError, ErrorStatus},
};

use super::{Browser, PATIENCE};
use crate::engine::Engine;

/// How long a press may be on its way from the driver to the page.
const ON_ITS_WAY: Duration = Duration::from_secs(2);

/// Marks what is about to be pressed until it is. Says whether listeners run there: not where scripts are switched off.
const MARK: &str = "const [one] = arguments;
    const listen = (target, run) => target.addEventListener('click', run, { capture: true, once: true });
    const probe = document.createElement('b');
    let runs = false;
    listen(probe, () => (runs = true));
    probe.click();
    if (!runs) return false;
    one.setAttribute('data-unpressed', '');
    listen(one, () => one.removeAttribute('data-unpressed'));
    return true";

impl Browser {
    /// Presses what has that path, as its user would: again if the page took no press just then. The guard begins anew when
    /// a page gets the focus, which the driver says; and Firefox looks for what is pressed in the picture that it drew last,
    /// which may be of the time before the guard ended.
    pub(super) async fn presses_what_is_at(&mut self, path: &str, what: &str) {
        let began = Instant::now();
        loop {
            let found = self.takes_presses(path, what).await;
            let is_marked = self.engine == Engine::Firefox
                && self.client.execute(MARK, vec![argument(&found)]).await.is_ok_and(|runs| runs == true);
            match found.click().await {
                Ok(()) if !is_marked || self.is_pressed(&found).await => break,
                Ok(()) => {}
                Err(error) => assert!(is_covered(&error), "{what}: {error}"),
            }
            assert!(began.elapsed() < PATIENCE, "{what}: no press arrives");
        }
        self.presses += 1;
    }

    /// Waits until the press has arrived; `false` if it does not.
    async fn is_pressed(&self, found: &Element) -> bool {
        let is_not = "return arguments[0].hasAttribute('data-unpressed')";
        let began = Instant::now();
        // What is gone with its page was pressed.
        while self.client.execute(is_not, vec![argument(found)]).await.is_ok_and(|is_not| is_not == true) {
            if began.elapsed() > ON_ITS_WAY {
                return false;
            }
        }
        true
    }

    /// Ends early that the page takes no press just after it is shown; `double_click` waits for it.
    pub(crate) async fn ends_the_guard(&self) {
        let end = "for (const part of document.querySelectorAll('main, .closing')) {
                part.style.pointerEvents = '';
                for (const one of part.getAnimations()) one.finish();
            }";
        // Some engines run nothing while scripts are switched off. The guard ends by itself then.
        self.client.execute(end, Vec::new()).await.ok();
    }

    /// Waits for what has that path, and until it takes a press.
    pub(super) async fn takes_presses(&self, path: &str, what: &str) -> Element {
        let began = Instant::now();
        loop {
            let found = self.sees(path, what).await;
            self.ends_the_guard().await;
            // Another page may have come meanwhile.
            if found.css_value("pointer-events").await.is_ok_and(|value| value != "none") {
                return found;
            }
            assert!(began.elapsed() < PATIENCE, "{what}: takes no press");
        }
    }
}

fn argument(element: &Element) -> serde_json::Value {
    serde_json::to_value(element).unwrap()
}

fn is_covered(error: &CmdError) -> bool {
    matches!(error, CmdError::Standard(error) if error.error == ErrorStatus::ElementClickIntercepted)
}
