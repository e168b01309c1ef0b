//! Files from the web, for ADD.

use crate::archive;
use futures_util::StreamExt;
use std::fs::File;
use std::io::{Seek, Write};
use std::sync::Arc;
use std::time::Duration;

const CONNECT: Duration = Duration::from_secs(30);
const SILENCE: Duration = Duration::from_secs(60);

/// Whether a source of ADD is to be fetched.
pub fn is_remote(source: &str) -> bool {
    source.contains("://") || source.starts_with("git@")
}

/// Fetches one; gives its content and the name that it has there.
pub async fn fetch(url: &str) -> Result<(File, String), String> {
    let scheme = url.split("://").next().unwrap_or_default().to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https") || url.trim_end_matches('/').ends_with(".git") {
        return Err(format!("ADD {url}: only files by http and https are fetched"));
    }
    let failed = |e: reqwest::Error| format!("ADD {url}: {}", causes(&e.without_url()));
    let answer = client().map_err(failed)?.get(url).send().await.and_then(|answer| answer.error_for_status()).map_err(failed)?;
    let name = answer.url().path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default().to_string();
    let mut file = archive::unnamed().map_err(|e| format!("ADD {url}: {e}"))?;
    let mut pieces = answer.bytes_stream();
    while let Some(piece) = pieces.next().await {
        file.write_all(&piece.map_err(failed)?).map_err(|e| format!("ADD {url}: {e}"))?;
    }
    file.rewind().map_err(|e| format!("ADD {url}: {e}"))?;
    Ok((file, percent_encoding::percent_decode_str(&name).decode_utf8_lossy().into_owned()))
}

fn client() -> reqwest::Result<reqwest::Client> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider has the default versions of TLS")
        .with_root_certificates(roots)
        .with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(tls).connect_timeout(CONNECT).read_timeout(SILENCE).build()
}

fn causes(e: &dyn std::error::Error) -> String {
    let mut text = e.to_string();
    let mut cause = e.source();
    while let Some(inner) = cause {
        text.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    text
}
