//! Whom the connections trust, and how they identify themselves.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::settings::{Config, HttpVersion};
use crate::error::{Error, Result};

/// Makes the TLS settings; reading the system's certificates takes milliseconds, so that this is
/// left out where nothing but plain HTTP is spoken.
pub fn client_config(config: &Config) -> Result<ClientConfig> {
    let roots = match &config.ca_file {
        Some(file) => from_file(file)?,
        None => system_roots(),
    };
    build(config, roots)
}

/// TLS settings that trust nobody, for clients that never speak TLS.
pub fn unused() -> Result<ClientConfig> {
    build(&Config::default(), RootCertStore::empty())
}

fn build(config: &Config, roots: RootCertStore) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::invalid(format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(roots);
    let mut tls = match &config.client_certificate {
        None => builder.with_no_client_auth(),
        Some((chain_file, key_file)) => {
            let chain = certificates(chain_file)?;
            let key = PrivateKeyDer::from_pem_file(key_file)
                .map_err(|error| Error::invalid(format!("The client key {key_file} cannot be read: {error}")))?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| Error::invalid(format!("The client certificate {chain_file} cannot be used: {error}")))?
        }
    };
    tls.alpn_protocols = match config.http_version {
        HttpVersion::Auto => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
        HttpVersion::Http1 => vec![b"http/1.1".to_vec()],
        HttpVersion::Http2 => vec![b"h2".to_vec()],
    };
    Ok(tls)
}

fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        // A container without the ca-certificates package.
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    roots
}

fn from_file(file: &str) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(file)? {
        roots.add(certificate).map_err(|error| Error::invalid(format!("A certificate in {file} cannot be used: {error}")))?;
    }
    Ok(roots)
}

fn certificates(file: &str) -> Result<Vec<CertificateDer<'static>>> {
    let read = CertificateDer::pem_file_iter(file).and_then(|found| found.collect::<std::result::Result<Vec<_>, _>>());
    match read {
        Ok(found) if found.is_empty() => Err(Error::invalid(format!("{file} holds no PEM certificate."))),
        Ok(found) => Ok(found),
        Err(error) => Err(Error::invalid(format!("The certificates in {file} cannot be read: {error}"))),
    }
}
