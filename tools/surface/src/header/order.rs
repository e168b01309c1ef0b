//! Gives the declarations the order of a book: what the numbers mean, the library, its tools, then
//! noun after noun, each with its type before its functions.

/// Sections, each with the prefixes of what belongs to it; the first that fits takes an item.
const SECTIONS: &[(&str, &[&str])] = &[
    ("Status and other numbers", &["#define RUNLOOP_"]),
    ("Functions of yours that the library calls", &["typedef int32_t (*", "typedef int64_t (*", "typedef void (*"]),
    ("The library", &["runloop_version", "runloop_abi_check", "runloop_status_name", "runloop_live_handles", "runloop_log_set"]),
    ("Errors", &["runloop_error"]),
    ("Bytes", &["runloop_bytes"]),
    ("Cancelling", &["runloop_cancel"]),
    ("Parameters", &["runloop_params"]),
    ("Answers", &["runloop_value"]),
    ("Call options", &["runloop_call_options"]),
    ("Configuration", &["runloop_config"]),
    ("Client", &["runloop_client"]),
    ("Devboxes", &["runloop_devbox_cursor", "runloop_devbox_list"]),
    ("Commands", &["runloop_exec_options", "runloop_devbox_exec", "runloop_execution_stream", "runloop_execution", "runloop_exec_result"]),
    ("Output, pulled", &["runloop_output_stream"]),
    (
        "Files",
        &[
            "runloop_source",
            "runloop_sink",
            "runloop_devbox_read_file",
            "runloop_devbox_write_file",
            "runloop_devbox_upload",
            "runloop_devbox_download",
        ],
    ),
    ("Directories", &["runloop_tree_options", "runloop_devbox_upload_dir", "runloop_devbox_download_dir"]),
    ("Storage objects", &["runloop_object", "runloop_docker_context"]),
    ("Devboxes", &["runloop_devbox"]),
    (
        "How a devbox is reached",
        &[
            "runloop_devbox_create_ssh_key",
            "runloop_devbox_enable_tunnel",
            "runloop_devbox_remove_tunnel",
            "runloop_devbox_get_tunnel",
            "runloop_devbox_create_pty_tunnel",
            "runloop_devbox_create_gateway_token",
            "runloop_devbox_create_mcp_token",
        ],
    ),
    ("Snapshots", &["runloop_snapshot", "runloop_devbox_snapshot_disk"]),
    ("Blueprints", &["runloop_blueprint"]),
    ("Events, pulled", &["runloop_event_stream", "runloop_eviction_watch"]),
    ("Axons", &["runloop_axon"]),
    ("Secrets", &["runloop_secret"]),
    ("Network policies", &["runloop_network_policy"]),
    ("Gateway configs", &["runloop_gateway_config"]),
    ("MCP configs", &["runloop_mcp_config"]),
    ("The account", &["runloop_account", "runloop_api_key", "runloop_restricted_key"]),
];

/// The order in which the sections stand, by title, each once.
fn titles() -> Vec<&'static str> {
    let mut titles: Vec<&str> = Vec::new();
    for (title, _) in SECTIONS {
        if !titles.contains(title) {
            titles.push(title);
        }
    }
    titles
}

/// Rearranges what cbindgen wrote.
pub fn arrange(header: &str) -> Result<String, String> {
    const BEGIN: &str = "/* ---- declarations ---- */\n";
    let (front, rest) = header.split_once(BEGIN).ok_or("the generated header lacks its mark")?;
    let mut items: Vec<(usize, usize, usize, String)> = Vec::new();
    let mut frame = Vec::new();
    let end_of_frame = rest.rfind("#ifdef __cplusplus").ok_or("the generated header lacks its end")?;
    for (number, block) in blocks(&rest[..end_of_frame]).into_iter().enumerate() {
        if block.starts_with("#ifdef __cplusplus") {
            frame.push(block);
            continue;
        }
        let name = name_of(&block).ok_or_else(|| format!("no name in:\n{block}"))?;
        let (_, fit) = best(&name, &block).ok_or_else(|| format!("tools/surface/src/header/order.rs has no section for {name}"))?;
        let place = titles().iter().position(|title| *title == SECTIONS[fit].0).unwrap_or(usize::MAX);
        let rank = if block.contains("typedef struct") { 0 } else { 1 };
        items.push((place, rank, number, block));
    }
    items.sort_by_key(|(place, rank, number, _)| (*place, *rank, *number));
    let mut text = front.to_owned();
    text.push_str("#ifdef __cplusplus\nextern \"C\" {\n#endif\n");
    let mut current = usize::MAX;
    let mut before = None;
    // Types first, so that any function may use any of them.
    let forward: Vec<String> = items.iter().filter_map(|(_, _, _, block)| opaque_name(block)).collect();
    text.push_str("\n/* Every type that a function takes; each is described with its functions. */\n");
    for name in &forward {
        text.push_str(&format!("typedef struct {name} {name};\n"));
    }
    for (place, _, _, block) in &items {
        if *place != current {
            current = *place;
            let title = titles()[current];
            text.push_str(&format!("\n/* ---------------------------------------------------------------------\n * {title}\n * --------------------------------------------------------------------- */\n"));
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

/// The section whose prefix fits an item best, by length.
fn best(name: &str, block: &str) -> Option<(usize, usize)> {
    let code = code(block);
    let mut best: Option<(usize, usize)> = None;
    for (number, (_, prefixes)) in SECTIONS.iter().enumerate() {
        for prefix in *prefixes {
            let fits = name.starts_with(prefix) || (prefix.contains(' ') && code.trim_start().starts_with(prefix));
            let weight = if prefix.contains(' ') { 1000 } else { prefix.len() };
            if fits && best.is_none_or(|(length, _)| weight > length) {
                best = Some((weight, number));
            }
        }
    }
    best
}
