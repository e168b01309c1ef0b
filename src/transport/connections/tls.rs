//! Whom the connections trust, and how they identify themselves. Files are read once, when the client is made.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use once_cell::sync::OnceCell;
use openssl_probe::ProbeResult;
use rustls::{ClientConfig, RootCertStore};
use rustls_native_certs::{load_certs_from_paths, ErrorKind as Unloaded};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::error::{Error, Result};
use crate::os::{descriptors, small_file};

/// What a PEM file holds. It may be a key, and is printed nowhere.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Pem {
    path: PathBuf,
    bytes: Arc<[u8]>,
}

impl Pem {
    fn read(path: &str) -> Result<Pem> {
        Pem::at(Path::new(path)).map_err(|error| unreadable(&format!("The file {path}"), &error))
    }

    fn at(path: &Path) -> std::io::Result<Pem> {
        // A relative path is not to mean another file after the program has changed its directory.
        let path = std::path::absolute(path)?;
        let bytes = small_file::read(&path)?.into();
        Ok(Pem { path, bytes })
    }

    /// Those that can be read, of a file with many authorities: what cannot be is no reason to trust none.
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

/// What this machine has run out of, or cannot do, says nothing of what was given.
fn unreadable(what: &str, error: &std::io::Error) -> Error {
    if is_machines(error) {
        return Error::local_io(&format!("{what} cannot be read"), error);
    }
    Error::invalid(format!("{what} cannot be read: {error}."))
}

fn is_machines(error: &std::io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE | libc::ENOMEM | libc::EIO))
}

/// Whose certificates are accepted.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Trust(Roots);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Roots {
    /// Of one file.
    File(Pem),
    /// Of what SSL_CERT_FILE and SSL_CERT_DIR named.
    Named { file: Option<Pem>, folders: Vec<PathBuf> },
    /// The system's.
    System { file: Option<PathBuf>, folders: Vec<PathBuf> },
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
            None => match (file_of_environment()?, folders_of_environment()?) {
                (None, folders) if folders.is_empty() => {
                    let ProbeResult { cert_file: file, cert_dir: folders, .. } = openssl_probe::probe();
                    Roots::System { file, folders }
                }
                (file, folders) => Roots::Named { file, folders },
            },
        }))
    }

    fn roots(&self) -> Result<RootCertStore> {
        let mut roots = RootCertStore::empty();
        match &self.0 {
            Roots::File(pem) => return from_file(pem),
            Roots::Named { file, folders } => {
                roots.add_parsable_certificates(file.iter().flat_map(Pem::legible_certificates));
                roots.add_parsable_certificates(load(None, folders)?);
                if roots.is_empty() {
                    let named = env::join_paths(folders).unwrap_or_default();
                    let named = format!("SSL_CERT_DIR, {},", named.to_string_lossy());
                    return Err(Error::invalid(format!("{named} {NO_CERTIFICATE}")));
                }
            }
            Roots::System { file, folders } => {
                roots.add_parsable_certificates(load(file.as_deref(), folders)?);
                if roots.is_empty() {
                    // A container without the ca-certificates package.
                    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
                }
            }
        }
        Ok(roots)
    }
}

const NO_CERTIFICATE: &str = "holds no certificate that can be used. Correct the variable, or unset it for the system's certificates.";

/// Of a file and of folders what can be read. What this machine has run out of ends it: a part of the authorities would not do for
/// all further connections.
fn load(file: Option<&Path>, folders: &[PathBuf]) -> Result<Vec<CertificateDer<'static>>> {
    let files = file.map(|file| (Some(file), None));
    let mut found = Vec::new();
    for (file, folder) in files.into_iter().chain(folders.iter().map(|folder| (None, Some(folder.as_path())))) {
        let kept = descriptors::keep();
        let loaded = load_certs_from_paths(file, folder);
        drop(kept);
        for error in &loaded.errors {
            if let Unloaded::Io { inner, path } = &error.kind {
                if is_machines(inner) {
                    return Err(unreadable(&path.display().to_string(), inner));
                }
            }
        }
        found.extend(loaded.certs);
    }
    Ok(found)
}

/// The file that SSL_CERT_FILE names, unless it is not there: it may be left over from another surrounding.
fn file_of_environment() -> Result<Option<Pem>> {
    let Some(path) = path_list("SSL_CERT_FILE").map(PathBuf::from) else { return Ok(None) };
    let named = format!("SSL_CERT_FILE, {},", path.display());
    let pem = match Pem::at(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        read => read.map_err(|error| unreadable(&named, &error))?,
    };
    if RootCertStore::empty().add_parsable_certificates(pem.legible_certificates()).0 == 0 {
        return Err(Error::invalid(format!("{named} {NO_CERTIFICATE}")));
    }
    Ok(Some(pem))
}

/// The folders that SSL_CERT_DIR names, but those that are not there.
fn folders_of_environment() -> Result<Vec<PathBuf>> {
    let Some(folders) = path_list("SSL_CERT_DIR") else { return Ok(Vec::new()) };
    let there = env::split_paths(&folders).filter(|folder| !folder.as_os_str().is_empty() && folder.exists());
    // As with files, a relative path means what it means now.
    there.map(|folder| std::path::absolute(&folder).map_err(|error| unreadable("SSL_CERT_DIR", &error))).collect()
}

/// A variable, which need not be text; none if it is empty.
fn path_list(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
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
