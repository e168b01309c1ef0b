//! Names: the API's own, cleaned and in the cases that languages want.

/// Schemas whose names, outside the place where the API uses them, would not say what they are.
const RENAMED: &[(&str, &str)] = &[
    ("APIKeyCreatedView", "ApiKeyCreatedView"),
    ("DevboxCreateSSHKeyResponse", "DevboxSshKeyView"),
    ("GatewaysParam", "DevboxGateway"),
    ("Log", "DevboxLog"),
    ("McpParam", "DevboxMcp"),
    ("ObjectDownloadURLView", "ObjectDownloadUrlView"),
    ("SqlStatementParams", "SqlStatement"),
    ("TunnelParam", "DevboxTunnel"),
];

/// A schema's name, without the `Param` that tells a request's schema from an answer's.
pub fn schema(name: &str) -> &str {
    if let Some((_, renamed)) = RENAMED.iter().find(|(known, _)| *known == name) {
        return renamed;
    }
    name.strip_suffix("Param").unwrap_or(name)
}

/// `keep_alive_time_seconds` → `KeepAliveTimeSeconds`.
pub fn camel(name: &str) -> String {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .map(|part| {
            let mut letters = part.chars();
            letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        })
        .collect()
}

/// An enumeration's name: that of the struct without its role, and the field's.
pub fn enumeration(owner: &str, field: &str) -> String {
    let noun = ["AsyncExecutionDetailView", "AsyncStatusView", "CreateParams", "UpdateParams", "ListParams", "Params", "View"]
        .iter()
        .find_map(|role| owner.strip_suffix(role).filter(|noun| !noun.is_empty()).map(|noun| (noun, *role)));
    match noun {
        Some((_, "AsyncExecutionDetailView")) => format!("Execution{}", camel(field)),
        Some((noun, _)) => without_twice(noun, &without_plural(&camel(field))),
        None => without_twice(owner, &without_plural(&camel(field))),
    }
}

/// `Account` and `AccountStatus` are an `AccountStatus`.
fn without_twice(noun: &str, field: &str) -> String {
    if field.starts_with(noun) {
        field.to_owned()
    } else {
        format!("{noun}{field}")
    }
}

/// A text of an enumeration as a name in snake case, without what the enumeration's own name says:
/// `ACCOUNT_STATUS_ENABLED` of AccountStatus → `enabled`.
pub fn value(enumeration: &str, text: &str) -> String {
    let words: Vec<usize> = enumeration.char_indices().filter(|(_, letter)| letter.is_ascii_uppercase()).map(|(at, _)| at).collect();
    let prefixes = words.iter().map(|at| snake(&enumeration[*at..]) + "_");
    let lower = text.to_ascii_lowercase();
    let cut = prefixes.filter_map(|prefix| lower.strip_prefix(&prefix).map(str::to_owned)).next();
    cut.filter(|rest| !rest.starts_with(|letter: char| letter.is_ascii_digit())).unwrap_or(lower)
}

/// `AccountStatus` → `account_status`.
pub fn snake(camel: &str) -> String {
    let mut text = String::new();
    for (at, letter) in camel.char_indices() {
        if at > 0 && letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// What a list holds is named in the singular: `capabilities` → `Capability`.
fn without_plural(name: &str) -> String {
    match name.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => name.to_owned(),
    }
}
