//! What a client is made of: given explicitly, else by the environment, else the defaults.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value;
use url::Url;

use super::connections::Proxies;
use super::secret::Secret;
use super::{address, scrub};
use crate::error::{Error, Result, Status};
use crate::os::environment;
use crate::transport::connections::tls::{Identity, Trust};

const DEFAULT_BASE_URL: &str = "https://api.runloop.ai";
/// An answer may be so long where the configuration does not say.
const LONGEST_ANSWER: usize = 256 << 20;
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Headers that say how a message is framed and to whom its connection leads; HTTP's own layer writes them.
const OF_THE_CONNECTION: [&str; 10] =
    ["connection", "content-length", "expect", "host", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

/// Looks at a request (method, path, query, body) before it is sent, and may refuse it.
pub type Inspect = fn(&Method, &str, &[(String, String)], Option<&Value>) -> Result<()>;

/// Which HTTP the connections speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HttpVersion {
    /// HTTP/2 where the server offers it over TLS.
    #[default]
    Auto,
    /// HTTP/1.1 alone.
    Http1,
    /// HTTP/2 alone, also without TLS.
    Http2,
}

/// The explicit part of a client's settings.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Else `RUNLOOP_API_KEY`.
    pub bearer_token: Option<Secret>,
    /// Else `RUNLOOP_BASE_URL`.
    pub base_url: Option<String>,
    /// For an attempt; else 30 s, and 600 s for the operations that may take long.
    pub timeout: Option<Duration>,
    /// Else 5 s.
    pub connect_timeout: Option<Duration>,
    /// Else 5.
    pub max_retries: Option<u32>,
    /// Win over those of `RUNLOOP_CUSTOM_HEADERS`.
    pub headers: Vec<(String, Secret)>,
    /// Sent with every request.
    pub query: Vec<(String, Secret)>,
    /// Else by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`; empty: none.
    pub proxy: Option<Secret>,
    /// A file of PEM certificates that replaces the system's.
    pub ca_file: Option<String>,
    /// A PEM file each: certificate chain and key.
    pub client_certificate: Option<(String, String)>,
    /// How to speak.
    pub http_version: HttpVersion,
    /// Put before our own name in `User-Agent`.
    pub user_agent: Option<String>,
    /// Refuses requests before they are sent.
    pub inspect: Option<Inspect>,
    /// Creates carry no mark by which what they made can be found.
    pub unmarked_creates: bool,
    /// How long an answer may be, in bytes; else 256 MiB.
    pub max_answer: Option<usize>,
}

/// How hosts are reached and trusted, without anything that is for the API alone: read from files and the
/// environment once, when the client is made.
pub struct Settled {
    /// Which proxy leads where.
    pub proxies: Proxies,
    /// Whose certificates are accepted.
    pub trust: Trust,
    /// How the client identifies itself to the API.
    pub identity: Option<Identity>,
    /// How to speak.
    pub http_version: HttpVersion,
}

impl Settled {
    /// Reads what the configuration names, and the environment for what it leaves open.
    pub fn of(config: &Config) -> Result<Settled> {
        Ok(Settled {
            proxies: match &config.proxy {
                Some(proxy) => Proxies::explicit(proxy)?,
                None => Proxies::of_environment()?,
            },
            trust: Trust::of(config.ca_file.as_deref())?,
            identity: config.client_certificate.as_ref().map(|(chain, key)| Identity::of(chain, key)).transpose()?,
            http_version: config.http_version,
        })
    }
}

/// What a client works with, checked and complete.
pub struct Settings {
    /// Without a slash at its end.
    pub base_url: Url,
    /// Authorization and all that every request carries.
    pub headers: HeaderMap,
    /// Sent with every request.
    pub query: Vec<(String, Secret)>,
    /// Kept to be struck out of whatever a server says.
    pub bearer_token: Secret,
    /// The same, since a proxy may repeat them in an answer of its own.
    pub proxy_passwords: Vec<Secret>,
    /// For an attempt, if the user set one.
    pub timeout: Option<Duration>,
    /// For reaching the server.
    pub connect_timeout: Duration,
    /// Attempts after the first, if the user set a number.
    pub max_retries: Option<u32>,
    /// Refuses requests before they are sent.
    pub inspect: Option<Inspect>,
    /// How long an answer may be.
    pub max_answer: usize,
}

impl Settings {
    /// What every request holds that no error may repeat.
    pub fn secrets(&self) -> Vec<Secret> {
        let mut secrets = vec![self.bearer_token.clone()];
        secrets.extend_from_slice(&self.proxy_passwords);
        secrets.extend(scrub::secrets_in_headers(&self.headers));
        secrets.extend(scrub::secrets_in_query(self.query.iter().map(|(name, value)| (name.as_str(), value.expose()))));
        secrets
    }

    /// Completes the explicit settings by the environment and the defaults.
    pub fn complete(config: &Config) -> Result<Settings> {
        let bearer_token = match &config.bearer_token {
            Some(token) => token.clone(),
            None => {
                let key = environment::variable("RUNLOOP_API_KEY")?.ok_or_else(|| {
                    Error::new(
                        Status::MissingCredentials,
                        "No API key: set RUNLOOP_API_KEY, or give one to runloop_config_set_bearer_token.",
                    )
                })?;
                // Files and command substitutions often leave a line feed behind.
                Secret::new(key.trim())
            }
        };
        let base_url = match &config.base_url {
            Some(url) => url.clone(),
            None => environment::variable("RUNLOOP_BASE_URL")?.unwrap_or_else(|| DEFAULT_BASE_URL.to_owned()),
        };
        Ok(Settings {
            base_url: parse_base_url(&base_url)?,
            headers: headers(config, &bearer_token)?,
            query: config.query.clone(),
            bearer_token,
            proxy_passwords: Vec::new(),
            timeout: config.timeout,
            connect_timeout: config.connect_timeout.unwrap_or(DEFAULT_CONNECT_TIMEOUT),
            max_retries: config.max_retries,
            inspect: config.inspect,
            max_answer: config.max_answer.unwrap_or(LONGEST_ANSWER),
        })
    }
}

fn parse_base_url(text: &str) -> Result<Url> {
    let wrong = |why: &str| {
        Error::invalid(format!("The base URL cannot be used: {why}. It should look like {DEFAULT_BASE_URL} or http://127.0.0.1:8080."))
    };
    let url = address::parse(text.trim().trim_end_matches('/')).map_err(|error| wrong(&address::why(error)))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("its scheme is neither http nor https"));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(wrong("it names no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("it carries a user or a password, which would be printed with it"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("it has a query or a fragment"));
    }
    Ok(url)
}

fn headers(config: &Config, bearer_token: &Secret) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    let ours = concat!("librunloop/", env!("CARGO_PKG_VERSION"));
    let user_agent = match &config.user_agent {
        Some(theirs) => format!("{theirs} {ours}"),
        None => ours.to_owned(),
    };
    insert(&mut headers, "user-agent", &Secret::new(user_agent))?;
    if let Some(lines) = environment::variable("RUNLOOP_CUSTOM_HEADERS")? {
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            let (name, value) = line
                .split_once(':')
                .ok_or_else(|| Error::invalid("RUNLOOP_CUSTOM_HEADERS has a line without a colon; each line is Name: value."))?;
            insert(&mut headers, name.trim(), &Secret::new(value.trim()))?;
        }
    }
    insert(&mut headers, "authorization", &Secret::new(format!("Bearer {}", bearer_token.expose())))
        .map_err(|_| Error::invalid("The API key holds a character that no HTTP header can carry (a line break?)."))?;
    for (name, value) in &config.headers {
        insert(&mut headers, name, value)?;
    }
    Ok(headers)
}

/// Adds a header, replacing one of the same name; its value never shows in `Debug` output.
pub fn insert(headers: &mut HeaderMap, name: &str, value: &Secret) -> Result<()> {
    let parsed_name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unfit_name(name))?;
    if OF_THE_CONNECTION.contains(&parsed_name.as_str()) {
        return Err(Error::invalid(format!("The header {name} belongs to the connection and is set by the library; leave it out.")));
    }
    let mut parsed_value = HeaderValue::from_str(value.expose())
        .map_err(|_| Error::invalid(format!("The value given for the header {name} holds a character that no header can carry.")))?;
    parsed_value.set_sensitive(true);
    headers.insert(parsed_name, parsed_value);
    Ok(())
}

/// What is wrong with a header's name. Who gives a whole line, or a value, in its place finds neither in the message.
fn unfit_name(name: &str) -> Error {
    let fits = |character: char| character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character);
    let cause = match name.char_indices().find(|(_, character)| !fits(*character)) {
        _ if name.is_empty() => "is empty".to_owned(),
        Some((at, character)) => format!("holds {character:?} at its byte {}, which no name of a header can", at + 1),
        None => "is too long".to_owned(),
    };
    Error::invalid(format!("The name of an HTTP header {cause}. It must look like X-Name; its value is given apart."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_that_cannot_be_used_are_refused() {
        for text in ["", "runloop", "ftp://host", "https://", "https://user:secret@host", "https://host?x=1"] {
            let error = parse_base_url(text).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument, "{text}");
            assert!(!error.to_string().contains("secret"));
        }
        assert_eq!(parse_base_url("http://127.0.0.1:8080/").unwrap().as_str(), "http://127.0.0.1:8080/");
    }

    #[test]
    fn a_token_is_in_no_debug_output() {
        let config = Config { bearer_token: Some(Secret::new("s3cret")), ..Config::default() };
        let settings = Settings::complete(&config).unwrap();
        assert!(!format!("{config:?} {:?}", settings.headers).contains("s3cret"));
    }
}
