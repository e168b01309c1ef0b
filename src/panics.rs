//! Panics: those of the library go into an error and to who is told of them, never to the host program's standard error.
//! All others in the process are the host's, which may be written in Rust too.

use std::any::Any;
use std::cell::Cell;
use std::fmt::{self, Write};
use std::panic::PanicHookInfo;

use once_cell::race::OnceBool;

/// Where a panic began, as far as there is room for it.
#[derive(Clone, Copy)]
struct Place {
    text: [u8; 120],
    length: usize,
}

const NOWHERE: Place = Place { text: [0; 120], length: 0 };

// Neither has a destructor, so that both can be used while a thread, or the process, ends.
thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    static PLACE: Cell<Place> = const { Cell::new(NOWHERE) };
}

static HOOKED: OnceBool = OnceBool::new();

impl Write for Place {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for (place, byte) in self.text.iter_mut().skip(self.length).zip(text.bytes()) {
            *place = byte;
            self.length += 1;
        }
        Ok(())
    }
}

/// Until this is dropped, what the thread runs is the library's, or is not.
pub struct Side(bool);

impl Drop for Side {
    fn drop(&mut self) {
        let _ = INSIDE.try_with(|inside| inside.set(self.0));
    }
}

/// What the thread runs from here on is the library's. `tell` is called for each of its panics, with what it says.
pub fn inside(tell: fn(&PanicHookInfo<'_>)) -> Side {
    // While a thread unwinds, hooks cannot be changed.
    if HOOKED.get().is_none() && !std::thread::panicking() {
        // Should two threads do it, the one's hook hands on to the other's.
        let hosts = std::panic::take_hook();
        let ours = move |info: &PanicHookInfo<'_>| {
            note(info);
            tell(info);
        };
        std::panic::set_hook(Box::new(move |info| if is_ours() { ours(info) } else { hosts(info) }));
        let _ = HOOKED.set(true);
    }
    change(true)
}

/// All that this thread runs is the library's: it is one of its own.
pub fn own_thread() {
    let _ = INSIDE.try_with(|inside| inside.set(true));
}

/// What the thread runs from here on is the host's: a function of its own that the library calls.
pub fn outside() -> Side {
    change(false)
}

fn change(to: bool) -> Side {
    Side(INSIDE.try_with(|inside| inside.replace(to)).unwrap_or(false))
}

fn is_ours() -> bool {
    INSIDE.try_with(Cell::get).unwrap_or(false)
}

fn note(info: &PanicHookInfo<'_>) {
    let mut place = NOWHERE;
    if let Some(location) = info.location() {
        let _ = write!(place, " ({location})");
    }
    let _ = PLACE.try_with(|kept| kept.set(place));
}

/// What a panic that was caught says, and where it began.
pub fn describe(panic: &(dyn Any + Send)) -> String {
    let what = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (None, Some(text)) => text.as_str(),
        (None, None) => "no message",
    };
    let place = PLACE.try_with(|place| place.replace(NOWHERE)).unwrap_or(NOWHERE);
    format!("{what}{}", String::from_utf8_lossy(&place.text[..place.length]))
}
