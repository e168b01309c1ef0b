//! Requests over HTTP: connections, retries, deadlines, cancellation, long polls and streams.
//! It knows nothing of devboxes.

pub(crate) mod address;
pub(crate) mod answer;
pub(crate) mod attempt;
pub(crate) mod attempts;
pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod cleanup;
pub(crate) mod cleanup_task;
pub(crate) mod connections;
pub(crate) mod content;
pub(crate) mod descriptor;
pub(crate) mod effect;
pub(crate) mod event_stream;
pub(crate) mod facts;
pub(crate) mod failure;
pub(crate) mod json;
pub(crate) mod long_poll;
pub(crate) mod repeat;
pub(crate) mod request;
pub(crate) mod retry;
pub(crate) mod scrub;
pub(crate) mod secret;
pub(crate) mod sender;
pub(crate) mod server_message;
pub(crate) mod settings;
pub(crate) mod signed_url;
pub(crate) mod sse;
pub(crate) mod transfer;
pub(crate) mod under_way;
pub(crate) mod wire;

pub use crate::engine::helpers::AFTERWARDS;
pub use crate::engine::runtime_bound::sleep;
pub use answer::Answer;
pub use attempts::{Attempts, LastFailure};
pub use call::{Call, CallOptions, Progress, Token};
pub use cleanup_task::CleanupTask;
pub use connections::Traffic;
pub use descriptor::{Descriptor, Direction};
pub use effect::Effect;
pub use event_stream::{reopen_pause, EventStream, Interruption, Opening, Openings};
pub use facts::Facts;
pub use long_poll::{Found, Wait};
pub use repeat::Sending;
pub use request::Request;
pub use retry::outage::{Outage, PATIENCE};
pub use scrub::{secret_beginning, shortened, Scrubber};
pub use secret::Secret;
pub use sender::Transport;
pub use settings::{Config, HttpVersion};
pub use signed_url::{Rest, SignedUrl, Validator};
pub use sse::Event;
pub use transfer::{Download, Part, Source};

/// What `fuzz` feeds.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fed {
    pub(crate) use crate::transport::connections::Proxies;
    pub(crate) use crate::transport::retry::retry_after::{retry_after, should_retry};
    pub(crate) use crate::transport::settings::{insert, Config, Settings};
    pub(crate) use crate::transport::sse::Parser;
}
