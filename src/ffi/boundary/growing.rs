//! Option structs that may grow: the caller's says how large it is.

use crate::error::{Error, Result};

/// Larger than any struct of options will be.
const LARGEST: usize = 4096;

/// A struct of options; `#[growing]` makes one.
///
/// # Safety
/// It begins with its size as a `usize`, has no padding, and is valid when all its bytes are zero.
pub unsafe trait Growing: Copy {
    /// What messages call it.
    const NAME: &'static str;
    /// Where its members begin, so that a struct is told apart that ends within one.
    const MEMBERS: &'static [usize];
}

/// Copies a struct of the caller's: what a shorter one lacks is zero, what a longer one has beyond
/// must be zero.
///
/// # Safety
/// `raw` is not NULL, and points to as many bytes as it says that it has.
pub unsafe fn read<T: Growing>(raw: *const T) -> Result<T> {
    let name = T::NAME;
    // SAFETY: by this function's contract and the trait's.
    let size = unsafe { raw.cast::<usize>().read() };
    // An earlier version ends where a later one's next member begins.
    let known = size >= size_of::<T>() || (size > 0 && T::MEMBERS.contains(&size));
    if !known || size > LARGEST {
        return Err(Error::invalid(format!(
            "The struct_size of {name} is {size}, which is not the size of any version of it. Initialize it with its _INIT macro."
        )));
    }
    let mut own = std::mem::MaybeUninit::<T>::zeroed();
    // SAFETY: as above; both have at least the smaller of the two sizes.
    unsafe { std::ptr::copy_nonoverlapping(raw.cast::<u8>(), own.as_mut_ptr().cast::<u8>(), size.min(size_of::<T>())) };
    for at in size_of::<T>()..size {
        // SAFETY: as above.
        if unsafe { raw.cast::<u8>().add(at).read() } != 0 {
            return Err(Error::invalid(format!(
                "{name} uses an option that librunloop {} does not know. Install a newer library.",
                env!("CARGO_PKG_VERSION")
            )));
        }
    }
    // SAFETY: zeroed, and then filled by a value of the same type.
    Ok(unsafe { own.assume_init() })
}
