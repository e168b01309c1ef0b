//! The C++ structs: `runloop/enums.hpp` and `runloop/types.hpp`.

use std::fmt::Write;

use crate::bindings::model::{Enum, Field, Kind, Model, Struct, Union};
use crate::bindings::names;

const FOLDER: &str = "bindings/cpp/include/runloop";
/// The widest line of a comment.
const WIDTH: usize = 100;

/// The files.
pub fn emit(model: &Model) -> Vec<(String, String)> {
    vec![(format!("{FOLDER}/enums.hpp"), enums(model)), (format!("{FOLDER}/types.hpp"), types(model))]
}

fn enums(model: &Model) -> String {
    let mut text = first_lines("enums", "The texts that a member may hold.", &["runloop/json.hpp"], &[]);
    for found in &model.enums {
        enumeration(&mut text, found);
    }
    text + "RUNLOOP_END\n\n#include <runloop/macros_on.hpp>\n\n#endif\n"
}

fn types(model: &Model) -> String {
    let about = "What requests hold and answers give, member by member.";
    let mut text = first_lines(
        "types",
        about,
        &["runloop/enums.hpp", "runloop/json.hpp"],
        &["cstdint", "map", "optional", "string", "variant", "vector"],
    );
    let mut unions: Vec<&Union> = model.unions.iter().collect();
    for found in &model.structs {
        structure(&mut text, found);
        // A union comes behind the last of its choices.
        unions.retain(|union| {
            let last = model.structs.iter().rposition(|other| union.choices.iter().any(|(_, name)| *name == other.name));
            let here = last.is_some_and(|last| model.structs[last].name == found.name);
            if here {
                let choices: Vec<&str> = union.choices.iter().map(|(_, name)| name.as_str()).collect();
                comment(&mut text, "", &format!("{} Its `{}` is sent by itself.", union.doc, union.tag));
                let _ = writeln!(text, "using {} = std::variant<{}>;\n", union.name, choices.join(", "));
            }
            !here
        });
    }
    text + "RUNLOOP_END\n\n#include <runloop/macros_on.hpp>\n\n#endif\n"
}

fn first_lines(name: &str, about: &str, own: &[&str], standard: &[&str]) -> String {
    let guard = format!("RUNLOOP_{}_HPP", name.to_uppercase());
    let mut text = format!(
        "// {about}\n//\n// Made from spec/openapi.json by `make generate`; changes belong there, or in tools/surface.\n\n\
         #ifndef {guard}\n#define {guard}\n\n"
    );
    let standard: &[&str] = if standard.is_empty() { &["string_view"] } else { standard };
    for header in standard {
        let _ = writeln!(text, "#include <{header}>");
    }
    text.push('\n');
    for header in own {
        let _ = writeln!(text, "#include <{header}>");
    }
    text + "\n#include <runloop/macros_off.hpp>\n\nRUNLOOP_BEGIN\n\n"
}

fn enumeration(text: &mut String, found: &Enum) {
    comment(text, "", &found.doc);
    let _ = writeln!(text, "struct {0} : EnumText<{0}> {{\n    using EnumText<{0}>::EnumText;", found.name);
    for value in &found.values {
        let _ = writeln!(
            text,
            "    /// `{value}`.\n    static constexpr std::string_view {} = \"{value}\";",
            identifier(&names::value(&found.name, value))
        );
    }
    text.push_str("};\n\n");
}

fn structure(text: &mut String, found: &Struct) {
    comment(text, "", &found.doc);
    let _ = writeln!(text, "struct {} {{", found.name);
    for field in &found.fields {
        if !matches!(field.kind, Kind::Const(_)) {
            comment(text, "    ", &whole_doc(found, field));
            let _ = writeln!(text, "    {} {}{{}};", type_of(field), identifier(&field.json));
        }
    }
    let extra = match (found.sent, found.received, found.query) {
        (_, _, true) => "Filters that this version has no name for, such as `metadata[team]`.",
        (true, false, _) => "Members that this version has no name for; they win over those above.",
        _ => "Members that this version has no name for, or whose type is not the one above; when sent, they override those above.",
    };
    comment(text, "    ", extra);
    text.push_str("    std::map<std::string, Json> extra{};\n\n");
    text.push_str("    /// Shows each member, by its name in JSON, to a visitor.\n");
    text.push_str("    template <class Visitor, class Self>\n    static void members(Visitor &visitor, Self &self) {\n");
    for field in &found.fields {
        let _ = match &field.kind {
            Kind::Const(constant) => writeln!(text, "        visitor.constant(\"{}\", \"{constant}\");", field.json),
            _ => writeln!(text, "        visitor.member(\"{}\", self.{});", field.json, identifier(&field.json)),
        };
    }
    text.push_str("        visitor.rest(self.extra);\n    }\n};\n\n");
}

fn whole_doc(owner: &Struct, field: &Field) -> String {
    if field.required && owner.sent && !owner.received {
        return format!("{} Required.", field.doc);
    }
    field.doc.clone()
}

fn type_of(field: &Field) -> String {
    let name = kind(&field.kind);
    match field.kind {
        _ if field.required && !field.nullable => name,
        Kind::Map(_) | Kind::List(_) => format!("OptionalItems<{name}>"),
        Kind::Bool => "OptionalBool".to_owned(),
        Kind::Int => "OptionalInt".to_owned(),
        Kind::Double => "OptionalDouble".to_owned(),
        _ => format!("std::optional<{name}>"),
    }
}

fn kind(kind_of: &Kind) -> String {
    match kind_of {
        Kind::String | Kind::Const(_) => "std::string".to_owned(),
        Kind::Int => "std::int64_t".to_owned(),
        Kind::Double => "double".to_owned(),
        Kind::Bool => "bool".to_owned(),
        Kind::Map(inner) => format!("std::map<std::string, {}>", kind(inner)),
        Kind::List(inner) => format!("std::vector<{}>", kind(inner)),
        Kind::Enum(name) | Kind::Struct(name) | Kind::Union(name) => name.clone(),
        Kind::Raw => "Json".to_owned(),
    }
}

/// A name that is no word of C++.
fn identifier(name: &str) -> String {
    const WORDS: &[&str] =
        &["default", "delete", "export", "namespace", "new", "operator", "private", "public", "register", "template", "this"];
    if WORDS.contains(&name) || name.starts_with(|letter: char| letter.is_ascii_digit()) {
        return format!("{name}_");
    }
    name.to_owned()
}

pub fn comment(text: &mut String, margin: &str, doc: &str) {
    let mut line = format!("{margin}///");
    for word in doc.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{line}");
            line = format!("{margin}///");
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(text, "{line}");
}
