//! Where phrases come from: our own files, a language each, and the host's over them.

use std::{collections::BTreeSet, sync::Arc};

use fluent_bundle::{FluentResource, concurrent::FluentBundle};
use rust_embed::RustEmbed;
use thiserror::Error;
use unic_langid::LanguageIdentifier;

use super::{Language, Languages, formats};

/// The one that has every phrase, and stands in where another has none.
const ENGLISH: &str = "en";

/// How keys of the host's own begin: the words for one app, which the settings have in one language.
pub(crate) const OF_AN_APP: &str = "app-";

#[derive(RustEmbed)]
#[folder = "templates/phrases/"]
#[include = "*.ftl"]
struct Files;

/// The host's phrases cannot be used; the text says why, for the operator.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct BadPhrases(String);

/// The languages that we ship, English first, then in the order of their tags.
pub(crate) fn built_in() -> Languages {
    let english = language(ENGLISH, &[own(ENGLISH).unwrap_or_default()], None);
    let others = tags().into_iter().filter(|tag| tag != ENGLISH);
    let others = others.map(|tag| language(&tag, &[own(&tag).unwrap_or_default()], Some(&english))).collect();
    Languages::of(english, others)
}

/// The same with the host's phrases over them (a tag and a text each), those of `wanted` only, in that order.
pub(crate) fn languages(host: &[(String, String)], wanted: &[String]) -> Result<Languages, BadPhrases> {
    let known = keys(&own(ENGLISH).unwrap_or_default());
    for (tag, text) in host {
        check(tag, text, &known)?;
    }
    let texts = |tag: &str| -> Vec<String> {
        let of_the_host = host.iter().filter(|(own, _)| own == tag).map(|(_, text)| text.clone());
        own(tag).into_iter().chain(of_the_host).collect()
    };
    let mut all = tags();
    all.extend(host.iter().map(|(tag, _)| tag.clone()));
    let english = language(ENGLISH, &texts(ENGLISH), None);
    let mut order: Vec<String> = wanted.to_vec();
    if order.is_empty() {
        order = std::iter::once(ENGLISH.to_owned()).chain(all.iter().filter(|tag| *tag != ENGLISH).cloned()).collect();
    }
    if let Some(unknown) = order.iter().find(|tag| !all.contains(*tag)) {
        let known: Vec<&str> = all.iter().map(String::as_str).collect();
        return Err(BadPhrases(format!("there are no phrases for {unknown:?}: we have {}", known.join(", "))));
    }
    let made = |tag: &String| match tag.as_str() {
        ENGLISH => english.clone(),
        tag => language(tag, &texts(tag), Some(&english)),
    };
    let mut made = order.iter().map(made);
    let first = made.next().unwrap_or_else(|| english.clone());
    Ok(Languages::of(first, made.collect()))
}

/// A language of those texts, of which a later one wins. What cannot be read of one is left out.
pub(crate) fn language(tag: &str, texts: &[String], fallback: Option<&Language>) -> Language {
    let id: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id.clone()]);
    // The marks are ours to set: pages isolate names by markup, and only plain texts need characters for it.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(formats::number));
    for text in texts {
        bundle.add_resource_overriding(resource(text.clone()).unwrap_or_else(|(partly, _)| partly));
    }
    let names_apps = texts.iter().any(|text| keys(text).iter().any(|key| key.starts_with(OF_AN_APP)));
    Language::new(id, bundle, names_apps, fallback.cloned())
}

/// The tags of the files that we ship.
pub(crate) fn tags() -> BTreeSet<String> {
    Files::iter().filter_map(|file| file.strip_suffix(".ftl").map(str::to_owned)).collect()
}

/// Our own file of that language.
pub(crate) fn own(tag: &str) -> Option<String> {
    let file = Files::get(&format!("{tag}.ftl"))?;
    String::from_utf8(file.data.into_owned()).ok()
}

fn resource(text: String) -> Result<Arc<FluentResource>, (Arc<FluentResource>, usize)> {
    FluentResource::try_new(text).map(Arc::new).map_err(|(partly, errors)| (Arc::new(partly), errors.len()))
}

/// Whether a file of the host's says only what some page says.
fn check(tag: &str, text: &str, known: &BTreeSet<String>) -> Result<(), BadPhrases> {
    if tag.parse::<LanguageIdentifier>().map(|id| id.to_string()) != Ok(tag.to_owned()) {
        return Err(BadPhrases(format!("{tag:?} is no language tag such as de or pt-BR")));
    }
    if let Err((_, errors)) = resource(text.to_owned()) {
        return Err(BadPhrases(format!(
            "{tag}.ftl: {errors} of its entries cannot be read (https://projectfluent.org)"
        )));
    }
    let unknown = keys(text).into_iter().find(|key| !key.starts_with(OF_AN_APP) && !known.contains(key));
    match unknown {
        Some(key) => Err(BadPhrases(format!("{tag}.ftl: no page says {key:?}"))),
        None => Ok(()),
    }
}

/// The keys of a text, attributes as `key.attribute`.
pub(crate) fn keys(text: &str) -> BTreeSet<String> {
    let Ok(resource) = resource(text.to_owned()) else { return BTreeSet::new() };
    let mut keys = BTreeSet::new();
    for entry in resource.entries() {
        if let fluent_syntax::ast::Entry::Message(message) = entry {
            if message.value.is_some() {
                keys.insert(message.id.name.to_owned());
            }
            keys.extend(
                message.attributes.iter().map(|attribute| format!("{}.{}", message.id.name, attribute.id.name)),
            );
        }
    }
    keys
}
