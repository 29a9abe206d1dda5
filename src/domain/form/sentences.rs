//! Which sentence answers what cannot be read. None repeats what was typed.

use super::{Field, Kind, Mistake};
use crate::i18n::Value;

impl Field {
    fn mistake(&self, key: &'static str, values: Vec<(&'static str, Value)>) -> Mistake {
        Mistake { field: self.name.clone(), key, label: self.label.clone(), named: self.named, values }
    }

    fn example_or(&self, usual: &str) -> Vec<(&'static str, Value)> {
        vec![("example", Value::Name(self.example.clone().unwrap_or_else(|| usual.to_owned())))]
    }

    /// The first sentence if there is an example that it can name, else the second.
    fn by_example(&self, with: &'static str, without: &'static str) -> Mistake {
        let usual = match self.kind {
            Kind::Email => "name@example.com",
            Kind::Url => "https://example.com",
            _ if self.example.is_none() => return self.mistake(without, Vec::new()),
            _ => "",
        };
        self.mistake(with, self.example_or(usual))
    }

    pub(crate) fn missing(&self) -> Mistake {
        match self.kind {
            Kind::Choice(_) => self.mistake("mistake-choose", Vec::new()),
            _ => self.by_example("mistake-missing-example", "mistake-missing"),
        }
    }

    pub(crate) fn wrong_form(&self) -> Mistake {
        match self.kind {
            Kind::Email => self.mistake("mistake-email", self.example_or("name@example.com")),
            Kind::Url => self.mistake("mistake-address", self.example_or("https://example.com")),
            _ => self.by_example("mistake-form-example", "mistake-form"),
        }
    }

    pub(crate) fn odd_characters(&self) -> Mistake {
        self.mistake("mistake-unseen", Vec::new())
    }

    pub(crate) fn too_short(&self, least: usize) -> Mistake {
        self.mistake("mistake-short", vec![("count", least.into())])
    }

    pub(crate) fn too_long(&self, most: usize) -> Mistake {
        self.mistake("mistake-long", vec![("count", most.into())])
    }

    pub(crate) fn not_a_number(&self) -> Mistake {
        if self.kind == Kind::Integer {
            self.by_example("mistake-whole-number-example", "mistake-whole-number")
        } else {
            self.by_example("mistake-number-example", "mistake-number")
        }
    }

    pub(crate) fn out_of_limits(&self) -> Mistake {
        let limit = |name, limit: f64| (name, Value::Words(limit.to_string()));
        match (self.rule.minimum, self.rule.maximum) {
            (Some(least), Some(most)) => {
                self.mistake("mistake-between", vec![limit("least", least), limit("most", most)])
            }
            (Some(least), None) => self.mistake("mistake-from", vec![limit("least", least)]),
            (None, Some(most)) => self.mistake("mistake-up-to", vec![limit("most", most)]),
            (None, None) => self.not_a_number(),
        }
    }
}
