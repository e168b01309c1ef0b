//! An output as a stream of events, from an offset on.

use super::output::Progress;
use super::Output;
use crate::http::sse;
use crate::settings::OffsetMeaning;
use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use std::io;
use std::sync::Arc;
use tokio::sync::watch;

const CHUNK: usize = 64 << 10;

struct Reader {
    output: Arc<Output>,
    progress: watch::Receiver<Progress>,
    at: u64,
    meaning: OffsetMeaning,
    buffer: Vec<u8>,
}

/// The events; the stream ends when the command has and all was given.
pub fn events(output: Arc<Output>, from: u64, meaning: OffsetMeaning) -> impl Stream<Item = io::Result<Bytes>> {
    let progress = output.watch();
    let reader = Reader { output, progress, at: from, meaning, buffer: vec![0; CHUNK] };
    futures_util::stream::unfold(reader, |mut reader| async move {
        let next = reader.next().await;
        next.map(|event| (event, reader))
    })
}

impl Reader {
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        loop {
            let progress = *self.progress.borrow_and_update();
            if progress.length > self.at {
                match self.chunk(progress) {
                    Ok(Some(event)) => return Some(Ok(event)),
                    Ok(None) => {}
                    Err(e) => return Some(Err(e)),
                }
            } else if progress.finished {
                return None;
            }
            tokio::select! {
                changed = self.progress.changed() => {
                    if changed.is_err() {
                        return None;
                    }
                }
                () = tokio::time::sleep(sse::COMMENT_EVERY) => return Some(Ok(sse::comment())),
            }
        }
    }

    /// The next chunk, if a whole character of it is there.
    fn chunk(&mut self, progress: Progress) -> io::Result<Option<Bytes>> {
        let wanted = (progress.length - self.at).min(CHUNK as u64) as usize;
        let read = self.output.read_at(&mut self.buffer[..wanted], self.at)?;
        let last = progress.finished && self.at + read as u64 >= progress.length;
        let whole = if last { read } else { whole_characters(&self.buffer[..read]) };
        if whole == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&self.buffer[..whole]);
        let end = self.at + whole as u64;
        let offset = match self.meaning {
            OffsetMeaning::Begin => self.at,
            OffsetMeaning::End => end,
        };
        let mut event = BytesMut::new();
        sse::output_event(&mut event, &text, offset);
        self.at = end;
        Ok(Some(event.freeze()))
    }
}

/// How many bytes remain when a character that is not whole yet is left for later.
fn whole_characters(bytes: &[u8]) -> usize {
    let begins = |byte: &u8| byte & 0b1100_0000 != 0b1000_0000;
    let Some(back) = bytes.iter().rev().take(4).position(begins) else {
        return bytes.len();
    };
    let at = bytes.len() - 1 - back;
    let needed = match bytes[at] {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => 1,
    };
    if needed > back + 1 {
        at
    } else {
        bytes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_not_torn() {
        let text = "aé€😀".as_bytes();
        let whole: Vec<usize> = (0..=text.len()).map(|cut| whole_characters(&text[..cut])).collect();
        assert_eq!(whole, [0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10]);
        assert_eq!(whole_characters(b"a\xff"), 2);
        assert_eq!(whole_characters(b"\x80\x80\x80\x80\x80"), 5);
    }
}
