//! The typed setters of C: `include/runloop_params.h`, functions that are inlined and export nothing.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::bindings::model::{Field, Kind, Model, Struct};
use crate::bindings::names;

const PATH: &str = "include/runloop_params.h";
/// The widest line of a comment.
const WIDTH: usize = 100;
const FIRST: &str = include_str!("first_part_of_params.h");
const LAST: &str = "#ifdef __cplusplus\n}  // extern \"C\"\n#endif  // __cplusplus\n\n#endif  /* RUNLOOP_PARAMS_H */\n";

/// The file.
pub fn emit(model: &Model) -> Vec<(String, String)> {
    let mut text = FIRST.to_owned();
    let sent: Vec<&Struct> = model.structs.iter().filter(|found| found.sent).collect();
    let mut used = BTreeSet::new();
    for field in sent.iter().flat_map(|found| &found.fields) {
        enums_of(&field.kind, &mut used);
    }
    for found in model.enums.iter().filter(|found| used.contains(found.name.as_str())) {
        comment(&mut text, &found.doc);
        for value in &found.values {
            let name = format!("RUNLOOP_{}_{}", names::snake(&found.name), names::value(&found.name, value)).to_uppercase();
            let _ = writeln!(text, "#define {name} \"{value}\"");
        }
        text.push('\n');
    }
    for found in sent {
        structure(&mut text, found);
    }
    text += LAST;
    vec![(PATH.to_owned(), text)]
}

fn enums_of<'a>(kind: &'a Kind, used: &mut BTreeSet<&'a str>) {
    match kind {
        Kind::Enum(name) => drop(used.insert(name)),
        Kind::Map(inner) | Kind::List(inner) => enums_of(inner, used),
        _ => {}
    }
}

fn structure(text: &mut String, found: &Struct) {
    let prefix = format!("runloop_{}", names::snake(&found.name));
    let rule = "-".repeat(69);
    let _ = writeln!(text, "/* {rule}\n * {}: {}\n * {rule} */\n", found.name, found.doc);
    let constants: Vec<&Field> = found.fields.iter().filter(|field| matches!(field.kind, Kind::Const(_))).collect();
    if !constants.is_empty() {
        maker(text, &prefix, &constants);
    }
    for field in found.fields.iter().filter(|field| !matches!(field.kind, Kind::Const(_))) {
        setter(text, &prefix, field);
    }
}

/// What is told apart from its likes by a constant member begins with that.
fn maker(text: &mut String, prefix: &str, constants: &[&Field]) {
    comment(text, "Creates parameters of this kind; set the other fields afterwards.");
    let _ = writeln!(text, "static inline int32_t {prefix}_new(runloop_params **params, runloop_error **error)\n{{");
    let members: Vec<String> = constants
        .iter()
        .map(|field| match &field.kind {
            Kind::Const(constant) => format!("\\\"{}\\\":\\\"{constant}\\\"", field.json),
            _ => String::new(),
        })
        .collect();
    let json = format!("{{{}}}", members.join(","));
    let _ = writeln!(text, "    return runloop_params_from_json(\"{json}\", {}, params, error);\n}}\n", json.replace('\\', "").len());
}

fn setter(text: &mut String, prefix: &str, field: &Field) {
    let json = &field.json;
    let required = if field.required { " Required." } else { "" };
    comment(text, &format!("{}{required}", field.doc));
    let (verb, key, held) = match &field.kind {
        Kind::Map(inner) => ("set", true, inner.as_ref()),
        Kind::List(inner) => ("append", false, inner.as_ref()),
        own => ("set", false, own),
    };
    let (argument, call) = value(held);
    let key_argument = if key { "const char *key, " } else { "" };
    let name = if key { format!("\"/{json}\", key") } else { format!("\"/{json}\"") };
    let of_member = if key { "_member" } else { "" };
    let _ = writeln!(
        text,
        "static inline int32_t {prefix}_{verb}_{json}(const runloop_params *params, {key_argument}{argument}, runloop_error **error)\n{{\n    \
         return runloop_params_{verb}{of_member}_{call}(params, {name}, value, error);\n}}\n"
    );
}

/// How the value is taken, and the function that takes it.
fn value(kind: &Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::String | Kind::Enum(_) | Kind::Const(_) => ("const char *value", "string"),
        Kind::Int => ("int64_t value", "int"),
        Kind::Double => ("double value", "double"),
        Kind::Bool => ("int32_t value", "bool"),
        Kind::Struct(_) | Kind::Union(_) => ("const runloop_params *value", "params"),
        Kind::Map(_) | Kind::List(_) | Kind::Raw => ("const char *value", "json"),
    }
}

fn comment(text: &mut String, doc: &str) {
    let mut line = "///".to_owned();
    for word in doc.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{line}");
            line = "///".to_owned();
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emitted() -> String {
        let model = Model::read(include_str!("../../../../spec/openapi.json")).unwrap();
        emit(&model).remove(0).1
    }

    #[test]
    fn each_kind_has_its_call() {
        let text = emitted();
        for wanted in [
            "runloop_params_set_string(params, \"/name\", value, error)",
            "runloop_params_set_int(params, \"/keep_alive_time_seconds\", value, error)",
            "runloop_params_set_params(params, \"/launch_parameters\", value, error)",
            "runloop_params_set_member_string(params, \"/metadata\", key, value, error)",
            "runloop_params_append_params(params, \"/mounts\", value, error)",
            "runloop_params_append_string(params, \"/launch_commands\", value, error)",
            "runloop_params_from_json(\"{\\\"type\\\":\\\"object_mount\\\"}\", 23, params, error)",
        ] {
            assert!(text.contains(wanted), "{wanted}");
        }
    }

    #[test]
    fn names_are_used_once() {
        let text = emitted();
        let mut names: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("static inline int32_t ").or_else(|| line.strip_prefix("#define ")))
            .filter_map(|rest| rest.split(['(', ' ']).next())
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
