//! A server of an output that is cut and opened anew, for `fuzz`.

use super::delivered::{Comparison, Delivered};

/// Serves a text as the six bytes of `head` say, and checks what was delivered.
pub(crate) fn check(head: &[u8], text: &str) {
    let [flags, offsets, size, first, second, shown] = *head else { return };
    let at_end = flags & 1 == 1;
    // Who tells no offset counts as the API says: nobody could ask such a server for anything else.
    let base: i64 = if flags & 2 == 0 || offsets == 0 { 0 } else { 100 };
    let listens = flags & 4 == 0;
    let mut delivered = Delivered::default();
    let mut all = Vec::new();
    for (opening, cut) in [usize::from(first % 16), usize::from(second % 16), usize::MAX].into_iter().enumerate() {
        let asked = delivered.open();
        let from = asked.filter(|_| listens).map_or(0, |asked| usize::try_from(asked - base).unwrap_or(0).min(text.len()));
        let mut begin = boundary(text, from);
        let mut number = 0;
        while begin < text.len() && number < cut {
            let end = boundary(text, (begin + usize::from(size % 16) + 4 + opening).min(text.len()));
            let offset = base + i64::try_from(if at_end { end } else { begin }).unwrap_or(0);
            all.extend(delivered.take(&text.as_bytes()[begin..end], (offsets >> (number % 8) & 1 == 1).then_some(offset)));
            begin = end;
            number += 1;
        }
    }
    let comparison = match shown % 4 {
        0 => delivered.compare(Some(text), Some(false)),
        1 => delivered.compare(Some(text.trim_ascii_end()), Some(false)),
        2 => delivered.compare(text.get(boundary(text, text.len().saturating_sub(usize::from(shown)))..), Some(true)),
        _ => delivered.compare(None, None),
    };
    let whole = match comparison {
        Comparison::Missing(rest) => {
            all.extend(rest);
            true
        }
        Comparison::EndsAlike | Comparison::Unknown => {
            all.extend(delivered.flush());
            !delivered.is_doubtful()
        }
        Comparison::Differs(_) => false,
    };
    let keeps_to_the_api = base == 0 && listens && offsets == u8::MAX;
    assert!(whole || !keeps_to_the_api, "not whole");
    // What an answer shows besides what was delivered counts as it is.
    let shown_alone = shown % 4 == 1 && all == text.trim_ascii_end().as_bytes();
    assert!(!whole || all == text.as_bytes() || shown_alone, "said to be whole, but is {:?}", String::from_utf8_lossy(&all));
}

/// The beginning of the character that an offset lies in.
fn boundary(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
