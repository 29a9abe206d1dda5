//! Pseudo-language that reveals untranslated text and layouts that break with longer words.

use fluent_syntax::{
    ast::{Entry, Expression, Pattern, PatternElement},
    parser, serializer,
};

use super::{Language, files};

impl Language {
    /// English with every letter changed and every phrase 40 % longer, for tests.
    pub fn pseudo() -> Self {
        let english = files::own("en").unwrap_or_default();
        let mut resource = parser::parse(english).unwrap_or_else(|(partly, _)| partly);
        for entry in &mut resource.body {
            if let Entry::Message(message) = entry {
                message.value.iter_mut().for_each(changed);
                message.attributes.iter_mut().for_each(|attribute| changed(&mut attribute.value));
            }
        }
        files::language("en-XA", &[serializer::serialize(&resource)], None)
    }
}

fn changed(pattern: &mut Pattern<String>) {
    let letters = pattern.elements.iter().map(|element| match element {
        PatternElement::TextElement { value } => value.chars().count(),
        PatternElement::Placeable { .. } => 0,
    });
    let more = letters.sum::<usize>() * 2 / 5;
    for element in &mut pattern.elements {
        match element {
            PatternElement::TextElement { value } => *value = value.chars().map(other_letter).collect(),
            PatternElement::Placeable { expression: Expression::Select { variants, .. } } => {
                variants.iter_mut().for_each(|variant| changed(&mut variant.value));
            }
            PatternElement::Placeable { .. } => {}
        }
    }
    let longer: String = "·ẋ".chars().cycle().take(more).collect();
    pattern.elements.push(PatternElement::TextElement { value: longer });
}

fn other_letter(letter: char) -> char {
    const PLAIN: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const OTHER: &str = "àƀćďéƒğĥíĵķĺḿńõṕɋŕśţúṽŵẋýžÀƁĆĎÉƑĞĤÍĴĶĹḾŃÕṔɊŔŚŢÚṼŴẊÝŽ";
    PLAIN.chars().position(|plain| plain == letter).and_then(|place| OTHER.chars().nth(place)).unwrap_or(letter)
}
