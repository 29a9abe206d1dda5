//! The page that asks before another user's session in this browser ends.

use askama::Template;

use crate::i18n::Phrase;

use super::{Action, Form, Frame, Person};

#[derive(Debug, Clone, Template)]
#[template(path = "switch.html", whitespace = "minimize")]
pub(crate) struct Switch {
    pub frame: Frame,
    pub current: Person,
    pub invited: Person,
    /// In a window, staying closes it.
    pub stay_url: String,
    /// Posts to the start step as the start page does, with the consent to switch.
    pub form: Form,
}

impl Switch {
    fn heading(&self) -> Phrase {
        self.frame.say("switch-heading")
    }

    fn stay(&self, label: &Phrase) -> Action {
        let label = label.clone();
        if self.frame.window.is_some() { Action::close(label) } else { Action::new(label, &self.stay_url) }
    }

    fn words(&self) -> [Phrase; 4] {
        let frame = &self.frame;
        match (self.current.called(), self.invited.called()) {
            (Some(now), Some(then)) => [
                frame
                    .say("switch-named")
                    .with("current", frame.who(&self.current))
                    .with("invited", frame.who(&self.invited)),
                frame.say("switch-named-stay-safe").with("current", now),
                frame.say("switch-named-stay").with("current", now),
                frame.say("switch-named-go").with("invited", then),
            ],
            _ => [
                frame.say("switch-unnamed"),
                frame.say("switch-unnamed-stay-safe"),
                frame.say("switch-unnamed-stay"),
                frame.say("switch-unnamed-go"),
            ],
        }
    }
}
