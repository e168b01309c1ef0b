//! Whom the connections trust, and how they identify themselves. Files are read once, when the client is made.

use std::env;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use once_cell::sync::OnceCell;
use rustls::{ClientConfig, RootCertStore};
use rustls_native_certs::{load_certs_from_paths, load_native_certs};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::error::{Error, Result};
use crate::small_file;

/// What a PEM file holds. It may be a key, and is printed nowhere.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Pem {
    path: PathBuf,
    bytes: Arc<[u8]>,
}

impl Pem {
    fn read(path: &str) -> Result<Pem> {
        Pem::at(Path::new(path)).map_err(|error| Error::invalid(format!("The file {path} cannot be read: {error}.")))
    }

    fn at(path: &Path) -> std::io::Result<Pem> {
        // A relative path is not to mean another file after the program has changed its directory.
        let path = std::path::absolute(path)?;
        let bytes = small_file::read(&path)?.into();
        Ok(Pem { path, bytes })
    }

    /// Those that can be read, of a file with many authorities.
    fn legible_certificates(&self) -> impl Iterator<Item = CertificateDer<'static>> + '_ {
        CertificateDer::pem_slice_iter(&self.bytes).filter_map(std::result::Result::ok)
    }

    fn certificates(&self) -> Result<Vec<CertificateDer<'static>>> {
        let path = self.path.display();
        match CertificateDer::pem_slice_iter(&self.bytes).collect::<std::result::Result<Vec<_>, _>>() {
            Ok(found) if found.is_empty() => Err(Error::invalid(format!("{path} holds no PEM certificate."))),
            Ok(found) => Ok(found),
            Err(error) => Err(Error::invalid(format!("The certificates in {path} cannot be read: {error}."))),
        }
    }
}

/// Whose certificates are accepted.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Trust(Roots);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Roots {
    /// Of one file.
    File(Pem),
    /// The system's, or those that these variables named.
    System { file: Option<Pem>, folders: Vec<PathBuf> },
}

impl Trust {
    /// The authorities of a file, or the system's.
    pub fn of(ca_file: Option<&str>) -> Result<Trust> {
        Ok(Trust(match ca_file {
            Some(path) => {
                let pem = Pem::read(path)?;
                from_file(&pem)?;
                Roots::File(pem)
            }
            None => Roots::System {
                file: file_of_environment()?,
                folders: env::var_os("SSL_CERT_DIR").map(|folders| env::split_paths(&folders).collect()).unwrap_or_default(),
            },
        }))
    }

    fn roots(&self) -> Result<RootCertStore> {
        let found = match &self.0 {
            Roots::File(pem) => return from_file(pem),
            Roots::System { file: None, folders } if folders.is_empty() => load_native_certs().certs,
            Roots::System { file, folders } => {
                let in_file = file.iter().flat_map(Pem::legible_certificates);
                in_file.chain(folders.iter().flat_map(|folder| load_certs_from_paths(None, Some(folder)).certs)).collect()
            }
        };
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(found);
        if roots.is_empty() {
            // A container without the ca-certificates package.
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        Ok(roots)
    }
}

/// The file that SSL_CERT_FILE names, unless it is not there: it may be left over from another surrounding.
fn file_of_environment() -> Result<Option<Pem>> {
    let Some(path) = env::var_os("SSL_CERT_FILE").map(PathBuf::from) else { return Ok(None) };
    match Pem::at(&path) {
        Ok(pem) => Ok(Some(pem)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::invalid(format!("SSL_CERT_FILE, {}, cannot be read: {error}.", path.display()))),
    }
}

fn from_file(pem: &Pem) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in pem.certificates()? {
        roots
            .add(certificate)
            .map_err(|error| Error::invalid(format!("A certificate in {} cannot be used: {error}.", pem.path.display())))?;
    }
    Ok(roots)
}

/// A certificate and its key.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    chain: Pem,
    key: Pem,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Identity {
    /// Reads the files.
    pub fn of(chain_file: &str, key_file: &str) -> Result<Identity> {
        Ok(Identity { chain: Pem::read(chain_file)?, key: Pem::read(key_file)? })
    }
}

/// The TLS settings of connections to hosts, and of those to proxies that are spoken to over TLS.
///
/// Reading the system's certificates takes milliseconds, so that it is left until TLS is spoken.
pub struct Tls {
    trust: Trust,
    identity: Option<Identity>,
    alpn: &'static [&'static [u8]],
    made: OnceCell<Configs>,
}

/// Ready for use.
pub struct Configs {
    /// To hosts.
    pub to_host: Arc<ClientConfig>,
    /// To proxies, to which the client does not identify itself.
    pub to_proxy: Arc<ClientConfig>,
}

impl Tls {
    /// TLS with these protocols to be spoken within.
    pub fn new(trust: Trust, identity: Option<Identity>, alpn: &'static [&'static [u8]]) -> Tls {
        Tls { trust, identity, alpn, made: OnceCell::new() }
    }

    /// The settings, made when they are first asked for.
    pub fn configs(&self) -> Result<&Configs> {
        self.made.get_or_try_init(|| {
            let roots = Arc::new(self.trust.roots()?);
            Ok(Configs {
                to_host: Arc::new(client_config(Arc::clone(&roots), self.identity.as_ref(), self.alpn)?),
                to_proxy: Arc::new(client_config(roots, None, &[b"http/1.1"])?),
            })
        })
    }
}

fn client_config(roots: Arc<RootCertStore>, identity: Option<&Identity>, alpn: &[&[u8]]) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::invalid(format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(roots);
    let mut tls = match identity {
        None => builder.with_no_client_auth(),
        Some(Identity { chain, key }) => {
            let parsed = PrivateKeyDer::from_pem_slice(&key.bytes)
                .map_err(|error| Error::invalid(format!("The client key {} cannot be read: {error}.", key.path.display())))?;
            builder
                .with_client_auth_cert(chain.certificates()?, parsed)
                .map_err(|error| Error::invalid(format!("The client certificate {} cannot be used: {error}.", chain.path.display())))?
        }
    };
    tls.alpn_protocols = alpn.iter().map(|protocol| protocol.to_vec()).collect();
    Ok(tls)
}
