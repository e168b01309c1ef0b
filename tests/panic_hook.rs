//! A program written in Rust that this library is linked into: its panics are its own affair.

use std::ffi::{c_char, c_void};
use std::panic::catch_unwind;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;

// The functions as C sees them: there is no Rust interface.
use runloop as _;

type Log = unsafe extern "C" fn(*mut c_void, i32, *const c_char);

extern "C" {
    fn runloop_abi_check(abi: i32, call_options: usize, exec_options: usize, error: *mut *mut c_void) -> i32;
    fn runloop_log_set(log: Option<Log>, user_data: *mut c_void, level: i32, error: *mut *mut c_void) -> i32;
    fn runloop_config_new(config: *mut *mut c_void, error: *mut *mut c_void) -> i32;
    fn runloop_config_set_bearer_token(config: *const c_void, token: *const c_char, error: *mut *mut c_void) -> i32;
    fn runloop_config_set_base_url(config: *const c_void, url: *const c_char, error: *mut *mut c_void) -> i32;
    fn runloop_config_set_max_retries(config: *const c_void, retries: i32, error: *mut *mut c_void) -> i32;
    fn runloop_config_free(config: *mut c_void);
    fn runloop_client_new(config: *const c_void, client: *mut *mut c_void, error: *mut *mut c_void) -> i32;
    fn runloop_client_free(client: *mut c_void);
    fn runloop_account_me(client: *const c_void, options: *const c_void, info: *mut *mut c_void, error: *mut *mut c_void) -> i32;
}

static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());
static LINES: AtomicUsize = AtomicUsize::new(0);

unsafe extern "C" fn panic_and_catch(_: *mut c_void, _: i32, _: *const c_char) {
    LINES.fetch_add(1, Ordering::Relaxed);
    let _ = catch_unwind(|| panic!("in a function that the library calls"));
}

fn told() -> Vec<String> {
    std::mem::take(&mut *TOLD.lock().unwrap())
}

#[test]
fn the_hook_of_the_program_is_told_of_its_panics() {
    std::panic::set_hook(Box::new(|info| {
        let text = info.payload().downcast_ref::<&str>().map_or("something else", |text| text);
        TOLD.lock().unwrap().push(text.to_owned());
    }));

    // While a thread unwinds, no hook can be changed; the library's first use may be just then.
    struct UsesTheLibrary;
    impl Drop for UsesTheLibrary {
        fn drop(&mut self) {
            // SAFETY: the arguments are those that the header asks for.
            assert_eq!(unsafe { runloop_abi_check(0, 0, 0, null_mut()) }, 0);
        }
    }
    let _ = catch_unwind(|| {
        let _used = UsesTheLibrary;
        panic!("before the first use");
    });
    assert_eq!(told(), ["before the first use"]);

    // SAFETY: as above.
    assert_eq!(unsafe { runloop_abi_check(0, 0, 0, null_mut()) }, 0);
    let _ = catch_unwind(|| panic!("after a use"));
    let _ = std::thread::spawn(|| panic!("on another thread")).join();
    assert_eq!(told(), ["after a use", "on another thread"]);

    // SAFETY: as above; texts are NUL-terminated, and handles are freed once.
    unsafe {
        let (mut config, mut client, mut info) = (null_mut(), null_mut(), null_mut());
        assert_eq!(runloop_log_set(Some(panic_and_catch), null_mut(), 4, null_mut()), 0);
        assert_eq!(runloop_config_new(&mut config, null_mut()), 0);
        assert_eq!(runloop_config_set_bearer_token(config, c"token".as_ptr(), null_mut()), 0);
        assert_eq!(runloop_config_set_base_url(config, c"http://127.0.0.1:1".as_ptr(), null_mut()), 0);
        assert_eq!(runloop_config_set_max_retries(config, -1, null_mut()), 0);
        assert_eq!(runloop_client_new(config, &mut client, null_mut()), 0);
        assert_eq!(runloop_account_me(client, null_mut(), &mut info, null_mut()), 100);
        assert_eq!(runloop_log_set(None, null_mut(), 0, null_mut()), 0);
        runloop_client_free(client);
        runloop_config_free(config);
    }
    assert!(LINES.load(Ordering::Relaxed) > 0);
    assert_eq!(told(), vec!["in a function that the library calls"; LINES.load(Ordering::Relaxed)]);
}
