//! What the body of every exported function is.

/// The body of an exported function that can fail.
///
/// `boundary!(name, error, [argument: Kind, …], { … Ok(()) })`: clears the outputs, takes each argument as its kind says (see `arguments`), runs the block, and turns
/// whatever comes of it, a panic included, into a status and an error.
macro_rules! boundary {
    ($name:ident, $error:ident, [$($argument:ident: $kind:ty),* $(,)?], $body:block) => {{
        let touched = [$(<$kind as $crate::ffi::boundary::arguments::Argument>::address($argument)),*];
        $(
            // SAFETY: the caller keeps the header's rules for this function's arguments.
            unsafe { <$kind as $crate::ffi::boundary::arguments::Argument>::clear($argument) };
        )*
        $crate::ffi::boundary::enter(stringify!($name), &touched, $error, || {
            $(
                // SAFETY: as above.
                let $argument = unsafe {
                    <$kind as $crate::ffi::boundary::arguments::Argument>::take($argument, stringify!($argument))
                }?;
            )*
            $body
        })
    }};
}

/// The body of an exported function that cannot fail: `quiet!(name, fallback, { … })` gives the
/// fallback in a forked child and after a panic.
macro_rules! quiet {
    ($name:ident, $fallback:expr, $body:block) => {
        $crate::ffi::boundary::enter_quietly(stringify!($name), $fallback, || $body)
    };
}
