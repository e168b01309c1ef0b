//! Reading the bodies of error answers, within bounds.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;

/// Of the body of an error so much is read: more than an error carries, so that credentials in it are recognised.
const ERROR_READ: usize = 256 << 10;
/// An error's status is known when its body is read, which is not waited for without end.
const ERROR_PATIENCE: Duration = Duration::from_secs(5);

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
