//! Which proxy leads to a host: decided when the client is made, by its configuration or by the environment.

use std::env;
use std::net::IpAddr;

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;

use crate::error::{Error, Result};
use crate::os::environment;
use crate::transport::address;
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

    /// What proves to the proxies who the client is: as the addresses have it, and as the proxies are told.
    pub fn passwords(&self) -> Vec<Secret> {
        let mut passwords = Vec::new();
        for proxy in self.plain.iter().chain(&self.secure) {
            let Some(password) = address::parse(proxy.expose()).ok().and_then(|url| url.password().map(str::to_owned)) else { continue };
            let found = Matcher::builder().all(proxy.expose()).build().intercept(&Uri::from_static("http://host"));
            let told = found.as_ref().and_then(|found| found.basic_auth()).and_then(|value| value.to_str().ok());
            passwords.extend(told.and_then(|told| told.split_once(' ')).map(|(_, credentials)| Secret::new(credentials)));
            passwords.push(Secret::new(percent_encoding::percent_decode_str(&password).decode_utf8_lossy()));
            passwords.push(Secret::new(password));
        }
        passwords
    }

    /// The proxy that leads to a host, if there is one.
    pub fn leading_to(&self, host: &Uri) -> Option<Proxy> {
        let expose = |proxy: &Option<Secret>| proxy.as_ref().map(|proxy| proxy.expose().to_owned()).unwrap_or_default();
        if (self.plain.is_none() && self.secure.is_none()) || is_excepted(&self.except, host) {
            return None;
        }
        let matcher = Matcher::builder().http(expose(&self.plain)).https(expose(&self.secure)).build();
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

/// Whether NO_PROXY names a host, as curl and Go read it: names with all that is below them, addresses and networks, each
/// for one port alone if it says so, or `*`.
fn is_excepted(list: &str, host: &Uri) -> bool {
    let port = host.port_u16().unwrap_or(if host.scheme_str() == Some("https") { 443 } else { 80 });
    let name = host.host().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    let address = address(&name);
    list.split([',', ' ', '\t']).filter(|entry| !entry.is_empty()).any(|entry| {
        if entry == "*" {
            return true;
        }
        if let Some((network, bits)) = entry.split_once('/') {
            return matches!((self::address(network), bits.parse(), address), (Some(network), Ok(bits), Some(it)) if is_in(it, network, bits));
        }
        let (entry, of_port) = match entry.rsplit_once(':') {
            // More colons are an address without a port.
            Some((before, after)) if !before.contains(':') || before.ends_with(']') => (before, Some(after)),
            _ => (entry, None),
        };
        if of_port.is_some_and(|wanted| wanted.parse() != Ok(port)) {
            return false;
        }
        match (self::address(entry), address) {
            (Some(entry), Some(it)) => entry == it,
            (None, None) => {
                let entry = entry.strip_prefix('*').unwrap_or(entry).trim_matches('.').to_ascii_lowercase();
                let above = name.strip_suffix(entry.as_str()).filter(|_| !entry.is_empty());
                above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
            }
            _ => false,
        }
    })
}

fn address(text: &str) -> Option<IpAddr> {
    let text = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    text.parse().ok().map(|address: IpAddr| address.to_canonical())
}

/// Whether the first bits of both addresses are the same.
fn is_in(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    let differ = match (address, network) {
        (IpAddr::V4(one), IpAddr::V4(other)) if bits <= 32 => u128::from(one.to_bits() ^ other.to_bits()) << 96,
        (IpAddr::V6(one), IpAddr::V6(other)) if bits <= 128 => one.to_bits() ^ other.to_bits(),
        _ => return false,
    };
    differ.leading_zeros() >= bits
}

/// An address that can be used, with its scheme. What is wrong with another is told without repeating it.
fn checked(text: &str, what: &str) -> Result<Secret> {
    let wrong =
        |why: &str| Error::invalid(format!("{what} cannot be used: {why}. It should look like http://host:3128 or socks5://host:1080."));
    let text = text.trim();
    let full = match text.split_once("://") {
        Some((scheme, rest)) => format!("{}://{rest}", scheme.to_ascii_lowercase()),
        None => format!("http://{text}"),
    };
    let url = address::parse(&full).map_err(|error| wrong(&address::why(error)))?;
    if !SCHEMES.contains(&url.scheme()) {
        return Err(wrong(&format!("its scheme is {:?}, not one of {}", url.scheme(), SCHEMES.join(", "))));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(wrong("it names no host"));
    }
    if full.parse::<Uri>().is_err() {
        return Err(wrong("it holds a character that must be written as %XX"));
    }
    // What the matcher leaves aside would be passed by without a word.
    if Matcher::builder().all(full.as_str()).build().intercept(&Uri::from_static("http://host")).is_none() {
        return Err(wrong("it is not an address of a proxy"));
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
    fn hosts_are_excepted_as_curl_and_go_read_the_list() {
        let excepted = |list: &str, host: &str| is_excepted(list, &host.parse().unwrap());
        for (list, host) in [
            ("*", "http://127.0.0.1:80/"),
            ("*", "https://[::1]/"),
            ("a, * ,b", "https://api.example"),
            ("Example.com", "https://api.EXAMPLE.com"),
            (".example.com", "https://api.example.com"),
            (".example.com", "https://example.com"),
            ("*.example.com", "https://api.example.com"),
            ("example.com.", "https://example.com."),
            ("a b example.com", "https://example.com"),
            ("example.com:443", "https://example.com"),
            ("example.com:80", "http://api.example.com"),
            ("example.com:8080", "http://example.com:8080"),
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("127.0.0.1", "http://127.0.0.1:8080"),
            ("127.0.0.0/8", "http://127.1.2.3"),
            ("::ffff:127.0.0.1", "http://127.0.0.1"),
            ("0.0.0.0/0", "http://127.1.2.3"),
            ("::1", "http://[::1]:80"),
            ("[::1]", "http://[::1]:80"),
            ("[::1]:443", "https://[::1]"),
            ("fe80::/10", "http://[fe81::1]"),
        ] {
            assert!(excepted(list, host), "{list} {host}");
        }
        for (list, host) in [
            ("", "http://example.com"),
            (", ,.", "http://example.com"),
            ("example.com", "http://badexample.com"),
            ("api.example.com", "http://example.com"),
            ("example.com:80", "https://example.com"),
            ("example.com:x", "http://example.com"),
            ("example.com:", "http://example.com"),
            ("*:80", "https://example.com"),
            ("127.0.0.1:80", "http://127.0.0.1:8080"),
            ("127.0.0.1", "http://127.0.0.11"),
            ("0.0.1", "http://127.0.0.1"),
            ("127.0.0.0/33", "http://127.0.0.0"),
            ("127.0.0.0/x", "http://127.0.0.0"),
            ("::/0", "http://127.0.0.0"),
            ("10.0.0.0/8", "http://11.0.0.0"),
            ("[::1]:80", "https://[::1]"),
        ] {
            assert!(!excepted(list, host), "{list} {host}");
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
        let proxy = explicit("SOCKS4A://proxy").unwrap().leading_to(&Uri::from_static("http://x/")).unwrap();
        assert_eq!((proxy.scheme(), proxy.port()), ("socks4a", 1080));
        assert!(explicit("host:3128").unwrap().leading_to(&Uri::from_static("http://x/")).is_some());
        assert!(explicit("").unwrap().leading_to(&Uri::from_static("http://x/")).is_none());
    }
}
