//! The host's phrases, from the folder that the settings name.

use std::{fs, path::Path};

use anyhow::Context as _;

use crate::{config::Brand, i18n::Languages};

/// The languages of the pages, with the host's phrases over ours.
///
/// # Errors
/// When the folder or a file in it cannot be read or used; the message names the setting.
pub fn languages(brand: &Brand) -> anyhow::Result<Languages> {
    let host = brand.phrases.as_deref().map(files).transpose().context("brand.phrases")?.unwrap_or_default();
    Languages::new(&host, &brand.languages).context("brand.phrases, brand.languages")
}

/// Every file of phrases in the folder: its language's tag and its text.
fn files(folder: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        let tag = path.file_stem().and_then(|name| name.to_str());
        if let (Some(tag), true) = (tag, path.extension().is_some_and(|extension| extension == "ftl")) {
            let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            found.push((tag.to_owned(), text));
        }
    }
    found.sort();
    Ok(found)
}
