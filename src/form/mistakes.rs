//! What has to be said about what somebody typed.

/// One field that cannot be read, and what to do about it. It never repeats what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The name of the field.
    pub field: String,
    /// A sentence for people: "Enter your shop name, for example acme."
    pub sentence: String,
}

/// All of them, in the order of the form, at most one for each field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    pub(super) fn add(&mut self, field: &str, sentence: String) {
        self.0.push(Mistake { field: field.to_owned(), sentence });
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Mistake> {
        self.0.iter()
    }

    /// The sentence for the field of that name.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|mistake| mistake.field == field).map(|mistake| mistake.sentence.as_str())
    }
}
