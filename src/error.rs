//! The one error type of every layer: what went wrong, what to do, and what is left behind.

use std::fmt;
use std::time::Duration;

use runloop_macros::c_enum;

/// What a call ended with. The numbers are the C ABI's: never change one, never reuse one.
#[c_enum(RUNLOOP)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Success.
    Ok = 0,

    /// An argument is invalid: NULL, not valid UTF-8, or out of range. Correct it.
    InvalidArgument = 1,
    /// A handle is NULL, freed, or of another type.
    InvalidHandle = 2,
    /// The object is in a state that does not allow the operation.
    WrongState = 3,
    /// The handle was created before this process was forked, or the process was forked during the call.
    /// Create clients in the child.
    Forked = 4,
    /// The header and the library do not match. Compile against the installed header.
    AbiMismatch = 5,
    /// There is no API key. Set RUNLOOP_API_KEY or call runloop_config_set_bearer_token().
    MissingCredentials = 6,
    /// A callback ended the call.
    Stopped = 7,
    /// A local file or descriptor could not be read or written.
    LocalIo = 8,
    /// There is no value, or a value of another kind, at a JSON Pointer.
    NoSuchField = 9,

    /// No connection to the server: refused, unreachable, or its name cannot be resolved.
    Connect = 100,
    /// No secure connection to the server: a certificate was not accepted.
    Tls = 101,
    /// HTTP 408, or an attempt took longer than timeout_ms.
    Timeout = 102,
    /// The call took longer than deadline_ms.
    Deadline = 103,
    /// The call's cancel token was triggered.
    Cancelled = 104,
    /// The client was closed.
    Closed = 105,
    /// The connection broke before the response was complete.
    Broken = 106,
    /// The response does not conform to the API, or is larger than runloop_config_set_max_answer_bytes()
    /// allows.
    Protocol = 107,

    /// HTTP 400: the service rejected the parameters.
    BadRequest = 200,
    /// HTTP 401: the API key is not valid.
    Authentication = 201,
    /// HTTP 403: the API key does not permit this.
    Permission = 202,
    /// HTTP 404: the resource does not exist.
    NotFound = 203,
    /// HTTP 409: the request conflicts with an existing resource.
    Conflict = 204,
    /// HTTP 422: the service understood the parameters but cannot act on them.
    Unprocessable = 205,
    /// HTTP 429: too many requests; see runloop_error_retry_after_ms().
    RateLimited = 206,
    /// HTTP 5xx: the service failed.
    Server = 207,
    /// Any other HTTP error.
    Api = 208,

    /// The devbox is not running: it failed or was shut down.
    DevboxFailed = 300,
    /// The build of a blueprint failed.
    BuildFailed = 301,
    /// A snapshot failed.
    SnapshotFailed = 302,
    /// What was waited for did not happen within poll_timeout_ms.
    WaitTimedOut = 303,
    /// An archive is damaged, has an entry outside its target directory, or exceeds the limits.
    BadArchive = 304,
    /// A directory of the devbox could not be read or written; runloop_error_body() holds the devbox's
    /// error message.
    RemoteIo = 305,

    /// A bug in the library. The process continues, but the handles that were passed to the call can only
    /// be freed.
    InternalPanic = 900,
    /// There is not enough memory for a large response. If there is none for a small allocation, the
    /// process is aborted.
    OutOfMemory = 901,
    /// Something failed inside the library.
    Internal = 902,
}

impl Status {
    /// The category of an HTTP status that is an error.
    pub fn of_http(http: u16) -> Status {
        match http {
            400 => Status::BadRequest,
            401 => Status::Authentication,
            403 => Status::Permission,
            404 => Status::NotFound,
            408 => Status::Timeout,
            409 => Status::Conflict,
            422 => Status::Unprocessable,
            429 => Status::RateLimited,
            500..=599 => Status::Server,
            _ => Status::Api,
        }
    }
}

/// Whether the same call may succeed if it is made again.
#[c_enum(RUNLOOP_RETRYABLE)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Retryable {
    /// Making the same call again would fail in the same way.
    No = 0,
    /// Making the same call again may succeed.
    Yes = 1,
    /// It is not known whether making the same call again may succeed, or whether it is safe.
    #[default]
    Unknown = 2,
}

/// Whether the failed call changed something at the service.
#[c_enum(RUNLOOP_SIDE_EFFECT)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SideEffect {
    /// The failed call changed nothing at the service.
    #[default]
    None = 0,
    /// The failed call changed something: see runloop_error_resource_id().
    Happened = 1,
    /// It is not known whether the failed call changed something.
    Unknown = 2,
}

/// A next step: a sentence for each case, or none.
#[derive(Clone, Copy, Debug)]
pub struct Next {
    /// Where making the call again is of use, and does nothing twice.
    pub again: &'static str,
    /// Where it might do something twice, or what the call had begun is undone.
    pub doubtful: &'static str,
    /// Where it is of no use.
    pub never: &'static str,
}

impl Next {
    /// Time may heal it.
    pub const LATER: Next = Next { again: "Try again later.", ..Next::LOOK };
    /// The connection, or the answer, was lost.
    pub const AGAIN: Next = Next { again: "Make the call again.", ..Next::LOOK };
    /// A wait that was too short.
    pub const WAIT: Next = Next {
        again: "Wait again, or allow more by poll_timeout_ms.",
        doubtful: "Allow more by poll_timeout_ms.",
        never: "Allow more by poll_timeout_ms.",
    };
    /// There were too many calls.
    pub const FEWER: Next = Next {
        again: "Make fewer calls at a time, or try again later.",
        doubtful: "Make fewer calls at a time, and look at what there is before making this one again.",
        never: "Make fewer calls at a time; the server says that it is of no use to make this one again.",
    };
    /// An attempt had too little time.
    pub const SLOWER: Next = Next {
        again: "Make the call again, or allow more by timeout_ms.",
        doubtful: "Allow more by timeout_ms, and look at what there is before making the call again.",
        never: "Allow more by timeout_ms.",
    };
    const LOOK: Next = Next {
        again: "",
        doubtful: "Look at what there is before making the call again.",
        never: "The server says that it is of no use to make the call again.",
    };
}

impl Details {
    fn next_step(&self) -> &'static str {
        match &self.next {
            None => "",
            Some(next) => match self.retryable {
                Retryable::No => next.never,
                Retryable::Yes if self.side_effect != SideEffect::Happened => next.again,
                Retryable::Yes | Retryable::Unknown => next.doubtful,
            },
        }
    }
}

/// What any call of the library may fail with.
#[derive(Clone)]
pub struct Error(Box<Details>);

/// What an [`Error`] can tell; every part but the status and the message may be absent.
#[derive(Clone, Debug)]
pub struct Details {
    /// The category.
    pub status: Status,
    /// The thing, the cause and the next step, in one or two sentences.
    pub message: String,
    /// The next step, where it depends on what is known in the end.
    pub next: Option<Next>,
    /// The answer's HTTP status, 0 if no answer came.
    pub http_status: u16,
    /// The service's own code for the error.
    pub code: Option<String>,
    /// The identifier under which the service's operators find the request.
    pub request_id: Option<String>,
    /// How long the service asks to wait before another attempt.
    pub retry_after: Option<Duration>,
    /// Whether another attempt is of use.
    pub retryable: Retryable,
    /// How many times the request was sent, or tried to be.
    pub attempts: u32,
    /// The devbox, execution … that the call concerned or left behind.
    pub resource_id: Option<String>,
    /// Whether something was changed remotely.
    pub side_effect: SideEffect,
    /// The answer's body.
    pub body: Option<Vec<u8>>,
    /// What lies beneath, innermost last.
    pub cause: Option<String>,
    /// Whether a gateway or a proxy answered in the service's place, which says nothing about the resource.
    pub by_gateway: bool,
    /// Whether the service says that the resource is gone, or that what was asked for has been done before.
    pub already: bool,
}

/// The result of everything that can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of which nothing more is known than its category and its message.
    pub fn new(status: Status, message: impl Into<String>) -> Error {
        Error(Box::new(Details {
            status,
            message: shown(message.into()),
            next: None,
            http_status: 0,
            code: None,
            request_id: None,
            retry_after: None,
            retryable: Retryable::No,
            attempts: 0,
            resource_id: None,
            side_effect: SideEffect::None,
            body: None,
            cause: None,
            by_gateway: false,
            already: false,
        }))
    }

    /// The caller gave something that cannot be used.
    pub fn invalid(message: impl Into<String>) -> Error {
        Error::new(Status::InvalidArgument, message)
    }

    /// A file or descriptor of this machine could not be read or written.
    pub fn local_io(what: &str, error: &std::io::Error) -> Error {
        let limit = match error.kind() {
            std::io::ErrorKind::FileTooLarge => ". Look at the process's limit on the size of files (RLIMIT_FSIZE, ulimit -f)",
            _ => "",
        };
        Error::new(Status::LocalIo, format!("{what}: {error}{limit}")).because(error.to_string())
    }

    /// The category.
    pub fn status(&self) -> Status {
        self.0.status
    }

    /// All that is known.
    pub fn details(&self) -> &Details {
        &self.0
    }

    /// For adding what a layer knows to an error that passes through it.
    pub fn details_mut(&mut self) -> &mut Details {
        &mut self.0
    }

    /// Names what lies beneath.
    pub fn because(mut self, cause: impl Into<String>) -> Error {
        self.0.cause = Some(shown(cause.into()));
        self
    }

    /// Names the resource that the call concerned, unless one is named already.
    pub fn about(mut self, id: &str) -> Error {
        if self.0.resource_id.is_none() {
            self.0.resource_id = Some(id.to_owned());
        }
        self
    }

    /// Says whether something happened remotely.
    pub fn with_side_effect(mut self, side_effect: SideEffect) -> Error {
        self.0.side_effect = side_effect;
        self
    }

    /// Says that what each call does anew has been done: making the call again would do it twice.
    pub fn done(mut self) -> Error {
        self.0.side_effect = SideEffect::Happened;
        self.doubted()
    }

    /// Says that the same call made again may not do the same.
    pub fn doubted(mut self) -> Error {
        if self.0.retryable == Retryable::Yes {
            self.0.retryable = Retryable::Unknown;
        }
        self
    }

    /// Says that the same call, made again, goes on where its deadline has ended this one.
    pub fn continuable(self) -> Error {
        if self.0.status == Status::Deadline {
            return self.with_retryable(Retryable::Yes);
        }
        self
    }

    /// Says whether another attempt is of use.
    pub fn with_retryable(mut self, retryable: Retryable) -> Error {
        self.0.retryable = retryable;
        self
    }

    /// Names the next step.
    pub fn followed_by(mut self, next: Next) -> Error {
        self.0.next = Some(next);
        self
    }

    /// Adds a sentence to the message.
    pub fn adding(mut self, sentence: &str) -> Error {
        self.0.message.push(' ');
        self.0.message.push_str(&printable(sentence.to_owned()));
        self
    }
}

/// A text as errors show it.
fn shown(text: String) -> String {
    without_credentials(printable(text))
}

/// A text without the user and the password of URLs in it, and without what their queries call a key: paths and addresses that were given
/// are repeated in errors.
fn without_credentials(text: String) -> String {
    if !text.contains("://") {
        return text;
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("://") {
        let end = after
            .find(|character: char| character.is_whitespace() || matches!(character, '"' | '\'' | '<' | '>' | '`'))
            .unwrap_or(after.len());
        let (url, behind) = after.split_at(end);
        kept.push_str(before);
        kept.push_str("://");
        kept.push_str(&url_without_credentials(url));
        rest = behind;
    }
    kept.push_str(rest);
    kept
}

/// The same for what follows the scheme.
fn url_without_credentials(url: &str) -> String {
    let authority = url.find(['/', '?', '#']).unwrap_or(url.len());
    let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    // A password may hold a slash that nobody has encoded.
    let open = url.get(..authority).and_then(|host| host.split_once(':')).is_some_and(|(_, port)| !is_port(port) && !port.contains(']'));
    let within = if open { url } else { url.get(..authority).unwrap_or_default() };
    let (user, host) = match within.rfind('@') {
        Some(at) => ("[redacted]", url.get(at..).unwrap_or_default()),
        None => ("", url),
    };
    let Some((place, query)) = host.split_once('?') else { return format!("{user}{host}") };
    let shown = |parameter: &str| match parameter.split_once('=') {
        Some((name, value)) if !value.is_empty() && names_a_secret(name) => format!("{name}=[redacted]"),
        _ => parameter.to_owned(),
    };
    format!("{user}{place}?{}", query.split('&').map(shown).collect::<Vec<_>>().join("&"))
}

/// Whether a parameter of a query is likely to be a credential.
pub fn names_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["auth", "token", "key", "secret", "password", "credential", "signature"].iter().any(|part| name.contains(part)) || name == "sig"
}

/// A text that a terminal only shows: what servers and programs say, and names of files, can hold characters that command it.
pub fn printable(text: String) -> String {
    let commands = |character: char| character.is_control() && !matches!(character, '\n' | '\t');
    if !text.contains(commands) {
        return text;
    }
    let shown = |character: char| match commands(character) {
        true => character.escape_default().collect(),
        false => character.to_string(),
    };
    text.chars().map(shown).collect()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let next = self.0.next_step();
        f.write_str(&self.0.message)?;
        if next.is_empty() {
            return Ok(());
        }
        write!(f, " {next}")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_repeat_no_credentials_of_urls() {
        for (said, shown) in [
            ("The file https://u:pa$$@host/x cannot be read.", "The file https://[redacted]@host/x cannot be read."),
            ("\"http://u:p/w@host:1/x\"", "\"http://[redacted]@host:1/x\""),
            ("at https://host/a@b", "at https://host/a@b"),
            ("at http://[::1]:80/a@b", "at http://[::1]:80/a@b"),
            ("at https://h/x?id=1&X-Amz-Signature=abc&sig=d.", "at https://h/x?id=1&X-Amz-Signature=[redacted]&sig=[redacted]"),
            ("from http://a to socks5://u@b", "from http://a to socks5://[redacted]@b"),
        ] {
            let error = Error::invalid(said).because(said);
            assert_eq!(error.to_string(), shown);
            assert_eq!(error.details().cause.as_deref(), Some(shown));
        }
    }

    #[test]
    fn what_commands_a_terminal_is_shown_instead() {
        for (text, shown) in [
            ("plain, \u{fc}n\u{ef}\n\tcode", "plain, \u{fc}n\u{ef}\n\tcode"),
            ("a\u{1b}[2Jb\r\u{7}\u{7f}\u{9b}c", "a\\u{1b}[2Jb\\r\\u{7}\\u{7f}\\u{9b}c"),
        ] {
            assert_eq!(Error::new(Status::Api, text).adding(text).because(text).to_string(), format!("{shown} {shown}"));
        }
    }
}
