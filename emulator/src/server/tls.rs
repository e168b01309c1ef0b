//! TLS, with a certificate of an authority of our own that lives in the data directory.

use crate::names::Names;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SanType,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::ServerConfig;
use std::io::Write;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

/// A TLS connection begins with a handshake record.
const HANDSHAKE: u8 = 22;

pub struct Tls {
    pub acceptor: TlsAcceptor,
    /// The authority's certificate, for clients to trust.
    pub authority: String,
    pub path: PathBuf,
}

impl Tls {
    /// Takes the authority that the data directory has, or makes one.
    pub fn prepare(data: &Path, names: &Names, address: IpAddr) -> Result<Tls, String> {
        let path = data.join("ca.pem");
        let failed = |what: &dyn std::fmt::Display| format!("TLS cannot be prepared: {what}");
        let key_path = data.join("ca-key.pem");
        let key = match std::fs::read_to_string(&key_path) {
            Ok(text) => KeyPair::from_pem(&text).map_err(|e| failed(&format!("{}: {e}", key_path.display())))?,
            Err(_) => {
                let key = KeyPair::generate().map_err(|e| failed(&e))?;
                write_private(&key_path, &key.serialize_pem()).map_err(|e| failed(&format!("{}: {e}", key_path.display())))?;
                // A certificate of another key would be worse than none.
                let _ = std::fs::remove_file(&path);
                key
            }
        };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(_) => {
                let text = authority().self_signed(&key).map_err(|e| failed(&e))?.pem();
                std::fs::write(&path, &text).map_err(|e| failed(&format!("{}: {e}", path.display())))?;
                text
            }
        };
        let own = KeyPair::generate().map_err(|e| failed(&e))?;
        let certificate = certificate(names, address).and_then(|params| params.signed_by(&own, &Issuer::new(authority(), &key)));
        let chain = vec![certificate.map_err(|e| failed(&e))?.der().clone()];
        let own = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let mut config = config.and_then(|config| config.with_no_client_auth().with_single_cert(chain, own)).map_err(|e| failed(&e))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Tls { acceptor: TlsAcceptor::from(Arc::new(config)), authority: text, path })
    }
}

/// True where the client speaks TLS, as its first byte tells.
pub async fn is_spoken(stream: &TcpStream) -> bool {
    let mut first = [0];
    matches!(stream.peek(&mut first).await, Ok(1) if first[0] == HANDSHAKE)
}

/// The same for the same key, so that a certificate that was given out before stays good.
fn authority() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "runloop-emulator, for development only");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    span(params)
}

fn certificate(names: &Names, address: IpAddr) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names.of_certificate())?;
    let loopback = ["127.0.0.1", "::1"].into_iter().filter_map(|text| text.parse().ok());
    params.subject_alt_names.extend(loopback.chain([address]).map(SanType::IpAddress));
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "runloop-emulator");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(span(params))
}

/// No client's clock is to matter.
fn span(mut params: CertificateParams) -> CertificateParams {
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2049, 12, 31);
    params
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}
