//! What is read from others, fed with anything: for the tests, and for libfuzzer in `fuzz/`.
//!
//! Each target takes bytes and panics where something does not hold.

mod dockerfile;
#[path = "../../../fuzz/made.rs"]
mod made;
mod requests;

#[test]
fn the_corpus_and_what_is_made_of_it() {
    let corpora = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus");
    made::run(&[("dockerfile", dockerfile::dockerfile), ("requests", requests::requests)], corpora.as_ref());
}
