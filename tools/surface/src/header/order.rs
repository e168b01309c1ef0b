//! Sorts the declarations into the sections of `sections.rs`: in each its constants, its types, its functions and, at
//! its end, what frees its handles. Writes the contents list.

use super::sections::Section;

/// Where the contents list goes.
const CONTENTS: &str = " * @CONTENTS@\n";
const RULE: &str = "---------------------------------------------------------------------";

/// What stands first in a section.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Constant,
    Type,
    Function,
    Free,
}

struct Item {
    /// The numbers of its section and of the entry that names it there.
    place: (usize, usize),
    rank: Rank,
    block: String,
}

/// Rearranges what cbindgen wrote, together with the macros.
pub fn arrange(header: &str, macros: &str, sections: &[Section]) -> Result<String, String> {
    const BEGIN: &str = "/* ---- declarations ---- */\n";
    let (front, rest) = header.split_once(BEGIN).ok_or("the generated header lacks its mark")?;
    let end_of_frame = rest.rfind("#ifdef __cplusplus").ok_or("the generated header lacks its end")?;
    let declared = blocks(&rest[..end_of_frame]).into_iter().filter(|block| !block.starts_with("#ifdef __cplusplus"));
    let items = sorted(blocks(macros).into_iter().chain(declared), sections)?;

    let mut text = front.replacen(CONTENTS, &contents(sections), 1);
    text.push_str("#ifdef __cplusplus\nextern \"C\" {\n#endif\n");
    // Types first, so that any function may use any of them.
    text.push_str("\n/* All handle types; each is described with its functions. */\n");
    for name in items.iter().filter_map(|item| opaque_name(&item.block)) {
        text.push_str(&format!("typedef struct {name} {name};\n"));
    }
    let mut section = usize::MAX;
    let mut before = None;
    for Item { place, block, .. } in &items {
        if place.0 != section {
            section = place.0;
            text.push_str(&format!("\n/* {RULE}\n * {}\n * {RULE} */\n", sections[section].title));
        }
        let number = number_of(block);
        if !follows(before, number) {
            text.push('\n');
        }
        before = number;
        match opaque_name(block) {
            // The type itself stands above; its description stands here.
            Some(name) => text.push_str(&block.replace(&format!("typedef struct {name} {name};"), &format!("struct {name};"))),
            // The typedefs stand above, so that no use needs the word struct.
            None if block.contains("typedef struct") => text.push_str(&block.replace("const struct runloop_", "const runloop_")),
            None => text.push_str(&block.replace("struct runloop_", "runloop_")),
        }
    }
    text.push('\n');
    text.push_str(&rest[end_of_frame..]);
    // Three slashes are what documentation tools read.
    let lines = text.lines().map(|line| match line.trim_start().strip_prefix("//") {
        Some(comment) if !comment.starts_with('/') => format!("{}///{comment}", &line[..line.len() - line.trim_start().len()]),
        _ => line.to_owned(),
    });
    Ok(lines.map(|line| line + "\n").collect())
}

/// The items in their order, or what is missing from the list of sections, or listed without existing.
fn sorted(blocks: impl Iterator<Item = String>, sections: &[Section]) -> Result<Vec<Item>, String> {
    let mut items = Vec::new();
    for block in blocks {
        let name = name_of(&block).ok_or_else(|| format!("no name in:\n{block}"))?;
        let place = place(&name, sections).ok_or_else(|| format!("tools/surface/src/header/sections.rs has no section for {name}"))?;
        items.push(Item { place, rank: rank(&name, &block), block });
    }
    for (number, section) in sections.iter().enumerate() {
        for (entry, name) in section.holds.iter().enumerate() {
            if !items.iter().any(|item| item.place == (number, entry)) {
                return Err(format!(
                    "tools/surface/src/header/sections.rs: nothing has the name \"{name}\", which the section \"{}\" lists",
                    section.title
                ));
            }
        }
    }
    items.sort_by_key(|item| (item.place.0, item.rank, item.place.1));
    Ok(items)
}

/// The section, and the entry in it, that fits a name best, by length.
fn place(name: &str, sections: &[Section]) -> Option<(usize, usize)> {
    let entries = sections.iter().enumerate().flat_map(|(number, section)| {
        section.holds.iter().enumerate().map(move |(entry, prefix)| (prefix.len(), (number, entry), *prefix))
    });
    entries.filter(|(_, _, prefix)| name.starts_with(prefix)).max_by_key(|(length, ..)| *length).map(|(_, place, _)| place)
}

fn rank(name: &str, block: &str) -> Rank {
    let code = code(block);
    // A struct's initial value stands behind the struct.
    if code.trim_start().starts_with("typedef") || name.ends_with("_INIT") {
        Rank::Type
    } else if name.starts_with("RUNLOOP_") {
        Rank::Constant
    } else if name.ends_with("_free") && !name.contains("_on_free") {
        Rank::Free
    } else {
        Rank::Function
    }
}

/// The sections, each in a line of a comment.
fn contents(sections: &[Section]) -> String {
    let width = sections.iter().map(|section| section.title.len()).max().unwrap_or(0);
    sections.iter().map(|section| format!(" *   {:width$}  {}\n", section.title, section.summary)).collect()
}

/// The value of a constant.
fn number_of(block: &str) -> Option<i64> {
    let code = code(block);
    code.trim().strip_prefix("#define ")?.split_whitespace().nth(1)?.parse().ok()
}

/// Whether a constant belongs to the one before it, so that no blank line parts them.
fn follows(before: Option<i64>, number: Option<i64>) -> bool {
    matches!((before, number), (Some(before), Some(number)) if before < number && before / 100 == number / 100)
}

fn blocks(text: &str) -> Vec<String> {
    // A blank line separates the items; inside one there is none.
    text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()).map(|block| format!("{block}\n")).collect()
}

fn code(block: &str) -> String {
    block.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn opaque_name(block: &str) -> Option<String> {
    let code = code(block);
    let rest = code.trim().strip_prefix("typedef struct ")?;
    if code.contains('{') {
        return None;
    }
    rest.split_whitespace().next().map(str::to_owned)
}

fn name_of(block: &str) -> Option<String> {
    let code = code(block);
    let start = ["RUNLOOP_", "runloop_"].iter().filter_map(|prefix| code.find(prefix)).min()?;
    let name: String = code[start..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    // A function's own name comes behind the type that it returns.
    let function = code
        .find('(')
        .and_then(|open| code[..open].split(|c: char| !(c.is_alphanumeric() || c == '_')).rfind(|word| word.starts_with("runloop_")));
    Some(function.map_or(name, str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECTIONS: &[Section] = &[
        Section { title: "Things", summary: "what there is", holds: &["RUNLOOP_THING_", "runloop_thing", "runloop_thing_new"] },
        Section { title: "All else", summary: "the rest", holds: &["runloop_thing_raw"] },
    ];
    const HEADER: &str = "/* Contents\n * @CONTENTS@\n */\n/* ---- declarations ---- */\n\n\
        void runloop_thing_raw(void);\n\n\
        // Frees.\nvoid runloop_thing_free(runloop_thing *thing);\n\n\
        int32_t runloop_thing_end(runloop_thing *thing);\n\n\
        // Makes.\nint32_t runloop_thing_new(runloop_thing **thing);\n\n\
        // A thing.\ntypedef struct runloop_thing runloop_thing;\n\n\
        #define RUNLOOP_THING_ONE 1\n\n#ifdef __cplusplus\n}\n#endif\n";

    #[test]
    fn a_section_begins_with_its_types_and_ends_with_what_frees() {
        let text = arrange(HEADER, "", SECTIONS).unwrap();
        let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what} is not in {text}"));
        let order = [
            "Things  ",
            "RUNLOOP_THING_ONE",
            "struct runloop_thing;",
            "thing_end(",
            "thing_new(",
            "thing_free(",
            "All else\n",
            "thing_raw(",
        ];
        assert!(order.windows(2).all(|pair| at(pair[0]) < at(pair[1])), "{text}");
        assert!(text.contains("/* Contents\n *   Things    what there is\n *   All else  the rest\n */\n"), "{text}");
    }

    #[test]
    fn what_has_no_section_and_an_entry_without_a_name_are_refused() {
        let refused = |header: &str, sections| arrange(header, "", sections).unwrap_err();
        let unknown = HEADER.replace("runloop_thing_raw", "runloop_other");
        assert!(refused(&unknown, SECTIONS).ends_with("has no section for runloop_other"));
        let gone = HEADER.replace("runloop_thing_raw", "runloop_thing_cooked");
        assert!(refused(&gone, SECTIONS).contains("nothing has the name \"runloop_thing_raw\""));
    }
}
