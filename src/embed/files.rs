//! The script's files: evergreen at our own address, and typed. `gangway embed` copies them for hosts that pin a version.

use std::{io::Write as _, sync::LazyLock};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, AcceptEncoding, ContentEncoding, ETag, Encoding, EntityTag, Header as _, IfNoneMatch},
    },
};
use brotli::enc::BrotliEncoderParams;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};

use super::compact::compact;
use crate::web::{problem::Problem, routes, static_files};

/// A file of the script.
pub(crate) struct EmbedFile {
    pub(crate) path: &'static str,
    /// For readers, with comments.
    pub(crate) source: &'static str,
}

/// All of them.
pub(crate) const FILES: [EmbedFile; 4] = [
    EmbedFile { path: routes::EMBED_SCRIPT, source: include_str!("../../static/embed/v1.js") },
    EmbedFile { path: routes::EMBED_TYPES, source: include_str!("../../static/embed/v1.d.ts") },
    EmbedFile { path: routes::EMBED_FRAME_SCRIPT, source: include_str!("../../static/embed/frame-v1.js") },
    EmbedFile { path: routes::EMBED_FRAME_TYPES, source: include_str!("../../static/embed/frame-v1.d.ts") },
];

impl EmbedFile {
    /// Its name in a folder.
    pub(crate) fn name(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    fn is_script(&self) -> bool {
        #[expect(clippy::case_sensitive_file_extension_comparisons, reason = "our own names")]
        self.path.ends_with(".js")
    }
}

/// A file as it is served.
struct Served {
    path: &'static str,
    kind: &'static str,
    content: Bytes,
    /// Smaller than what the server makes of it for each request. Empty if they could not be made.
    gzip: Bytes,
    brotli: Bytes,
    tag: EntityTag,
}

static SERVED: LazyLock<Vec<Served>> = LazyLock::new(|| FILES.iter().map(Served::of).collect());

impl Served {
    fn of(file: &EmbedFile) -> Self {
        let (kind, content) = if file.is_script() {
            ("text/javascript; charset=utf-8", Bytes::from(compact(file.source)))
        } else {
            ("text/plain; charset=utf-8", Bytes::from_static(file.source.as_bytes()))
        };
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        let gzip = gzip.write_all(&content).and_then(|()| gzip.finish()).unwrap_or_default();
        let mut brotli = Vec::new();
        let best = BrotliEncoderParams { quality: 11, ..BrotliEncoderParams::default() };
        let is_brotli = brotli::BrotliCompress(&mut &content[..], &mut brotli, &best).is_ok();
        let brotli = if is_brotli { brotli } else { Vec::new() };
        let hash: String = Sha256::digest(&content).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        // Weak, because the compressed file has the same.
        let tag = EntityTag::new_weak(hash);
        Self { path: file.path, kind, content, gzip: gzip.into(), brotli: brotli.into(), tag }
    }

    fn is_known_to(&self, request: &HttpRequest) -> bool {
        match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|tag| tag.weak_eq(&self.tag)),
            Ok(IfNoneMatch::Any) => true,
            Err(_) => false,
        }
    }
}

fn accepts(request: &HttpRequest, encoding: Encoding) -> bool {
    let offered = [encoding.clone(), Encoding::identity()];
    AcceptEncoding::parse(request).is_ok_and(|accepts| accepts.negotiate(offered.iter()) == Some(encoding))
}

/// `GET /embed/v1.js` and its neighbours, for pages of any origin. Returns `NotFound` for another name.
pub(crate) async fn show(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let file = SERVED.iter().find(|file| file.path == request.path()).ok_or(Problem::NotFound)?;
    let mut response = static_files::served(file.kind, static_files::AN_HOUR);
    response
        .insert_header(ETag(file.tag.clone()))
        .insert_header((static_files::RESOURCE_POLICY, "cross-origin"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((header::VARY, "accept-encoding"));
    if file.is_known_to(&request) {
        return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
    }
    for (encoding, coding, compressed) in [
        (Encoding::brotli(), ContentEncoding::Brotli, &file.brotli),
        (Encoding::gzip(), ContentEncoding::Gzip, &file.gzip),
    ] {
        if !compressed.is_empty() && accepts(&request, encoding) {
            return Ok(response.insert_header(coding).body(compressed.clone()));
        }
    }
    Ok(response.body(file.content.clone()))
}
