//! The last lines of an output, as answers show them.

use super::Output;
use std::io;

/// Read from the end in pieces of this size.
const PIECE: u64 = 64 << 10;

/// The last `lines` lines as text, and whether there was more before them.
pub fn text(output: &Output, lines: usize) -> io::Result<(String, bool)> {
    let length = output.progress().length;
    let start = start_of(output, length, lines)?;
    let mut bytes = vec![0; (length - start) as usize];
    let mut filled = 0;
    while filled < bytes.len() {
        match output.read_at(&mut bytes[filled..], start + filled as u64)? {
            0 => break,
            count => filled += count,
        }
    }
    bytes.truncate(filled);
    Ok((String::from_utf8_lossy(&bytes).into_owned(), start > 0))
}

/// A line of a log is no longer than this, and no more than so many bytes of an output are shown.
const LONGEST_LINE: usize = 4 << 10;
const MOST_BYTES: u64 = 1 << 20;

/// A line, and when it began to come, as far as that is known.
pub type Line = (Option<i64>, String);

/// The last lines one by one.
pub fn lines(output: &Output, count: usize) -> io::Result<Vec<Line>> {
    let length = output.progress().length;
    let start = start_of(output, length, count)?.max(length.saturating_sub(MOST_BYTES));
    let mut bytes = vec![0; (length - start) as usize];
    let mut filled = 0;
    while filled < bytes.len() {
        match output.read_at(&mut bytes[filled..], start + filled as u64)? {
            0 => break,
            count => filled += count,
        }
    }
    let mut lines = Vec::new();
    let mut at = start;
    for line in bytes[..filled].split_inclusive(|byte| *byte == b'\n') {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        lines.push((output.time_of(at), String::from_utf8_lossy(&text[..text.len().min(LONGEST_LINE)]).into_owned()));
        at += line.len() as u64;
    }
    Ok(lines)
}

/// Where the last `lines` lines begin. A line feed at the very end begins no line.
fn start_of(output: &Output, length: u64, lines: usize) -> io::Result<u64> {
    let mut left = lines;
    let mut end = length;
    let mut buffer = vec![0; PIECE as usize];
    while end > 0 {
        let begin = end.saturating_sub(PIECE);
        let piece = &mut buffer[..(end - begin) as usize];
        let read = output.read_at(piece, begin)?;
        for at in memchr::memrchr_iter(b'\n', &piece[..read]) {
            let position = begin + at as u64;
            if position + 1 == length {
                continue;
            }
            left = left.saturating_sub(1);
            if left == 0 {
                return Ok(position + 1);
            }
        }
        end = begin;
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_of_outputs_of_any_size() {
        let folder = std::env::temp_dir().join(crate::ids::Ids::new(None).next("tail"));
        std::fs::create_dir(&folder).unwrap();
        let long: String = (0..20_000).map(|n| format!("line {n}\n")).collect();
        for (number, text, lines, wanted, truncated) in [
            (0, "", 3, "", false),
            (1, "a\nb\n", 2, "a\nb\n", false),
            (2, "a\nb\nc", 2, "b\nc", true),
            (3, "a\nb\nc\n", 1, "c\n", true),
            (4, long.as_str(), 2, "line 19998\nline 19999\n", true),
            (5, long.as_str(), 20_000, long.as_str(), false),
        ] {
            let output = Output::create(folder.join(number.to_string())).unwrap();
            output.append(text.as_bytes()).unwrap();
            assert_eq!(super::text(&output, lines).unwrap(), (wanted.to_string(), truncated), "{number}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
