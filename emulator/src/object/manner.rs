//! The stores whose manners are imitated: how each spells a URL, a refusal, a success.

use crate::settings::Manner;
use axum::body::Body;
use http::{header, HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use std::borrow::Cow;

/// Why the listener turns a request down.
#[derive(Debug)]
pub enum Refusal {
    /// No signature, or not ours.
    Signature,
    Expired,
    /// The signature is for another method.
    Method,
    /// An Authorization header beside the signature.
    Credentials,
    /// A body without its length.
    Length,
    BlobType,
    NotFound,
    /// The object is not in a state for it.
    State(String),
    /// No part of the content; its size.
    Range(u64),
    Precondition,
    /// The body broke off.
    Body(String),
    Internal(String),
}

/// What a signed URL is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Upload,
    Download,
}

pub const AZURE_VERSION: &str = "2024-11-04";
const BLOB_TYPE: &str = "x-ms-blob-type";
const BLOCK_BLOB: &str = "BlockBlob";

impl Manner {
    /// The header that an upload must carry.
    pub fn upload_header(self) -> Option<(&'static str, &'static str)> {
        (self == Manner::Azure).then_some((BLOB_TYPE, BLOCK_BLOB))
    }

    /// The methods that a URL is good for. S3 signs the method itself.
    pub fn allows(self, purpose: Purpose, method: &Method) -> bool {
        match purpose {
            Purpose::Upload => *method == Method::PUT,
            Purpose::Download => *method == Method::GET || (*method == Method::HEAD && self != Manner::S3),
        }
    }

    /// What the store asks of a request's headers. Plain takes anything.
    pub fn check(self, purpose: Purpose, headers: &HeaderMap) -> Result<(), Refusal> {
        if self == Manner::Plain {
            return Ok(());
        }
        if headers.contains_key(header::AUTHORIZATION) {
            return Err(Refusal::Credentials);
        }
        if purpose == Purpose::Upload {
            if !headers.contains_key(header::CONTENT_LENGTH) {
                return Err(Refusal::Length);
            }
            let blob_type = headers.get(BLOB_TYPE).is_some_and(|value| value == BLOCK_BLOB);
            if self == Manner::Azure && !blob_type {
                return Err(Refusal::BlobType);
            }
        }
        Ok(())
    }

    pub fn uploaded(self, etag: &str) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        if self == Manner::Azure {
            *response.status_mut() = StatusCode::CREATED;
        }
        set(&mut response, header::ETAG, etag);
        self.sign_off(response)
    }

    /// The headers that every answer of the store has.
    pub fn sign_off(self, mut response: Response<Body>) -> Response<Body> {
        match self {
            Manner::Plain => {}
            Manner::S3 => set(&mut response, header::SERVER, "AmazonS3"),
            Manner::Azure => set(&mut response, HeaderName::from_static("x-ms-version"), AZURE_VERSION),
        }
        response
    }

    pub fn refuse(self, refusal: Refusal) -> Response<Body> {
        let (status, code, message) = self.words(&refusal);
        let (kind, body) = match self {
            Manner::Plain => ("application/json", serde_json::json!({"code": status.as_u16(), "message": message}).to_string()),
            Manner::S3 | Manner::Azure => {
                let xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
                ("application/xml", format!("{xml}<Error><Code>{code}</Code><Message>{}</Message></Error>", escape(&message)))
            }
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        set(&mut response, header::CONTENT_TYPE, kind);
        if self == Manner::Azure {
            set(&mut response, HeaderName::from_static("x-ms-error-code"), code);
        }
        if let Refusal::Range(size) = refusal {
            set(&mut response, header::CONTENT_RANGE, &format!("bytes */{size}"));
        }
        self.sign_off(response)
    }

    /// Status, the store's own code, and what to do.
    fn words(self, refusal: &Refusal) -> (StatusCode, &'static str, Cow<'static, str>) {
        use StatusCode as S;
        let azure = self == Manner::Azure;
        let pick = |s3: &'static str, other: &'static str| if azure { other } else { s3 };
        let forbidden = pick("AccessDenied", "AuthenticationFailed");
        match refusal {
            Refusal::Signature => (
                S::FORBIDDEN,
                pick("SignatureDoesNotMatch", forbidden),
                "the URL's signature is missing or wrong: use the URL as it was given".into(),
            ),
            Refusal::Expired => (S::FORBIDDEN, forbidden, "Request has expired: ask for another URL".into()),
            Refusal::Method => {
                let (status, code) = match self {
                    Manner::Plain => (S::METHOD_NOT_ALLOWED, ""),
                    Manner::S3 => (S::FORBIDDEN, "SignatureDoesNotMatch"),
                    Manner::Azure => (S::FORBIDDEN, "AuthorizationPermissionMismatch"),
                };
                (status, code, "the URL was signed for another method".into())
            }
            Refusal::Credentials => {
                let message = "only one way to authenticate is allowed: the URL is signed, so send no Authorization header";
                match azure {
                    true => (S::FORBIDDEN, "AuthenticationFailed", message.into()),
                    false => (S::BAD_REQUEST, "InvalidArgument", message.into()),
                }
            }
            Refusal::Length => match azure {
                true => (S::LENGTH_REQUIRED, "MissingContentLengthHeader", "Content-Length is required".into()),
                false => (S::NOT_IMPLEMENTED, "NotImplemented", "Transfer-Encoding is not implemented here: send Content-Length".into()),
            },
            Refusal::BlobType => (S::BAD_REQUEST, "MissingRequiredHeader", format!("the header {BLOB_TYPE} must be {BLOCK_BLOB}").into()),
            Refusal::NotFound => (S::NOT_FOUND, pick("NoSuchKey", "BlobNotFound"), "there is no such object".into()),
            Refusal::State(message) => match azure {
                true => (S::CONFLICT, "BlobImmutableDueToPolicy", message.clone().into()),
                false => (S::FORBIDDEN, "AccessDenied", message.clone().into()),
            },
            Refusal::Range(size) => {
                (S::RANGE_NOT_SATISFIABLE, pick("InvalidRange", "InvalidRange"), format!("the object has {size} bytes").into())
            }
            Refusal::Precondition => {
                (S::PRECONDITION_FAILED, pick("PreconditionFailed", "ConditionNotMet"), "the content is another one by now".into())
            }
            Refusal::Body(why) => (S::BAD_REQUEST, pick("IncompleteBody", "InvalidInput"), format!("the body broke off: {why}").into()),
            Refusal::Internal(why) => (S::INTERNAL_SERVER_ERROR, "InternalError", why.clone().into()),
        }
    }
}

fn set(response: &mut Response<Body>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
