//! One attempt of a request: from a place on a connection to the head of the answer, or to its end.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Uri};
use percent_encoding::{utf8_percent_encode, AsciiSet, NON_ALPHANUMERIC};
use reqwest::Body;
use url::Url;

use super::answer::Answer;
use super::attempts::{Attempts, Noted};
use super::call::CallOptions;
use super::connections::traffic::Traffic;
use super::connections::{Connections, Lease};
use super::content::is_page;
use super::effect::{Effect, Phase};
use super::facts::Facts;
use super::failure::Failure;
use super::request::Request;
use super::scrub::Scrubber;
use super::secret::Secret;
use super::settings::Settings;
use super::wire::Wire;
use super::{body, scrub, settings};
use crate::engine::runtime::on_heap;
use crate::error::{Error, Result};
use crate::os::process::OfProcess;
use crate::transport::retry::origin::Origin;

/// RFC 3986's unreserved characters stand for themselves; the brackets of `metadata[key]` too,
/// as the official client sends them.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'[').remove(b']');

/// Of an answer so much is made room for at once, and so much of one that says how long it is.
const FIRST_READ: usize = 4 << 10;
const ANNOUNCED: usize = 1 << 20;

/// A request made ready: the same bytes for every attempt.
pub struct Prepared {
    name: String,
    host: String,
    uri: Uri,
    method: http::Method,
    headers: HeaderMap,
    body: Option<Bytes>,
    /// Strikes out of whatever the server says the token, and what the request holds.
    scrubber: Scrubber,
    confidential: bool,
    effect: Effect,
    done_words: &'static [&'static str],
    /// Whether a connection that breaks before the answer ends the call: then old ones are left alone.
    only_young: bool,
    origin: Arc<Origin>,
    /// What is known of the attempts while they are made.
    pub(super) attempts: Arc<Attempts>,
    /// How long the answer, and an event of a stream, may be.
    most: usize,
}

/// The head of a good answer, its body still to come.
pub struct Open {
    /// The response.
    pub response: OfProcess<reqwest::Response>,
    pub(super) lease: Lease,
}

impl Open {
    /// The next piece of the body, `None` at its end.
    pub async fn chunk(&mut self) -> std::result::Result<Option<Bytes>, reqwest::Error> {
        self.response.chunk().await
    }
}

impl Prepared {
    /// Puts together URL, headers and body.
    pub(super) fn new(wire: &Wire, options: &CallOptions, request: &Request) -> Result<Prepared> {
        let settings = &wire.settings;
        let mut headers = settings.headers.clone();
        headers.insert(http::header::ACCEPT, HeaderValue::from_static(request.accept));
        if request.method != http::Method::GET {
            let id = options.idempotency_key.clone().unwrap_or_else(|| format!("librunloop-{}", crate::os::random::id()));
            settings::insert(&mut headers, "x-request-id", &Secret::new(id))?;
        }
        let mut body = request.body.as_ref().map(Cow::Borrowed);
        if !options.extra_body.is_empty() {
            let object = body.get_or_insert_with(|| Cow::Owned(serde_json::Value::Object(serde_json::Map::new())));
            if let Some(object) = object.to_mut().as_object_mut() {
                object.extend(options.extra_body.clone());
            }
        }
        if let Some(inspect) = settings.inspect {
            inspect(&request.method, &request.path, &request.query, body.as_deref())?;
        }
        let mut secrets = body.as_deref().map(scrub::secrets_in).unwrap_or_default();
        secrets.extend(request.secrets.iter().chain(&options.secrets).cloned());
        secrets.extend(settings.secrets());
        secrets.extend(options.secrets_for_all());
        let query = request.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        secrets.extend(scrub::secrets_in_query(query.filter(|(name, _)| scrub::is_secret_name(name))));
        let body = match body {
            None => None,
            Some(json) => {
                headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                Some(Bytes::from(json.to_string()))
            }
        };
        for (name, value) in &options.extra_headers {
            settings::insert(&mut headers, name, &Secret::new(value.clone()))?;
        }
        let url = url_of(settings, options, request);
        Ok(Prepared {
            name: request.name(),
            host: match url.port() {
                Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
                None => url.host_str().unwrap_or_default().to_owned(),
            },
            uri: url.as_str().parse().map_err(|_| Error::invalid("The base URL, the path and the query make no URL that can be sent."))?,
            method: request.method.clone(),
            headers,
            body,
            scrubber: Scrubber::new(secrets.into_iter()),
            confidential: request.confidential,
            effect: request.effect,
            done_words: request.done_words,
            only_young: !request.effect.is_harmless() || wire.most(options).retries == 0,
            origin: Arc::clone(&wire.origin),
            attempts: Arc::default(),
            most: settings.max_answer,
        })
    }

    /// Strikes out the secrets that the server was sent.
    pub(super) fn scrubber(&self) -> &Scrubber {
        &self.scrubber
    }

    /// Whether a good answer holds credentials.
    pub(super) fn confidential(&self) -> bool {
        self.confidential
    }

    /// How long the answer may be.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// What messages and logs call the request.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it goes, as messages name it.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Replaces the JSON body's headers by those of a body that the caller sends piece by piece.
    pub fn set_body_headers(&mut self, content_type: HeaderValue, length: Option<u64>) {
        self.headers.insert(http::header::CONTENT_TYPE, content_type);
        if let Some(length) = length {
            self.headers.insert(http::header::CONTENT_LENGTH, HeaderValue::from(length));
        }
    }

    /// Whether the failure of an attempt says that what was asked for has been done before.
    pub fn is_done(&self, failure: &Failure) -> bool {
        self.effect == Effect::Ends && failure.says_done() || failure.says_one_of(self.done_words)
    }

    /// What it changes.
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// Asks for an answer that is not compressed, unless the caller has said what it wants.
    pub fn ask_for_identity(&mut self) {
        self.headers.entry(http::header::ACCEPT_ENCODING).or_insert(HeaderValue::from_static("identity"));
    }

    /// Sends, and reads the answer's head; an error status is a failure, with its body.
    pub async fn open(&self, connections: &Connections, traffic: Traffic, body: Option<Body>) -> std::result::Result<Open, Failure> {
        // A body that comes piece by piece may not be there a second time.
        let only_young = self.only_young || body.is_some();
        let body = body.unwrap_or_else(|| Body::from(self.body.clone().unwrap_or_default()));
        let mut request = http::Request::new(Noted::wrap(body, &self.attempts));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        let sent = on_heap(|| connections.send(traffic, request, only_young)).await;
        let (response, lease) = sent.map_err(|error| {
            // A connection that was idle may have ended unnoticed; another has a good chance.
            let unanswered = error.reused && self.attempts.phase() == Phase::Sent;
            Failure { unanswered, ..Failure::of_wire(&self.name, &self.host, error, self.attempts.phase()) }
        })?;
        self.origin.has_answered();
        let status = response.status().as_u16();
        if response.status().is_success() {
            if !is_page(response.headers()) {
                self.origin.serves();
            }
            return Ok(Open { response: response.into(), lease });
        }
        let headers = response.headers().clone();
        let failure =
            |body: &Bytes, cut| Failure::of_answer(&self.name, status, &headers, body, cut, self.origin.has_served(), &self.scrubber);
        self.attempts.is_refused(failure(&Bytes::new(), true));
        let (body, cut) = body::of_error(response).await;
        let mut failure = failure(&body, cut);
        // It is known as a whole.
        self.attempts.refusal();
        if self.effect == Effect::Ends && self.is_done(&failure) {
            failure.error.details_mut().already = true;
        }
        self.origin.told(&failure);
        Err(failure)
    }

    /// Sends, and reads the answer whole, within the time that an attempt has.
    pub async fn whole(
        &self,
        connections: &Connections,
        traffic: Traffic,
        within: Duration,
        attempts: u32,
    ) -> std::result::Result<Answer, Failure> {
        let exchange = || async {
            let open = self.open(connections, traffic, None).await?;
            self.rest(open, attempts).await
        };
        match tokio::time::timeout(within, on_heap(exchange)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(self.too_slow(within)),
        }
    }

    /// The rest of an answer whose head was good.
    pub(super) async fn rest(&self, mut open: Open, attempts: u32) -> std::result::Result<Answer, Failure> {
        let mut body = Vec::new();
        let announced = open.response.content_length().and_then(|length| usize::try_from(length).ok());
        let facts = Facts::of(open.response.status().as_u16(), open.response.headers(), attempts, self.scrubber());
        let too_long = || Failure::too_long(self.name(), self.most()).told(&facts);
        if announced.is_some_and(|length| length > self.most()) {
            return Err(too_long());
        }
        body.reserve(announced.unwrap_or(FIRST_READ).min(ANNOUNCED));
        while let Some(piece) = open.chunk().await.map_err(|error| self.broken(error))? {
            if piece.len() > self.most().saturating_sub(body.len()) {
                return Err(too_long());
            }
            body.try_reserve(piece.len()).map_err(|_| Failure::out_of_memory(self.name(), body.len()).told(&facts))?;
            body.extend_from_slice(&piece);
        }
        let Open { response, lease } = open;
        drop(lease);
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: body.into(),
            attempts,
            confidential: self.confidential(),
            effect: self.effect(),
            doubts: self.attempts.doubts(),
            scrubber: self.scrubber().clone(),
        })
    }

    /// The failure of reading on in an answer whose head was good.
    pub fn broken(&self, error: reqwest::Error) -> Failure {
        Failure::of_wire(&self.name, &self.host, error, Phase::Sent)
    }

    /// The failure of an attempt that took longer than this.
    pub fn too_slow(&self, within: Duration) -> Failure {
        self.attempts.too_slow(&self.name, within)
    }
}

fn url_of(settings: &Settings, options: &CallOptions, request: &Request) -> Url {
    let mut url = settings.base_url.clone();
    let path = format!("{}{}", url.path().trim_end_matches('/'), request.path);
    url.set_path(&path);
    let mut query: Vec<(&str, &str)> = Vec::new();
    let of_client = settings.query.iter().map(|(name, value)| (name.as_str(), value.expose()));
    let of_call = request.query.iter().chain(&options.extra_query).map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in of_client.chain(of_call) {
        query.retain(|(known, _)| *known != name);
        query.push((name, value));
    }
    let encoded: Vec<String> = query
        .into_iter()
        .map(|(name, value)| format!("{}={}", utf8_percent_encode(name, QUERY), utf8_percent_encode(value, QUERY)))
        .collect();
    url.set_query((!encoded.is_empty()).then(|| encoded.join("&")).as_deref());
    url
}
