//! `gangway embed`

use std::{fs, path::Path};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::{Embed, Terminal};
use crate::embed::files::FILES;

const PACKAGE: &str = "package.json";
const NAME: &str = "gangway-embed";

/// Writes the script, its types and a `package.json`. An earlier copy is replaced; files of others are an error.
pub(crate) fn run(arguments: &Embed, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    let folder = arguments.folder.as_path();
    let package = format!("{:#}\n", package());
    let mut files: Vec<(&str, &str)> = FILES.iter().map(|file| (file.name(), file.source)).collect();
    files.push((PACKAGE, &package));
    if !is_copy(folder)
        && let Some((name, _)) = files.iter().find(|(name, _)| folder.join(name).exists())
    {
        bail!("{} is there already and stays as it is; name another folder", folder.join(name).display());
    }
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for (name, text) in &files {
        let file = folder.join(name);
        fs::write(&file, text).with_context(|| format!("{} could not be written", file.display()))?;
        terminal.say(&file.display().to_string());
    }
    terminal.say(&next_steps(folder));
    Ok(())
}

/// Returns whether this command made the folder.
fn is_copy(folder: &Path) -> bool {
    let package = fs::read(folder.join(PACKAGE)).ok().and_then(|text| serde_json::from_slice::<Value>(&text).ok());
    package.is_some_and(|package| package.get("name").is_some_and(|name| name == NAME))
}

fn package() -> Value {
    json!({
        "name": NAME,
        "version": env!("CARGO_PKG_VERSION"),
        "description": "Opens Gangway's connect pages from a page of yours. Made by `gangway embed`.",
        "private": true,
        "license": env!("CARGO_PKG_LICENSE"),
        "type": "module",
        "types": "./v1.d.ts",
        "exports": {
            ".": { "types": "./v1.d.ts", "default": "./v1.js" },
            "./frame": { "types": "./frame-v1.d.ts", "default": "./frame-v1.js" },
            "./package.json": "./package.json",
        },
        "files": ["*.js", "*.d.ts"],
    })
}

fn next_steps(folder: &Path) -> String {
    // npm takes a path without a dot for the name of a package.
    let folder = if folder.is_absolute() || folder.starts_with("..") || folder.starts_with(".") {
        folder.into()
    } else {
        Path::new(".").join(folder)
    };
    format!(
        "\nVersion {version}. Run this again after each update of Gangway. In your own code:\n\
         \x20 npm install {folder}\n\
         \x20 import {{ connect }} from \"{NAME}\";\n\
         Without npm, import v1.js in that folder by its path from your own file.",
        version = env!("CARGO_PKG_VERSION"),
        folder = folder.display(),
    )
}
