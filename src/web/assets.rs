//! The files under `static/`, named by a hash of their content so that browsers can cache them without limit.

use std::sync::LazyLock;

use bytes::Bytes;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::web::routes;

#[derive(RustEmbed)]
#[folder = "static/"]
#[exclude = "demo/*"]
#[exclude = "embed/*"]
#[exclude = "sandbox/*"]
struct Files;

/// A file, served with `Cache-Control: public, max-age=31536000, immutable`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    name: String,
    hashed: String,
    url: String,
    /// Content; clones share the bytes.
    pub bytes: Bytes,
    /// Media type, with the character set for text.
    pub mime: String,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    Files::iter().filter_map(|name| Files::get(&name).map(|file| Asset::of(name.into_owned(), file))).collect()
});

impl Asset {
    fn of(name: String, file: EmbeddedFile) -> Self {
        let hash: String = file.metadata.sha256_hash().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let hashed = match name.rsplit_once('.') {
            Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
            None => format!("{name}.{hash}"),
        };
        let kind = file.metadata.mimetype();
        let mime = if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind.to_owned() };
        let url = routes::ASSET.replace("{file}", &hashed);
        Self { name, hashed, url, bytes: Bytes::from_owner(file.data), mime }
    }
}

/// The URL of a file by its plain name: `app.css` → `/static/app.<hash>.css`. Empty for an unknown name.
pub fn asset_url(name: &str) -> &'static str {
    named(name).map_or("", |asset| &asset.url)
}

/// Finds a file by its hashed name. Returns `None` for an outdated hash.
pub fn find(hashed: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.hashed == hashed)
}

/// Finds a file by its plain name.
pub fn named(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_by_the_name_in_its_address_only() {
        let url = asset_url("app.css");
        let hashed = url.strip_prefix("/static/").expect("an address under /static");
        let asset = find(hashed).expect("the file");
        assert_eq!(asset.mime, "text/css; charset=utf-8");
        assert_eq!(asset.bytes.as_ref(), std::fs::read("static/app.css").unwrap());
        assert!(find("app.css").is_none());
        assert!(find("app.0000000000000000.css").is_none());
        assert_eq!(asset_url("nothing.css"), "");
    }

    #[test]
    fn scripts_and_pictures_have_types_that_browsers_accept_with_nosniff() {
        let mime = |name| find(asset_url(name).trim_start_matches("/static/")).unwrap().mime.clone();
        assert_eq!(mime("app.js"), "text/javascript; charset=utf-8");
        assert_eq!(mime("icon.svg"), "image/svg+xml");
    }

    #[test]
    fn files_of_the_sample_host_and_the_sandbox_stay_out() {
        assert!(ASSETS.iter().all(|asset| !asset.name.contains('/')), "{:?}", Files::iter().collect::<Vec<_>>());
    }

    #[test]
    fn scripts_stay_small() {
        // Compressed they are less than half of that; `tests/budgets` measures it.
        for (name, longest) in [("app.js", 9216), ("attempt.js", 2048), ("window.js", 2048), ("frame.js", 3072)] {
            let script = named(name).unwrap();
            assert!(script.bytes.len() <= longest, "{name}: {} bytes", script.bytes.len());
        }
    }
}
