//! How the arguments of exported functions are taken: checked, named in what goes wrong, copied.

use std::ffi::{c_char, c_void, CStr};
use std::marker::PhantomData;
use std::sync::Arc;

use super::handles;
use super::handles::Opaque;
use crate::error::{Error, Result, Status};
use crate::os::process::OfProcess;

/// A kind of argument.
pub trait Argument {
    /// As C gives it.
    type Raw: Copy;
    /// As the function's body uses it.
    type Taken;

    /// What to mark if the function panics.
    fn address(_raw: Self::Raw) -> usize {
        0
    }

    /// Clears an output before anything can fail.
    ///
    /// # Safety
    /// `raw` keeps the header's rules.
    unsafe fn clear(_raw: Self::Raw) {}

    /// Checks and takes the argument.
    ///
    /// # Safety
    /// `raw` keeps the header's rules.
    unsafe fn take(raw: Self::Raw, name: &'static str) -> Result<Self::Taken>;
}

/// Says of a type that the body takes it as C gives it: a number, or a callback.
macro_rules! as_given {
    ($($given:ty),* $(,)?) => {
        $(
            impl $crate::ffi::boundary::arguments::Argument for $given {
                type Raw = $given;
                type Taken = $given;

                unsafe fn take(raw: $given, _name: &'static str) -> $crate::error::Result<$given> {
                    Ok(raw)
                }
            }
        )*
    };
}

as_given!(i32, i64, usize, f64);

/// A pointer that the body itself reads.
impl<T> Argument for *const T {
    type Raw = *const T;
    type Taken = *const T;

    unsafe fn take(raw: *const T, _name: &'static str) -> Result<*const T> {
        Ok(raw)
    }
}

/// The `user_data` of a callback.
impl Argument for *mut c_void {
    type Raw = *mut c_void;
    type Taken = *mut c_void;

    unsafe fn take(raw: *mut c_void, _name: &'static str) -> Result<*mut c_void> {
        Ok(raw)
    }
}

/// The object of a handle, for a call. A child that is forked during the call never ends it, for its parent.
pub type Held<T> = OfProcess<Arc<T>>;

/// A handle that must be given.
pub struct In<T>(PhantomData<T>);
/// A handle that may be NULL.
pub struct Maybe<T>(PhantomData<T>);
/// Text that must be given.
pub struct Text;
/// Text that may be NULL.
pub struct MaybeText;
/// A place for a result, that must be given.
pub struct Out<T>(PhantomData<T>);
/// A place for a result, that may be NULL.
pub struct MaybeOut<T>(PhantomData<T>);

impl<T: Opaque> Argument for In<T> {
    type Raw = *const T;
    type Taken = Held<T::Object>;

    fn address(raw: *const T) -> usize {
        raw as usize
    }

    unsafe fn take(raw: *const T, name: &'static str) -> Result<Self::Taken> {
        handles::get(raw, name).map(OfProcess::new)
    }
}

impl<T: Opaque> Argument for Maybe<T> {
    type Raw = *const T;
    type Taken = Option<Held<T::Object>>;

    fn address(raw: *const T) -> usize {
        raw as usize
    }

    unsafe fn take(raw: *const T, name: &'static str) -> Result<Self::Taken> {
        if raw.is_null() {
            return Ok(None);
        }
        handles::get(raw, name).map(|object| Some(object.into()))
    }
}

impl Argument for Text {
    type Raw = *const c_char;
    type Taken = String;

    unsafe fn take(raw: *const c_char, name: &'static str) -> Result<String> {
        if raw.is_null() {
            return Err(null(name, "a text"));
        }
        // SAFETY: the header asks for a NUL at the text's end.
        unsafe { text(raw, name) }
    }
}

impl Argument for MaybeText {
    type Raw = *const c_char;
    type Taken = Option<String>;

    unsafe fn take(raw: *const c_char, name: &'static str) -> Result<Option<String>> {
        if raw.is_null() {
            return Ok(None);
        }
        // SAFETY: as above.
        unsafe { text(raw, name) }.map(Some)
    }
}

/// Writes a result where the caller wants it.
pub struct Slot<T>(*mut T);

impl<T> Slot<T> {
    pub fn set(self, value: T) {
        // SAFETY: `Out` and `MaybeOut` make a slot of nothing but a place that may be written.
        unsafe { self.0.write(value) };
    }
}

/// What an output holds until there is a result.
pub trait Cleared {
    const CLEARED: Self;
}

impl<T> Cleared for *mut T {
    const CLEARED: Self = std::ptr::null_mut();
}

impl<T> Cleared for *const T {
    const CLEARED: Self = std::ptr::null();
}

impl Cleared for i32 {
    const CLEARED: Self = 0;
}

impl Cleared for i64 {
    const CLEARED: Self = 0;
}

impl Cleared for usize {
    const CLEARED: Self = 0;
}

impl Cleared for f64 {
    const CLEARED: Self = 0.0;
}

impl<T: Cleared> Argument for Out<T> {
    type Raw = *mut T;
    type Taken = Slot<T>;

    unsafe fn clear(raw: *mut T) {
        if !raw.is_null() {
            // SAFETY: what is not NULL may be written.
            unsafe { raw.write(T::CLEARED) };
        }
    }

    unsafe fn take(raw: *mut T, name: &'static str) -> Result<Slot<T>> {
        if raw.is_null() {
            return Err(null(name, "a place for the result"));
        }
        Ok(Slot(raw))
    }
}

impl<T: Cleared> Argument for MaybeOut<T> {
    type Raw = *mut T;
    type Taken = Option<Slot<T>>;

    unsafe fn clear(raw: *mut T) {
        // SAFETY: as above.
        unsafe { <Out<T> as Argument>::clear(raw) };
    }

    unsafe fn take(raw: *mut T, _name: &'static str) -> Result<Option<Slot<T>>> {
        Ok((!raw.is_null()).then_some(Slot(raw)))
    }
}

/// Reads a NUL-terminated text that is known not to be NULL.
///
/// # Safety
/// `raw` points to a NUL-terminated text.
pub unsafe fn text(raw: *const c_char, name: &str) -> Result<String> {
    // SAFETY: by this function's contract.
    let bytes = unsafe { CStr::from_ptr(raw) };
    match bytes.to_str() {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            Err(Error::invalid(format!("{name} is not valid UTF-8: its byte {} does not begin a character.", error.valid_up_to())))
        }
    }
}

/// Bytes given by pointer and length; NULL with 0 is none.
///
/// # Safety
/// `raw` points to `length` bytes that stay as they are for as long as the slice is used.
pub unsafe fn data<'a>(raw: *const c_void, length: usize, name: &str) -> Result<&'a [u8]> {
    if length == 0 {
        return Ok(&[]);
    }
    if raw.is_null() {
        return Err(Error::invalid(format!("{name} is NULL, but its length is {length}.")));
    }
    if isize::try_from(length).is_err() {
        return Err(Error::invalid(format!("The length of {name} is {length}, more than memory can hold.")));
    }
    // SAFETY: by this function's contract, and checked as far as it can be.
    Ok(unsafe { std::slice::from_raw_parts(raw.cast(), length) })
}

/// The error for a NULL that must not be one.
pub fn null(name: &str, what: &str) -> Error {
    Error::new(Status::InvalidArgument, format!("{name} is NULL (expected {what})."))
}
