//! What a request changes, and what follows from that and from how far an attempt got: the one place that
//! decides what is repeated where nobody knows what became of it, and what an error says of side effects.

use std::fmt;

use http::Method;

use crate::error::{Retryable, SideEffect};

/// What making a request does at the service, and what making it twice does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It only reads.
    Reads,
    /// It sets something: twice is like once.
    Sets,
    /// It ends something: twice is like once, and the second answer may say that it has ended.
    Ends,
    /// Each time does something of its own.
    Once,
}

impl Effect {
    /// What HTTP says of a method, for requests of which no more is known.
    pub fn of_method(method: &Method) -> Effect {
        match *method {
            Method::GET | Method::HEAD => Effect::Reads,
            Method::PUT => Effect::Sets,
            Method::DELETE => Effect::Ends,
            _ => Effect::Once,
        }
    }

    /// Whether repeating it can do no harm.
    pub fn is_harmless(self) -> bool {
        self != Effect::Once
    }
}

/// How far an attempt got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The request was never handed to a connection, or the server said that it has not looked at it.
    Unsent,
    /// The request may have arrived; no whole answer came, or none that can be understood.
    Sent,
    /// The answer has this error status.
    Answered {
        /// The HTTP status.
        http: u16,
        /// Whether it is a web page, as gateways and proxies give them in the service's place.
        page: bool,
    },
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Phase::Unsent => f.write_str("not sent"),
            Phase::Sent => f.write_str("sent"),
            Phase::Answered { http, .. } => write!(f, "HTTP {http}"),
        }
    }
}

/// Whether the request may have changed something.
pub fn side_effect(effect: Effect, phase: Phase) -> SideEffect {
    let untouched = effect == Effect::Reads
        || match phase {
            Phase::Unsent => true,
            Phase::Sent => false,
            // Refused for its rate, or sent elsewhere, before anything was done.
            Phase::Answered { http: 307 | 308 | 429, .. } => true,
            // The service took too long, or a proxy says that the client left before the answer (499, 460).
            Phase::Answered { http: 408 | 460 | 499, .. } => false,
            Phase::Answered { http: 400..=499, page } => !page,
            Phase::Answered { .. } => false,
        };
    if untouched {
        SideEffect::None
    } else {
        SideEffect::Unknown
    }
}

/// Whether making the same call again is of use and can do no harm. `said` is the server's own word on that.
pub fn retryable(effect: Effect, side_effect: SideEffect, passing: bool, said: Option<bool>) -> Retryable {
    match said {
        Some(true) => Retryable::Yes,
        Some(false) => Retryable::No,
        None if !passing => Retryable::No,
        None if effect.is_harmless() || side_effect == SideEffect::None => Retryable::Yes,
        None => Retryable::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EFFECTS: [Effect; 4] = [Effect::Reads, Effect::Sets, Effect::Ends, Effect::Once];

    #[test]
    fn side_effects_follow_from_what_was_asked_and_how_far_it_got() {
        for effect in EFFECTS {
            let otherwise = if effect == Effect::Reads { SideEffect::None } else { SideEffect::Unknown };
            assert_eq!(side_effect(effect, Phase::Unsent), SideEffect::None);
            assert_eq!(side_effect(effect, Phase::Sent), otherwise);
            for http in [400, 401, 403, 404, 409, 410, 422, 429, 307] {
                assert_eq!(side_effect(effect, Phase::Answered { http, page: false }), SideEffect::None, "{http}");
            }
            for http in [303, 408, 460, 499, 500, 502, 503, 504] {
                assert_eq!(side_effect(effect, Phase::Answered { http, page: false }), otherwise, "{http}");
            }
            assert_eq!(side_effect(effect, Phase::Answered { http: 403, page: true }), otherwise);
        }
    }

    #[test]
    fn a_call_is_worth_repeating_only_where_that_can_do_no_harm() {
        for effect in EFFECTS {
            let doubtful = if effect == Effect::Once { Retryable::Unknown } else { Retryable::Yes };
            assert_eq!(retryable(effect, SideEffect::Unknown, true, None), doubtful);
            assert_eq!(retryable(effect, SideEffect::None, true, None), Retryable::Yes);
            assert_eq!(retryable(effect, SideEffect::None, false, None), Retryable::No);
            assert_eq!(retryable(effect, SideEffect::Unknown, true, Some(false)), Retryable::No);
        }
    }

    #[test]
    fn methods_of_which_no_more_is_known() {
        for (method, effect) in [
            (Method::GET, Effect::Reads),
            (Method::HEAD, Effect::Reads),
            (Method::PUT, Effect::Sets),
            (Method::DELETE, Effect::Ends),
            (Method::POST, Effect::Once),
            (Method::PATCH, Effect::Once),
        ] {
            assert_eq!(Effect::of_method(&method), effect);
        }
    }
}
