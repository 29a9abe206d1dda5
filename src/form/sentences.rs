//! What a form says about an answer that it cannot read. A sentence never repeats what was typed.

use super::{Field, Kind};

impl Field {
    /// The label inside a sentence: "shop name", but "API key" and "Zendesk address" as they are.
    pub(super) fn label_within(&self) -> String {
        if self.named {
            return self.label.clone();
        }
        let (first, rest) = self.label.split_once(' ').unwrap_or((&self.label, ""));
        if first.chars().skip(1).any(char::is_uppercase) || first.chars().count() < 2 {
            return self.label.clone();
        }
        let space = if rest.is_empty() { "" } else { " " };
        format!("{}{space}{rest}", first.to_lowercase())
    }

    fn for_example(&self) -> String {
        let given = self.example.as_deref();
        let usual = match self.kind {
            Kind::Email => Some("name@example.com"),
            Kind::Url => Some("https://example.com"),
            _ => None,
        };
        given.or(usual).map(|example| format!(", for example {example}")).unwrap_or_default()
    }

    pub(super) fn missing(&self) -> String {
        let verb = if matches!(self.kind, Kind::Choice(_)) { "Choose" } else { "Enter" };
        format!("{verb} your {}{}.", self.label_within(), self.for_example())
    }

    pub(super) fn wrong_form(&self) -> String {
        match self.kind {
            Kind::Email => format!("Enter your {} in full{}.", self.label_within(), self.for_example()),
            Kind::Url => format!("Enter your {} as a web address{}.", self.label_within(), self.for_example()),
            _ => format!("This does not look right. Enter your {} again{}.", self.label_within(), self.for_example()),
        }
    }

    pub(super) fn odd_characters(&self) -> String {
        format!("Your {} has characters in it that cannot be seen. Type it again without them.", self.label_within())
    }

    pub(super) fn too_short(&self, least: usize) -> String {
        format!("Your {} has at least {}. Check that nothing is missing.", self.label_within(), characters(least))
    }

    pub(super) fn too_long(&self, most: usize) -> String {
        format!(
            "Your {} has at most {}. Check that nothing else was pasted with it.",
            self.label_within(),
            characters(most)
        )
    }

    pub(super) fn not_a_number(&self) -> String {
        let what = if self.kind == Kind::Integer { "a whole number" } else { "a number" };
        format!("Enter your {} as {what}{}.", self.label_within(), self.for_example())
    }

    pub(super) fn out_of_limits(&self) -> String {
        let label = self.label_within();
        match (self.rule.minimum, self.rule.maximum) {
            (Some(least), Some(most)) => format!("Enter your {label} as a number between {least} and {most}."),
            (Some(least), None) => format!("Enter your {label} as a number from {least} upwards."),
            (None, Some(most)) => format!("Enter your {label} as a number up to {most}."),
            (None, None) => self.not_a_number(),
        }
    }
}

fn characters(count: usize) -> String {
    if count == 1 { "1 character".to_owned() } else { format!("{count} characters") }
}
