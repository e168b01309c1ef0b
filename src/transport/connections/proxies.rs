//! Which proxy leads to a host: decided when the client is made, by its configuration or by the environment.

use std::env;

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use crate::error::{Error, Result};
use crate::transport::environment;
use crate::transport::secret::Secret;

const SCHEMES: [&str; 6] = ["http", "https", "socks5", "socks5h", "socks4", "socks4a"];

/// The proxies of a client. Their addresses may hold a password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Proxies {
    /// To hosts that are spoken to without TLS.
    plain: Option<Secret>,
    /// To hosts that are spoken to over TLS.
    secure: Option<Secret>,
    /// Hosts that are reached directly, as NO_PROXY lists them.
    except: String,
}

/// A proxy, and who the client is to it.
pub struct Proxy {
    /// Scheme, host and port.
    pub uri: Uri,
    /// For proxies that speak HTTP.
    pub authorization: Option<HeaderValue>,
    /// For proxies that speak SOCKS: user and password.
    pub user: Option<(String, String)>,
}

impl Proxies {
    /// One proxy for all hosts; none, if the text is empty.
    pub fn explicit(proxy: &Secret) -> Result<Proxies> {
        if proxy.expose().trim().is_empty() {
            return Ok(Proxies::default());
        }
        let proxy = checked(proxy.expose(), "The proxy")?;
        Ok(Proxies { plain: Some(proxy.clone()), secure: Some(proxy), except: String::new() })
    }

    /// What the environment says at this moment.
    pub fn of_environment() -> Result<Proxies> {
        let get = |names: &[&'static str]| -> Result<Option<Secret>> {
            environment::first_of(names)?.map(|(name, value)| checked(&value, name)).transpose()
        };
        // In a CGI program HTTP_PROXY is what a request's Proxy header says.
        let cgi = env::var_os("REQUEST_METHOD").is_some();
        let all = get(&["ALL_PROXY", "all_proxy"])?;
        Ok(Proxies {
            plain: get(if cgi { &["http_proxy"] } else { &["HTTP_PROXY", "http_proxy"] })?.or_else(|| all.clone()),
            secure: get(&["HTTPS_PROXY", "https_proxy"])?.or(all),
            except: environment::first_of(&["NO_PROXY", "no_proxy"])?.map(|(_, hosts)| hosts).unwrap_or_default(),
        })
    }

    /// The proxy that leads to a host, if there is one.
    pub fn leading_to(&self, host: &Uri) -> Option<Proxy> {
        let expose = |proxy: &Option<Secret>| proxy.as_ref().map(|proxy| proxy.expose().to_owned()).unwrap_or_default();
        if self.plain.is_none() && self.secure.is_none() {
            return None;
        }
        let matcher = Matcher::builder().http(expose(&self.plain)).https(expose(&self.secure)).no(self.except.clone()).build();
        let found = matcher.intercept(host)?;
        Some(Proxy {
            uri: found.uri().clone(),
            authorization: found.basic_auth().cloned(),
            user: found.raw_auth().map(|(user, password)| (user.to_owned(), password.to_owned())),
        })
    }
}

impl Proxy {
    /// `host:port`, as messages name it.
    pub fn name(&self) -> String {
        format!("{}:{}", self.uri.host().unwrap_or_default(), self.port())
    }

    /// Its port, which its scheme says if nothing else does.
    pub fn port(&self) -> u16 {
        self.uri.port_u16().unwrap_or(match self.scheme() {
            "https" => 443,
            "http" => 80,
            _ => 1080,
        })
    }

    /// In lower case.
    pub fn scheme(&self) -> &str {
        self.uri.scheme_str().unwrap_or("http")
    }
}

/// An address that can be used, with its scheme. What is wrong with another is told without repeating it.
fn checked(text: &str, what: &str) -> Result<Secret> {
    let wrong =
        |why: &str| Error::invalid(format!("{what} cannot be used: {why}. It should look like http://host:3128 or socks5://host:1080."));
    let text = text.trim();
    let full = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let url = Url::parse(&full).map_err(|error| wrong(&error.to_string()))?;
    if !SCHEMES.contains(&url.scheme()) {
        return Err(wrong(&format!("its scheme is {:?}, not one of {}", url.scheme(), SCHEMES.join(", "))));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(wrong("it names no host"));
    }
    if full.parse::<Uri>().is_err() {
        return Err(wrong("it holds a character that must be written as %XX"));
    }
    Ok(Secret::new(full))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explicit(text: &str) -> Result<Proxies> {
        Proxies::explicit(&Secret::new(text))
    }

    #[test]
    fn what_cannot_be_a_proxy_is_refused_and_not_repeated() {
        for text in ["htp://user:s3cret@host:1", "ftp://host", "http://", "socks6://host", "http://user:s3cret@", "http://h st:1"] {
            let error = explicit(text).unwrap_err();
            assert!(error.to_string().contains("The proxy cannot be used"), "{text}: {error}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn a_proxy_is_for_all_hosts_and_says_who_the_client_is() {
        let proxies = explicit("http://user:p%40ss@proxy:3128").unwrap();
        let proxy = proxies.leading_to(&Uri::from_static("https://api.example/")).unwrap();
        assert_eq!(proxy.name(), "proxy:3128");
        assert_eq!(proxy.authorization.unwrap(), "Basic dXNlcjpwQHNz");
        let proxy = explicit("socks5h://u:p@proxy").unwrap().leading_to(&Uri::from_static("http://x/")).unwrap();
        assert_eq!((proxy.scheme(), proxy.port()), ("socks5h", 1080));
        assert_eq!(proxy.user, Some(("u".to_owned(), "p".to_owned())));
        assert!(explicit("host:3128").unwrap().leading_to(&Uri::from_static("http://x/")).is_some());
        assert!(explicit("").unwrap().leading_to(&Uri::from_static("http://x/")).is_none());
    }
}
