//! Loads the host's phrases from the folder `brand.phrases`.

use std::{fs, path::Path};

use anyhow::Context as _;

use crate::{config::Brand, i18n::Languages};

/// The languages of the pages, with the host's phrases overriding ours. Errors name the setting.
pub(crate) fn languages(brand: &Brand) -> anyhow::Result<Languages> {
    let host = brand.phrases.as_deref().map(files).transpose().context("brand.phrases")?.unwrap_or_default();
    Languages::new(&host, &brand.languages).context("brand.phrases, brand.languages")
}

fn files(folder: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        let tag = path.file_stem().and_then(|name| name.to_str());
        if let (Some(tag), true) = (tag, path.extension().is_some_and(|extension| extension == "ftl")) {
            let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            // Some editors put a byte order mark before a text.
            found.push((tag.to_owned(), text.trim_start_matches('\u{feff}').to_owned()));
        }
    }
    found.sort();
    Ok(found)
}
