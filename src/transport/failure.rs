//! Turns what went wrong on the wire into an error that says what to do about it.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::HeaderMap;

use super::connections::{Kind, Sign, WireError};
use super::content::encoding;
use super::effect;
use super::effect::{Effect, Phase};
use super::facts::{request_id, Facts};
use super::scrub::Scrubber;
use super::server_message::Said;
use crate::error::{printable, Error, Next, SideEffect, Status};
use crate::transport::retry::retry_after::{retry_after, should_retry};

/// A failed attempt.
#[derive(Debug)]
pub struct Failure {
    /// What the user gets if it is the last.
    pub error: Error,
    /// How far it got.
    pub phase: Phase,
    /// The server's word on another attempt.
    pub should_retry: Option<bool>,
    /// No attempt will go better: the certificate is not accepted, or the settings do not fit.
    pub hopeless: bool,
    /// The connection had been used before, and broke before the first byte of an answer.
    pub unanswered: bool,
    /// This machine has no descriptor or no memory for a connection.
    pub shortage: bool,
    /// What the service says, in small letters.
    pub(super) said: String,
}

/// What is already so is not over: the service refuses to end what something else holds on to.
const STILL_THERE: [&str; 6] = ["in use", "used by", "locked", "referenced", "attached", "exists"];

impl Failure {
    /// A failure that another attempt may heal.
    pub fn new(error: Error, phase: Phase) -> Failure {
        Failure { error, phase, should_retry: None, hopeless: false, unanswered: false, shortage: false, said: String::new() }
    }

    /// A failure that no attempt will heal.
    pub fn hopeless(error: Error, phase: Phase) -> Failure {
        Failure { hopeless: true, ..Failure::new(error, phase) }
    }

    /// The connection failed. `phase` is what the attempt knows of itself; only a server that says so can make
    /// it less.
    pub fn of_wire(name: &str, host: &str, error: impl Into<WireError>, phase: Phase) -> Failure {
        let WireError { kind, reason, chain, proxy, sign, .. } = error.into();
        let failed = |status, message| Error::new(status, format!("{name}: {message}")).because(chain.clone());
        let whom = proxy.as_ref().map_or_else(|| host.to_owned(), |proxy| format!("the proxy {proxy}"));
        let why = match kind {
            Kind::Untrusted | Kind::Rejected => {
                let next = match proxy {
                    _ if sign.is_some() => sign.map_or("", |sign| sign.next_step(proxy.is_some())),
                    Some(_) => "Check the proxy's address and certificate.",
                    None => "Check the host of the base URL (RUNLOOP_BASE_URL), and what answers there.",
                };
                let message = format!("no trusted connection to {whom}: {reason}. {next}");
                let phase = if kind == Kind::Untrusted { Phase::Unsent } else { phase };
                return Failure::hopeless(failed(Status::Tls, message), phase);
            }
            Kind::Broken | Kind::Unsent | Kind::Unprocessed => {
                let untouched = kind != Kind::Broken || phase == Phase::Unsent;
                let (phase, known) = if untouched { (Phase::Unsent, " The request was not looked at.") } else { (phase, "") };
                let what = match sign {
                    Some(_) => format!("the answer of {host} cannot be read"),
                    None => format!("the connection to {host} broke before the complete response arrived"),
                };
                let sign = sign.map_or(String::new(), |sign| format!(" {}", sign.next_step(false)));
                let message = format!("{what}: {reason}.{known}{sign}");
                return Failure::new(failed(Status::Broken, message).followed_by(Next::AGAIN), phase);
            }
            Kind::Late => format!("{whom} did not answer in time"),
            Kind::Refused => format!("{whom} refused the connection"),
            Kind::Unresolved => format!("the name of {whom} cannot be resolved: {reason}"),
            Kind::Unreachable => format!("{whom} cannot be reached: {reason}"),
            Kind::Declined => format!("{whom} made no connection to {host}: {reason}"),
        };
        let next = match proxy {
            _ if sign.is_some() => sign.map_or("", |sign| sign.next_step(proxy.is_some())),
            Some(_) => "Check the proxy (runloop_config_set_proxy, HTTPS_PROXY, HTTP_PROXY, ALL_PROXY) and that it runs.",
            None => "Check the base URL (RUNLOOP_BASE_URL), the network and the proxy, and that the server runs.",
        };
        let failure = Failure::new(failed(Status::Connect, format!("{why}. {next}")), Phase::Unsent);
        Failure { shortage: sign.is_some_and(Sign::is_shortage), hopeless: sign.is_some_and(Sign::is_for_good), ..failure }
    }

    /// An attempt took longer than it may.
    pub fn timed_out(name: &str, after: Option<Duration>, phase: Phase) -> Failure {
        let after = after.map_or(String::new(), |after| format!(" within {} ms", after.as_millis()));
        let error = Error::new(Status::Timeout, format!("{name}: no complete response arrived{after}."));
        Failure::new(error.followed_by(Next::SLOWER), phase)
    }

    /// A good answer, or an event of a stream, is longer than it may be.
    pub fn too_long(name: &str, most: usize) -> Failure {
        Failure::unreadable(Error::new(
            Status::Protocol,
            format!("{name}: the response is longer than {most} bytes. Request less, or raise the limit with runloop_config_set_max_answer_bytes."),
        ))
    }

    /// There is no memory for an answer.
    pub fn out_of_memory(name: &str, length: usize) -> Failure {
        Failure::unreadable(Error::new(
            Status::OutOfMemory,
            format!("{name}: there is not enough memory for the response, of which {length} bytes have arrived. Request less, or check the process's limits."),
        ))
    }

    /// Says which answer it was born behind.
    pub fn told(self, facts: &Facts) -> Failure {
        Failure { error: facts.told(self.error), ..self }
    }

    /// The server has done what was asked, but its answer cannot be had: another attempt would bring the same.
    fn unreadable(error: Error) -> Failure {
        Failure::hopeless(error, Phase::Sent)
    }

    /// The server answered with an error status. `served`: it has given good answers before.
    pub fn of_answer(name: &str, http: u16, headers: &HeaderMap, body: &Bytes, cut: bool, served: bool, scrubber: &Scrubber) -> Failure {
        let said = Said::read(headers, body);
        let status = Status::of_http(http);
        let (sentence, next) = said.sentence(http, status, cut, scrubber);
        let mut error = Error::new(status, format!("{name}: {sentence}"));
        error.details_mut().next = next;
        // A gateway that has lost its server for a moment calls everything "not found". An answer to HEAD has no body by which to tell, and of
        // an object that was cut the rest is not known.
        let may_tell = !(name.starts_with("HEAD ") || cut && body.trim_ascii_start().starts_with(b"{"));
        let foreign = served && matches!(http, 404 | 410) && may_tell && !said.is_of_service();
        if foreign && !said.page {
            error = error.adding("It is not as the API says it: a gateway or a proxy may have answered in its place.");
        }
        let details = error.details_mut();
        details.http_status = http;
        details.code = said.code.map(|code| printable(scrubber.message(&code)));
        details.request_id = request_id(headers).map(|id| scrubber.text(&id));
        details.retry_after = retry_after(headers, SystemTime::now());
        // Of what is encoded nobody can tell whether it holds a secret.
        details.body = Some(if encoding(headers).is_none() { scrubber.body(body, cut) } else { Vec::new() });
        // The API does not redirect; who does is in between.
        let page = said.page || foreign || matches!(http, 300..=399);
        let words = without_names(name, &scrubber.text(&said.message).to_lowercase());
        let gone = matches!(http, 404 | 410);
        let mut failure =
            Failure { should_retry: should_retry(headers), said: words, ..Failure::new(error, Phase::Answered { http, page }) };
        let already = if gone { said.object && !page } else { failure.says_already() };
        let details = failure.error.details_mut();
        details.by_gateway = page;
        details.already = already;
        failure
    }

    /// Whether time may heal it.
    pub fn is_passing(&self) -> bool {
        !self.hopeless
            && match self.phase {
                Phase::Unsent | Phase::Sent => true,
                Phase::Answered { http, .. } => matches!(http, 408 | 425 | 429 | 460 | 499 | 500..=599),
            }
    }

    /// Whether the service says that something is gone, or has been done already.
    pub fn says_done(&self) -> bool {
        self.error.details().already
    }

    fn says_already(&self) -> bool {
        let Phase::Answered { http: 400..=499, page: false } = self.phase else { return false };
        self.said.contains("already") && !STILL_THERE.iter().any(|words| affirms(&self.said, words))
    }

    /// Whether the service refuses with one of these words.
    pub fn says_one_of(&self, words: &[&str]) -> bool {
        let Phase::Answered { http: 400..=499, page: false } = self.phase else { return false };
        words.iter().any(|words| affirms(&self.said, words))
    }

    /// The error of a request of this kind, that may have changed as much.
    pub fn settled(self, effect: Effect, side_effect: SideEffect) -> Error {
        // An attempt may have met another server; a call that ends with such an answer has met no other.
        let stays = matches!(self.phase, Phase::Answered { http: 501 | 505, .. });
        let retryable = effect::retryable(effect, side_effect, self.is_passing() && !stays, self.should_retry);
        self.error.with_side_effect(side_effect).with_retryable(retryable)
    }
}

/// Whether these words are said, and not denied, as in "no longer exists".
fn affirms(said: &str, words: &str) -> bool {
    said.match_indices(words).any(|(at, _)| {
        let before = said.get(..at).unwrap_or_default().trim_end();
        !["no longer", "no longer in", "not", "not in", "never"].iter().any(|denial| before.ends_with(denial))
    })
}

/// What is said without what the request names: a thing may be called "already deleted".
fn without_names(request: &str, said: &str) -> String {
    let telling = |name: &String| name.contains("already") || name.contains("not ") || STILL_THERE.iter().any(|words| name.contains(words));
    let decoded = |part: &str| percent_encoding::percent_decode_str(part).decode_utf8_lossy().to_lowercase();
    request.split('/').map(decoded).filter(telling).fold(said.to_owned(), |said, name| said.replace(&name, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::secret::Secret;

    fn answer(kind: &str, body: &str) -> Error {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", kind.parse().unwrap());
        let body = Bytes::copy_from_slice(body.as_bytes());
        let scrubber = Scrubber::new([Secret::new("token-1"), Secret::new("pass \"word\"")].into_iter());
        Failure::of_answer("GET /v1/x", 404, &headers, &body, false, false, &scrubber).error
    }

    #[test]
    fn both_shapes_of_the_services_errors_are_read() {
        let json = answer("application/json", r#"{"message":"no such devbox","code":"gone"}"#);
        assert!(json.to_string().contains("no such devbox"));
        assert_eq!(json.details().code.as_deref(), Some("gone"));
        let text = answer("text/plain", "Endpoint GET /v1/x not found");
        assert!(text.to_string().contains("Endpoint GET /v1/x not found"));
        let page = answer("text/html", "<html><body>Bad gateway");
        assert!(page.to_string().contains("web page") && !page.to_string().contains("<html>"));
    }

    #[test]
    fn a_token_that_the_server_repeats_is_struck_out() {
        let error = answer("application/json", r#"{"message":"token-1 is unknown"}"#);
        assert!(!format!("{error} {error:?}").contains("token-1"));
        assert!(!String::from_utf8_lossy(error.details().body.as_ref().unwrap()).contains("token-1"));
        let error = answer("application/json", r#"{"message":"pass \"word\" is too short","auth_token":"k3y"}"#);
        let all = format!("{error} {} {:?}", String::from_utf8_lossy(error.details().body.as_ref().unwrap()), error.details().message);
        assert!(!all.contains("word") && !all.contains("k3y"), "{all}");
    }
}
