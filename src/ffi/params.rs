//! `runloop_params`

use std::ffi::{c_char, c_void};
use std::sync::{RwLock, RwLockReadGuard};

use runloop_macros::{export, handle};

use serde_json::Value;

use crate::api::Params;
use crate::error::{Error, Result};
use crate::ffi::boundary::arguments::{Held, In, Out, Text};
use crate::ffi::boundary::bytes::{runloop_bytes, Owned};
use crate::ffi::boundary::{arguments, handles};
use crate::transport::json;

/// The parameters of a request: a JSON object. Each value is set at a JSON Pointer (RFC 6901), such as
/// `/launch_parameters/keep_alive_time_seconds`. Containers that are missing on the way are created: an
/// array if the next part of the pointer is `-`, which stands for the place after the last element;
/// otherwise an object, even if the next part is a number, which is then the name of a member. Thread-safe.
/// Free it with runloop_params_free().
#[handle(Shared)]
pub struct runloop_params;

/// Parameters that several threads may hold.
#[derive(Default)]
pub struct Shared(RwLock<Params>);

impl Shared {
    pub fn read(&self) -> RwLockReadGuard<'_, Params> {
        self.0.read().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn set(&self, pointer: &str, value: Value) -> Result<()> {
        self.0.write().unwrap_or_else(|poisoned| poisoned.into_inner()).set(pointer, value)
    }

    fn append(&self, pointer: &str, value: Value) -> Result<()> {
        self.0.write().unwrap_or_else(|poisoned| poisoned.into_inner()).append(pointer, value)
    }
}

/// The parameters of an optional argument.
pub fn of(params: &Option<Held<Shared>>) -> Params {
    params.as_ref().map(|params| params.read().clone()).unwrap_or_default()
}

fn value_of(text: &str) -> Result<Value> {
    json::strict(text.as_bytes()).map_err(|error| Error::invalid(format!("The argument is not JSON: {error}.")))
}

fn number(value: f64) -> Result<Value> {
    serde_json::Number::from_f64(value)
        .map(Value::Number)
        .ok_or_else(|| Error::invalid("value is not a finite number, which JSON cannot hold."))
}

/// Creates empty parameters.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT.
#[export]
fn runloop_params_new(params: Out<*mut runloop_params>) -> Result<()> {
    params.set(handles::give(Shared::default()));
    Ok(())
}

/// Creates parameters from a JSON object: `length` bytes of UTF-8 at `json`.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT.
#[export]
fn runloop_params_from_json(json: *const c_char, length: usize, params: Out<*mut runloop_params>) -> Result<()> {
    // SAFETY: by the header's rules.
    let text = unsafe { arguments::data(json.cast::<c_void>(), length, "json") }?;
    params.set(handles::give(Shared(RwLock::new(Params::from_json(text)?))));
    Ok(())
}

/// Sets a string at a JSON Pointer.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
#[export]
fn runloop_params_set_string(params: In<runloop_params>, pointer: Text, value: Text) -> Result<()> {
    params.set(&pointer, Value::String(value))
}

/// Sets an integer at a JSON Pointer.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
#[export]
fn runloop_params_set_int(params: In<runloop_params>, pointer: Text, value: i64) -> Result<()> {
    params.set(&pointer, Value::from(value))
}

/// Sets a finite number at a JSON Pointer.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
#[export]
fn runloop_params_set_double(params: In<runloop_params>, pointer: Text, value: f64) -> Result<()> {
    params.set(&pointer, number(value)?)
}

/// Sets a boolean at a JSON Pointer: false for 0, otherwise true.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
#[export]
fn runloop_params_set_bool(params: In<runloop_params>, pointer: Text, value: i32) -> Result<()> {
    params.set(&pointer, Value::Bool(value != 0))
}

/// Sets null at a JSON Pointer. The API distinguishes null from a missing member.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
#[export]
fn runloop_params_set_null(params: In<runloop_params>, pointer: Text) -> Result<()> {
    params.set(&pointer, Value::Null)
}

/// Sets any JSON value, given as JSON text, at a JSON Pointer.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
#[export]
fn runloop_params_set_json(params: In<runloop_params>, pointer: Text, value: Text) -> Result<()> {
    params.set(&pointer, value_of(&value)?)
}

/// Appends a string to the array at a JSON Pointer. Creates the array if it is missing.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
#[export]
fn runloop_params_append_string(params: In<runloop_params>, pointer: Text, value: Text) -> Result<()> {
    params.append(&pointer, Value::String(value))
}

/// Appends an integer to the array at a JSON Pointer. Creates the array if it is missing.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
#[export]
fn runloop_params_append_int(params: In<runloop_params>, pointer: Text, value: i64) -> Result<()> {
    params.append(&pointer, Value::from(value))
}

/// Appends a finite number to the array at a JSON Pointer. Creates the array if it is missing.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
#[export]
fn runloop_params_append_double(params: In<runloop_params>, pointer: Text, value: f64) -> Result<()> {
    params.append(&pointer, number(value)?)
}

/// Appends any JSON value, given as JSON text, to the array at a JSON Pointer. Creates the array if it is
/// missing.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE. On failure the parameters are unchanged.
#[export]
fn runloop_params_append_json(params: In<runloop_params>, pointer: Text, value: Text) -> Result<()> {
    params.append(&pointer, value_of(&value)?)
}

/// Serializes the parameters as JSON text.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_params_to_json(params: In<runloop_params>, json: Out<*mut runloop_bytes>) -> Result<()> {
    json.set(handles::give(Owned::new(params.read().to_body().to_string().into_bytes())));
    Ok(())
}

/// Creates a copy of the parameters.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_params_clone(params: In<runloop_params>, copy: Out<*mut runloop_params>) -> Result<()> {
    copy.set(handles::give(Shared(RwLock::new(params.read().clone()))));
    Ok(())
}

/// Frees the parameters.
///
/// Any thread; never blocks.
#[export]
fn runloop_params_free(params: *mut runloop_params) {
    drop(handles::take(params))
}
