//! `runloop_value`

use std::collections::HashMap;
use std::ffi::{c_char, CString};
use std::sync::Mutex;

use runloop_macros::{c_enum, export, handle};

use once_cell::sync::OnceCell;
use serde_json::Value;

use crate::api::Pointer;
use crate::error::{Error, Result, Status};
use crate::ffi::boundary::arguments::{In, MaybeOut, Out, Slot, Text};
use crate::ffi::boundary::error::c_text;
use crate::ffi::boundary::handles;

/// A JSON value that the API returned, complete, with members that this library does not know. Values
/// inside it are addressed by JSON Pointers (RFC 6901), such as `/status` or `/state_transitions/0/status`;
/// the empty pointer is the value itself. Immutable; several threads may read it. Free it with
/// runloop_value_free().
#[handle(Answer)]
pub struct runloop_value;

/// A value, and the texts of it that C has asked for.
pub struct Answer {
    value: Value,
    texts: Mutex<HashMap<String, CString>>,
    json: OnceCell<CString>,
}

impl Answer {
    pub fn new(value: Value) -> Answer {
        Answer { value, texts: Mutex::default(), json: OnceCell::new() }
    }

    fn at(&self, pointer: &str, wanted: &str) -> Result<&Value> {
        Pointer::parse(pointer)?
            .get(&self.value)
            .ok_or_else(|| Error::new(Status::NoSuchField, format!("No value at {pointer:?} (expected {wanted}).")))
    }

    /// The texts stay as long as the value does, so that pointers to them may be given away.
    fn keep(&self, key: String, text: &[u8]) -> (*const c_char, usize) {
        let mut texts = self.texts.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        // C would read a NUL inside as the end; it is given as a space.
        let kept = texts.entry(key).or_insert_with(|| c_text(text));
        (kept.as_ptr(), kept.as_bytes().len())
    }
}

/// Makes a value of an answer, if the caller has a place for it.
pub fn give_if_wanted(place: Option<Slot<*mut runloop_value>>, answer: Value) {
    if let Some(place) = place {
        place.set(handles::give(Answer::new(answer)));
    }
}

/// Makes a value of an answer, if there is one; else the place keeps its NULL.
pub fn give_if_any(place: Slot<*mut runloop_value>, answer: Option<Value>) {
    if let Some(answer) = answer {
        place.set(handles::give(Answer::new(answer)));
    }
}

fn no_field(pointer: &str, wanted: &str, found: &str) -> Error {
    Error::new(Status::NoSuchField, format!("The value at {pointer:?} {found} (expected {wanted})."))
}

/// What a JSON value is.
#[c_enum(RUNLOOP_KIND)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// There is no value.
    None = 0,
    /// JSON null.
    Null = 1,
    /// A boolean.
    Bool = 2,
    /// An integer that fits int64_t.
    Int = 3,
    /// Any other number.
    Double = 4,
    /// A string.
    String = 5,
    /// An array.
    Array = 6,
    /// An object.
    Object = 7,
}

fn kind(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Bool,
        Value::Number(number) if number.is_i64() => Kind::Int,
        Value::Number(_) => Kind::Double,
        Value::String(_) => Kind::String,
        Value::Array(_) => Kind::Array,
        Value::Object(_) => Kind::Object,
    }
}

fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "is null",
        Value::Bool(_) => "is a boolean",
        Value::Number(_) => "is a number",
        Value::String(_) => "is a string",
        Value::Array(_) => "is an array",
        Value::Object(_) => "is an object",
    }
}

fn not_whole(value: &Value) -> &'static str {
    match value.as_number() {
        None => kind_name(value),
        Some(number) if number.to_string().bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') => {
            "is an integer of more than 64 bits, whose digits runloop_value_child() and runloop_value_json() return"
        }
        Some(_) => "is a number, but not an integer",
    }
}

fn double(value: &Value) -> Option<f64> {
    value.as_f64().filter(|number| number.is_finite())
}

/// Reads the string at `pointer`. `text` receives it, borrowed from `value`; `length` receives its length
/// in bytes, and may be NULL. A NUL inside the string is replaced by a space.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_value_get_string(value: In<runloop_value>, pointer: Text, text: Out<*const c_char>, length: MaybeOut<usize>) -> Result<()> {
    match value.at(&pointer, "a string")? {
        Value::String(found) => {
            let (start, count) = value.keep(pointer, found.as_bytes());
            text.set(start);
            if let Some(length) = length {
                length.set(count);
            }
            Ok(())
        }
        other => Err(no_field(&pointer, "a string", kind_name(other))),
    }
}

/// Reads the integer at `pointer`. An integer that does not fit int64_t is RUNLOOP_NO_SUCH_FIELD; to get
/// its digits, call runloop_value_child() and runloop_value_json().
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_value_get_int(value: In<runloop_value>, pointer: Text, number: Out<i64>) -> Result<()> {
    const WANTED: &str = "an integer";
    let found = value.at(&pointer, WANTED)?;
    number.set(found.as_i64().ok_or_else(|| no_field(&pointer, WANTED, not_whole(found)))?);
    Ok(())
}

/// Reads the number at `pointer`, integer or not, as the nearest double. A number beyond the range of
/// double is RUNLOOP_NO_SUCH_FIELD.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_value_get_double(value: In<runloop_value>, pointer: Text, number: Out<f64>) -> Result<()> {
    const WANTED: &str = "a number";
    let found = value.at(&pointer, WANTED)?;
    number.set(double(found).ok_or_else(|| {
        no_field(&pointer, WANTED, if found.is_number() { "is a number beyond the range of double" } else { kind_name(found) })
    })?);
    Ok(())
}

/// Reads the boolean at `pointer`: 1 for true, 0 for false.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_value_get_bool(value: In<runloop_value>, pointer: Text, truth: Out<i32>) -> Result<()> {
    const WANTED: &str = "a boolean";
    let found = value.at(&pointer, WANTED)?;
    truth.set(i32::from(found.as_bool().ok_or_else(|| no_field(&pointer, WANTED, kind_name(found)))?));
    Ok(())
}

/// Returns the kind of the value at `pointer`: one of RUNLOOP_KIND_…. Returns RUNLOOP_KIND_NONE if there is
/// no value, or if the handle or the pointer is invalid.
///
/// Any thread; never blocks.
#[export(fallback = Kind::None as i32)]
fn runloop_value_kind(value: *const runloop_value, pointer: *const c_char) -> i32 {
    // SAFETY: by the header's rules `pointer` is NULL or a NUL-terminated text.
    let pointer = unsafe { <Text as crate::ffi::boundary::arguments::Argument>::take(pointer, "pointer") };
    let found = handles::get(value, "value").and_then(|value| value.at(&pointer?, "a value").map(kind));
    found.unwrap_or(Kind::None) as i32
}

/// Counts the elements of the array, or the members of the object, at `pointer`.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_value_length(value: In<runloop_value>, pointer: Text, length: Out<usize>) -> Result<()> {
    const WANTED: &str = "an array or an object";
    match value.at(&pointer, WANTED)? {
        Value::Array(array) => length.set(array.len()),
        Value::Object(object) => length.set(object.len()),
        other => return Err(no_field(&pointer, WANTED, kind_name(other))),
    }
    Ok(())
}

/// Reads the key of member number `index`, from 0, of the object at `pointer`. `key` receives it, borrowed
/// from `value`. The members are in the order of the response.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_value_key(value: In<runloop_value>, pointer: Text, index: usize, key: Out<*const c_char>) -> Result<()> {
    const WANTED: &str = "an object";
    match value.at(&pointer, WANTED)? {
        Value::Object(object) => {
            let found = object
                .keys()
                .nth(index)
                .ok_or_else(|| no_field(&pointer, &format!("a member with the index {index}"), "is an object with fewer members"))?;
            // No pointer begins with a key's mark.
            key.set(value.keep(format!("key:{index}:{pointer}"), found.as_bytes()).0);
            Ok(())
        }
        other => Err(no_field(&pointer, WANTED, kind_name(other))),
    }
}

/// Copies the value at `pointer` into a value of its own.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_NO_SUCH_FIELD, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_value_child(value: In<runloop_value>, pointer: Text, child: Out<*mut runloop_value>) -> Result<()> {
    child.set(handles::give(Answer::new(value.at(&pointer, "a value")?.clone())));
    Ok(())
}

/// Borrowed from `value`: the whole value as JSON text. NULL if `value` is NULL or freed. `length` receives
/// its length in bytes, and may be NULL.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_value_json(value: *const runloop_value, length: *mut usize) -> *const c_char {
    let write = |count: usize| {
        if !length.is_null() {
            // SAFETY: what is not NULL may be written.
            unsafe { length.write(count) };
        }
    };
    write(0);

    handles::get(value, "value").map_or(std::ptr::null(), |value| {
        let json = value.json.get_or_init(|| c_text(value.value.to_string().as_bytes()));
        write(json.as_bytes().len());
        json.as_ptr()
    })
}

/// Frees the value and all strings borrowed from it.
///
/// Any thread; never blocks.
#[export]
fn runloop_value_free(value: *mut runloop_value) {
    drop(handles::take(value))
}
