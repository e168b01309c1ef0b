//! Reading the bodies of answers, within bounds: what a server sends must not become this process's memory without end.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;

use super::answer::Answer;
use super::attempt::{Open, Prepared};
use super::facts::Facts;
use super::failure::Failure;

/// Of the body of an error so much is read: more than an error carries, so that credentials in it are recognised.
const ERROR_READ: usize = 256 << 10;
/// An error's status is known when its body is read, which is not waited for without end.
const ERROR_PATIENCE: Duration = Duration::from_secs(5);
const FIRST_READ: usize = 4 << 10;
const ANNOUNCED: usize = 1 << 20;

/// The body of an error answer, as far as it comes, and whether there is more.
pub(super) async fn of_error(mut response: Response) -> (Bytes, bool) {
    let mut body = Vec::new();
    let reading = async {
        while body.len() <= ERROR_READ {
            match response.chunk().await {
                Ok(Some(piece)) => body.extend_from_slice(piece.get(..ERROR_READ + 1).unwrap_or(&piece)),
                Ok(None) => return false,
                Err(_) => return true,
            }
        }
        true
    };
    let cut = tokio::time::timeout(ERROR_PATIENCE, reading).await.unwrap_or(true);
    body.truncate(ERROR_READ);
    (body.into(), cut)
}

impl Prepared {
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
}
