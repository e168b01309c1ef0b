//! The enums that C has as constants, in C++ and Go: `statuses.hpp` and `statuses.go`, from the enums with `#[c_enum]`.

use std::fmt::Write;
use std::path::Path;

use super::{cpp, go, names};
use crate::constants::{self, Constant, Enumeration};
use crate::Generated;

/// What the documentation for C says, and what to say instead.
type Words = &'static [(&'static str, &'static str)];

/// An enum as other languages see it.
struct Shown {
    /// As Rust names it.
    rust: &'static str,
    cpp: InCpp,
    /// None if Go has no such type, or declares it by hand.
    go: Option<InGo>,
}

struct InCpp {
    name: &'static str,
    words: Words,
    /// Variants whose names are words of C++, and their names in C++.
    renamed: &'static [(&'static str, &'static str)],
}

struct InGo {
    words: Words,
    /// What the constants' names begin with.
    prefix: &'static str,
    /// Variants that Go has no constant for.
    without: &'static [&'static str],
    /// Whether the type and its String method are declared by hand.
    by_hand: bool,
}

const SHOWN: &[Shown] = &[
    Shown {
        rust: "Status",
        cpp: InCpp {
            name: "Status",
            words: &[
                ("NULL, not valid UTF-8, or out of range", "not valid UTF-8, or out of range"),
                ("A handle is NULL, freed, or of another type", "A handle is empty, for instance moved from"),
                ("call runloop_config_set_bearer_token()", "set Config::bearer_token"),
                ("runloop_config_set_max_answer_bytes()", "Config::max_answer_bytes"),
                ("runloop_error_retry_after_ms()", "Error::retry_after()"),
                ("runloop_error_body()", "Error::body()"),
                ("poll_timeout_ms", "CallOptions::poll_timeout"),
                ("deadline_ms", "CallOptions::deadline"),
                (" timeout_ms", " CallOptions::timeout"),
                ("A callback ended the call", "A callback stopped the call, or threw"),
            ],
            renamed: &[],
        },
        go: Some(InGo {
            words: &[
                ("NULL, not valid UTF-8, or out of range", "nil but required, not valid UTF-8, or out of range"),
                ("A handle is NULL, freed, or of another type", "A handle is nil or closed"),
                ("call runloop_config_set_bearer_token()", "[Config].BearerToken"),
                ("runloop_config_set_max_answer_bytes()", "[Config].MaxAnswerBytes"),
                ("runloop_error_retry_after_ms()", "[Error].RetryAfter"),
                ("runloop_error_body()", "[Error].Body"),
                ("within poll_timeout_ms", "in time; see [WithPollTimeout]"),
                ("longer than deadline_ms", "longer than its deadline"),
                ("longer than timeout_ms", "too long; see [WithTimeout]"),
                ("The call's cancel token was triggered", "The call's context ended; the error wraps the context's error"),
                ("A callback ended the call", "A callback, reader or writer failed; the error wraps its error"),
            ],
            prefix: "Err",
            // nil is success, and answers are structs.
            without: &["Ok", "NoSuchField"],
            by_hand: true,
        }),
    },
    Shown {
        rust: "Retryable",
        cpp: InCpp { name: "Retryable", words: &[], renamed: &[] },
        go: Some(InGo { words: &[], prefix: "Retryable", without: &[], by_hand: false }),
    },
    Shown {
        rust: "SideEffect",
        cpp: InCpp { name: "SideEffect", words: &[("runloop_error_resource_id()", "Error::resource_id()")], renamed: &[] },
        go: Some(InGo {
            words: &[("runloop_error_resource_id()", "[Error].ResourceID")],
            prefix: "SideEffect",
            without: &[],
            by_hand: false,
        }),
    },
    Shown {
        rust: "Outcome",
        cpp: InCpp { name: "Outcome", words: &[("timeout_ms", "ExecOptions::timeout")], renamed: &[] },
        go: Some(InGo { words: &[("its timeout_ms", "its [ExecOptions].Timeout")], prefix: "Outcome", without: &[], by_hand: false }),
    },
    Shown { rust: "Level", cpp: InCpp { name: "LogLevel", words: &[], renamed: &[] }, go: None },
    Shown {
        rust: "Kind",
        cpp: InCpp {
            name: "Kind",
            words: &[("int64_t", "std::int64_t")],
            renamed: &[("Bool", "boolean"), ("Int", "integer"), ("Double", "number")],
        },
        go: None,
    },
];

/// Parts of names of C that the documentation of another language must not have.
const ONLY_IN_C: &[&str] = &["runloop_", "_ms", "NULL"];

/// The files.
pub fn emit(root: &Path) -> Result<Vec<Generated>, String> {
    let mut in_cpp = String::from(
        "// The enumerations that C has as constants.\n//\n// Made from the enums with #[c_enum] in src by `make generate`; changes belong \
         there, or in tools/surface.\n\n\
         #ifndef RUNLOOP_STATUSES_HPP\n#define RUNLOOP_STATUSES_HPP\n\n#include <cstdint>\n\n#include <runloop/base.hpp>\n\n\
         #include <runloop/macros_off.hpp>\n\nRUNLOOP_SAME_BEGIN\n",
    );
    let mut in_go = String::from(
        "// Code generated by `make generate` from the enums with #[c_enum] in src. DO NOT EDIT.\n\npackage runloop\n\n// #include \"shim.h\"\nimport \"C\"\n",
    );
    for shown in SHOWN {
        let found = constants::enumeration(root, shown.rust)?;
        cpp_enum(&mut in_cpp, &shown.cpp, &found)?;
        if let Some(go) = &shown.go {
            go_enum(&mut in_go, go, shown.rust, &found)?;
        }
    }
    in_cpp.push_str("\nRUNLOOP_SAME_END\n\n#include <runloop/macros_on.hpp>\n\n#endif\n");
    Ok(vec![("bindings/cpp/include/runloop/statuses.hpp".into(), in_cpp), ("bindings/go/statuses.go".into(), in_go)])
}

fn cpp_enum(text: &mut String, shown: &InCpp, found: &Enumeration) -> Result<(), String> {
    let docs = documentation(shown.words, found)?;
    text.push('\n');
    cpp::comment(text, "", &docs.of_all);
    let _ = writeln!(text, "enum class {} : std::int32_t {{", shown.name);
    for (constant, doc) in found.constants.iter().zip(&docs.of_each) {
        let renamed = shown.renamed.iter().find(|(variant, _)| *variant == constant.variant);
        let name = renamed.map_or_else(|| names::snake(&constant.variant), |(_, name)| (*name).to_owned());
        cpp::comment(text, "    ", doc);
        let _ = writeln!(text, "    {name} = {},", constant.name);
    }
    text.push_str("};\n");
    Ok(())
}

fn go_enum(text: &mut String, shown: &InGo, rust: &str, found: &Enumeration) -> Result<(), String> {
    let docs = documentation(shown.words, found)?;
    text.push('\n');
    if shown.by_hand {
        text.push_str(
            "// The statuses that an error can have: 1 to 99 wrong use, 100 to 199 transport, 200 to 299 HTTP errors,\n\
             // 300 to 399 failures at the service, 900 and above failures of the library.\n",
        );
    } else {
        let verb = if docs.of_all.starts_with("Whether") { "says" } else { "is" };
        go::comment(text, "", &format!("{rust} {verb} {}", go::lower_first(&docs.of_all)));
        let _ = writeln!(text, "type {rust} int32\n\n// The values of {rust}.");
    }
    text.push_str("const (\n");
    let kept: Vec<(&Constant, &String)> =
        found.constants.iter().zip(&docs.of_each).filter(|(constant, _)| !shown.without.contains(&constant.variant.as_str())).collect();
    for (constant, doc) in &kept {
        let name = go_name(shown, constant);
        go::comment(text, "\t", &format!("{name}: {}", within_sentence(doc)));
        let _ = writeln!(text, "\t{name} {rust} = C.{}", constant.name);
    }
    text.push_str(")\n");
    if !shown.by_hand {
        string_method(text, shown, rust, &kept);
    }
    Ok(())
}

/// The method that gives a constant's name in small letters.
fn string_method(text: &mut String, shown: &InGo, rust: &str, constants: &[(&Constant, &String)]) {
    let words: Vec<String> = constants.iter().map(|(constant, _)| names::snake(&constant.variant).replace('_', " ")).collect();
    let (last, others) = words.split_last().map_or(("", &[][..]), |(last, others)| (last.as_str(), others));
    let receiver = rust[..1].to_lowercase();
    text.push('\n');
    go::comment(text, "", &format!("String returns {} or {last}.", others.join(", ")));
    let _ = writeln!(text, "func ({receiver} {rust}) String() string {{\n\tswitch {receiver} {{");
    for ((constant, _), word) in constants.iter().zip(&words) {
        let _ = writeln!(text, "\tcase {}:\n\t\treturn \"{word}\"", go_name(shown, constant));
    }
    text.push_str("\t}\n\treturn \"?\"\n}\n");
}

fn go_name(shown: &InGo, constant: &Constant) -> String {
    shown.prefix.to_owned() + &go::identifier(&names::snake(&constant.variant))
}

/// A text behind a colon: its first letter is small, unless it begins an abbreviation.
fn within_sentence(text: &str) -> String {
    if text.starts_with("HTTP") || text.starts_with("JSON") {
        text.to_owned()
    } else {
        go::lower_first(text)
    }
}

/// The documentation of an enum and of its variants, in the words of another language.
struct Documentation {
    of_all: String,
    of_each: Vec<String>,
}

fn documentation(words: Words, found: &Enumeration) -> Result<Documentation, String> {
    let joined = |lines: &[String]| lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    let texts: Vec<String> = found.constants.iter().map(|constant| joined(&constant.documentation)).collect();
    if let Some((unused, _)) = words.iter().find(|(c, _)| !texts.iter().any(|text| text.contains(c))) {
        return Err(format!("c_enums.rs replaces {unused:?}, which no documentation has any more. Replace what it says now."));
    }
    let translated: Vec<String> = texts.iter().map(|text| words.iter().fold(text.clone(), |text, (c, own)| text.replace(c, own))).collect();
    if let Some(left) = translated.iter().find(|text| ONLY_IN_C.iter().any(|part| text.contains(part))) {
        return Err(format!("{left:?} has a name of C. Say in c_enums.rs what C++ and Go have instead."));
    }
    let all = joined(&found.documentation);
    // What follows the first sentence is for changes of the enum.
    let of_all = all.split_inclusive(". ").next().unwrap_or_default().trim().to_owned();
    Ok(Documentation { of_all, of_each: translated })
}
