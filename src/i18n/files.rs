//! Sources of phrases: built-in files, one per language, overridden by the host's files.

use std::{collections::BTreeSet, sync::Arc};

use fluent_bundle::{FluentResource, concurrent::FluentBundle};
use rust_embed::RustEmbed;
use thiserror::Error;
use unic_langid::LanguageIdentifier;

use super::{Language, Languages, formats};

/// The complete language, and the fallback of all others.
const ENGLISH: &str = "en";

/// Prefix of the host's own keys: texts for one app, which the settings have in one language only.
pub(crate) const OF_AN_APP: &str = "app-";

#[derive(RustEmbed)]
#[folder = "templates/phrases/"]
#[include = "*.ftl"]
struct Files;

/// Invalid phrases of the host, with the reason for the operator.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct BadPhrases(String);

pub(crate) fn built_in() -> Languages {
    let english = language(ENGLISH, &[own(ENGLISH).unwrap_or_default()], None);
    let others = tags().into_iter().filter(|tag| tag != ENGLISH);
    let others = others.map(|tag| language(&tag, &[own(&tag).unwrap_or_default()], Some(&english))).collect();
    Languages::of(english, others)
}

/// Built-in languages with the host's phrases (tag and text), limited to `wanted` and in that order.
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

/// Builds a language. Later texts override earlier ones, and unreadable entries are left out.
pub(crate) fn language(tag: &str, texts: &[String], fallback: Option<&Language>) -> Language {
    let id: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id.clone()]);
    // Isolation is done here: pages isolate names by markup, and only plain texts need characters for it.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(formats::number));
    for text in texts {
        bundle.add_resource_overriding(resource(text.clone()).unwrap_or_else(|(partly, _)| partly));
    }
    let names_apps = texts.iter().any(|text| keys(text).iter().any(|key| key.starts_with(OF_AN_APP)));
    Language::new(id, bundle, names_apps, fallback.cloned())
}

pub(crate) fn tags() -> BTreeSet<String> {
    Files::iter().filter_map(|file| file.strip_suffix(".ftl").map(str::to_owned)).collect()
}

pub(crate) fn own(tag: &str) -> Option<String> {
    let file = Files::get(&format!("{tag}.ftl"))?;
    String::from_utf8(file.data.into_owned()).ok()
}

fn resource(text: String) -> Result<Arc<FluentResource>, (Arc<FluentResource>, usize)> {
    FluentResource::try_new(text).map(Arc::new).map_err(|(partly, errors)| (Arc::new(partly), errors.len()))
}

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

/// Keys of a text, attributes as `key.attribute`.
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
