//! Presses of the mouse at a place of the window.

use std::time::Duration;

use fantoccini::{
    actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction},
    error::CmdError,
};

use super::Browser;

const DOWN: PointerAction = PointerAction::Down { button: MOUSE_BUTTON_LEFT };

impl Browser {
    /// Moves the mouse there, and presses and releases its button at once, whether or not anything takes the press.
    pub(crate) async fn clicks(&self, place: (f64, f64)) {
        self.mouse(place, &[DOWN, PointerAction::Up { button: MOUSE_BUTTON_LEFT }]).await.unwrap();
    }

    /// Moves the mouse there and presses its button. The window may close under it.
    pub(crate) async fn presses_down(&self, place: (f64, f64)) {
        self.mouse(place, &[DOWN]).await.ok();
    }

    /// Moves the mouse there.
    pub(crate) async fn points_at(&self, place: (f64, f64)) {
        self.mouse(place, &[]).await.unwrap();
    }

    async fn mouse(&self, (x, y): (f64, f64), steps: &[PointerAction]) -> Result<(), CmdError> {
        let there = PointerAction::MoveTo { duration: Some(Duration::ZERO), x, y };
        let start = MouseActions::new("mouse".to_owned()).then(there);
        let actions = steps.iter().fold(start, |actions, step| actions.then(step.clone()));
        self.client.perform_actions(actions).await
    }
}
