//! Signed, expiring URLs: whoever has one may do one thing with one object for a time.

use super::manner::{Purpose, Refusal, AZURE_VERSION};
use crate::account::keys::{hex, random_hex};
use crate::settings::Manner;
use crate::store::Store;
use crate::timestamp;
use base64::Engine;
use percent_encoding::{percent_decode_str, utf8_percent_encode, NON_ALPHANUMERIC};
use ring::hmac;
use serde::Deserialize;

pub struct Signer {
    key: hmac::Key,
}

const KEY: &str = "signing key";

#[derive(Deserialize)]
struct Earlier {
    key: String,
}

/// What a URL turned out to be for.
pub struct Signed {
    pub manner: Manner,
    pub purpose: Purpose,
    pub id: String,
}

impl Signer {
    /// URLs outlive a restart, so their key does; and a reset, because it stays in use.
    pub fn load(store: &Store) -> Result<Signer, String> {
        // Earlier builds had it among the records.
        let earlier = store.load::<Earlier>(KEY)?.pop();
        let key = store.lasting(KEY, || earlier.map_or_else(random_hex, |earlier| Ok(earlier.key)));
        let key = key.map_err(|e| e.message().to_string())?;
        Ok(Signer::new(key.as_bytes()))
    }

    fn new(key: &[u8]) -> Signer {
        Signer { key: hmac::Key::new(hmac::HMAC_SHA256, key) }
    }

    /// The path and query of a URL that is good for so many seconds from now on.
    pub fn sign(&self, manner: Manner, purpose: Purpose, id: &str, now_ms: i64, seconds: i64) -> String {
        let end = timestamp::rfc3339(now_ms.saturating_add(seconds * 1000));
        let (container, parameters) = match manner {
            Manner::Plain => {
                let method = if purpose == Purpose::Upload { "PUT" } else { "GET" };
                ("objects", vec![("expires", end), ("method", method.into())])
            }
            Manner::S3 => {
                let operation = if purpose == Purpose::Upload { "PutObject" } else { "GetObject" };
                let date = timestamp::compact(now_ms);
                let parameters = vec![
                    ("X-Amz-Algorithm", "AWS4-HMAC-SHA256".into()),
                    ("X-Amz-Credential", format!("EMULATOR/{}/us-west-2/s3/aws4_request", date.get(..8).unwrap_or_default())),
                    ("X-Amz-Date", date),
                    ("X-Amz-Expires", seconds.to_string()),
                    ("X-Amz-SignedHeaders", "host".into()),
                    ("x-id", operation.into()),
                ];
                ("objects", parameters)
            }
            Manner::Azure => {
                let permissions = if purpose == Purpose::Upload { "cw" } else { "r" };
                let parameters = vec![("sv", AZURE_VERSION.into()), ("se", end), ("sr", "b".into()), ("sp", permissions.into())];
                ("objects", parameters)
            }
        };
        let path = format!("/{container}/{id}");
        let encode = |text: &str| utf8_percent_encode(text, UNRESERVED).to_string();
        let query: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        let signature = encode(&self.signature(manner, &path, &query));
        format!("{path}?{}&{}={signature}", query.join("&"), manner.signature_name())
    }

    fn signature(&self, manner: Manner, path: &str, query: &[String]) -> String {
        let tag = hmac::sign(&self.key, canonical(path, query).as_bytes());
        match manner {
            Manner::Azure => base64::engine::general_purpose::STANDARD.encode(tag),
            Manner::Plain | Manner::S3 => hex(tag.as_ref()),
        }
    }

    /// What a path and query allow. The manner is known by the name of the signature.
    pub fn verify(&self, path: &str, query: &str, now_ms: i64) -> Result<Signed, (Manner, Refusal)> {
        let mut pairs: Vec<String> = query.split('&').map(str::to_string).collect();
        let named = |manner: Manner| {
            let begin = format!("{}=", manner.signature_name());
            pairs.iter().position(|pair| pair.starts_with(&begin)).map(|at| (manner, at, begin.len()))
        };
        let Some((manner, at, skip)) = [Manner::Plain, Manner::S3, Manner::Azure].into_iter().find_map(named) else {
            return Err((Manner::Plain, Refusal::Signature));
        };
        let given = decode(&pairs.remove(at)[skip..]);
        let refuse = |refusal| Err((manner, refusal));
        if !self.right(manner, path, &pairs, &given) {
            return refuse(Refusal::Signature);
        }
        let value = |name: &str| pairs.iter().find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=').map(decode)).unwrap_or_default();
        let (end, upload) = match manner {
            Manner::Plain => (timestamp::parse_rfc3339(&value("expires")), value("method") == "PUT"),
            Manner::S3 => {
                let from = timestamp::parse_compact(&value("X-Amz-Date"));
                (from.and_then(|from| Some(from + value("X-Amz-Expires").parse::<i64>().ok()?)), value("x-id") == "PutObject")
            }
            Manner::Azure => (timestamp::parse_rfc3339(&value("se")), value("sp") == "cw"),
        };
        // The end is written in whole seconds; the last of them still counts.
        if end.is_none_or(|end| now_ms.div_euclid(1000) > end) {
            return refuse(Refusal::Expired);
        }
        let id = path.rsplit('/').next().unwrap_or_default().to_string();
        Ok(Signed { manner, purpose: if upload { Purpose::Upload } else { Purpose::Download }, id })
    }

    fn right(&self, manner: Manner, path: &str, query: &[String], given: &str) -> bool {
        let tag = match manner {
            Manner::Azure => base64::engine::general_purpose::STANDARD.decode(given).ok(),
            Manner::Plain | Manner::S3 => unhex(given),
        };
        tag.is_some_and(|tag| hmac::verify(&self.key, canonical(path, query).as_bytes(), &tag).is_ok())
    }
}

/// The same whatever order the parameters come in.
fn canonical(path: &str, query: &[String]) -> String {
    let mut query = query.to_vec();
    query.sort();
    format!("{path}\n{}", query.join("&"))
}

const UNRESERVED: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.len() % 2 != 0 || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

impl Manner {
    pub fn signature_name(self) -> &'static str {
        match self {
            Manner::Plain => "signature",
            Manner::S3 => "X-Amz-Signature",
            Manner::Azure => "sig",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANNERS: [Manner; 3] = [Manner::Plain, Manner::S3, Manner::Azure];

    fn refused(signer: &Signer, url: &str, now_ms: i64) -> String {
        let (path, query) = url.split_once('?').unwrap();
        match signer.verify(path, query, now_ms) {
            Ok(signed) => format!("{:?} {}", signed.purpose, signed.id),
            Err((_, refusal)) => format!("{refusal:?}"),
        }
    }

    #[test]
    fn a_url_is_good_for_what_it_says_and_for_its_time() {
        let signer = Signer::new(b"a key");
        for manner in MANNERS {
            for purpose in [Purpose::Upload, Purpose::Download] {
                let url = signer.sign(manner, purpose, "obj_1", 1_000_000, 60);
                assert_eq!(refused(&signer, &url, 1_059_000), format!("{purpose:?} obj_1"), "{url}");
                assert_eq!(refused(&signer, &url, 1_061_000), "Expired");
                assert_eq!(refused(&Signer::new(b"another"), &url, 1_000_000), "Signature");
                assert_eq!(refused(&signer, &url.replace("obj_1", "obj_2"), 1_000_000), "Signature");
                let (path, query) = url.split_once('?').unwrap();
                let turned: Vec<&str> = query.rsplit('&').collect();
                assert_eq!(refused(&signer, &format!("{path}?{}", turned.join("&")), 1_000_000), format!("{purpose:?} obj_1"));
            }
        }
    }

    #[test]
    fn no_part_of_a_url_can_be_changed() {
        let signer = Signer::new(b"a key");
        for manner in MANNERS {
            let url = signer.sign(manner, Purpose::Download, "obj_1", 0, 60);
            let (path, query) = url.split_once('?').unwrap();
            let pairs: Vec<&str> = query.split('&').collect();
            for n in 0..pairs.len() {
                let mut less = pairs.clone();
                less.remove(n);
                assert_eq!(refused(&signer, &format!("{path}?{}", less.join("&")), 0), "Signature");
                let mut other: Vec<String> = pairs.iter().map(|pair| pair.to_string()).collect();
                other[n].push('0');
                assert_eq!(refused(&signer, &format!("{path}?{}", other.join("&")), 0), "Signature");
            }
        }
        assert_eq!(refused(&signer, "/objects/obj_1?", 0), "Signature");
    }
}
