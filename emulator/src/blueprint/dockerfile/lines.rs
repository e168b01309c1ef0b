//! A Dockerfile's text as whole instructions: lines joined, comments left out, heredocs attached.

/// An instruction as written.
#[derive(Debug, PartialEq)]
pub struct Line {
    /// Where it begins, counted from 1.
    pub number: usize,
    pub name: String,
    pub rest: String,
    pub heredocs: Vec<Heredoc>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Heredoc {
    pub name: String,
    pub content: String,
    /// Variables in it are replaced.
    pub expand: bool,
}

pub struct Text {
    pub lines: Vec<Line>,
    pub escape: char,
}

pub fn read(text: &str) -> Result<Text, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut source = text.lines().enumerate().peekable();
    let escape = directives(&mut source)?;
    let mut lines = Vec::new();
    while let Some((at, first)) = source.next() {
        if is_idle(first) {
            continue;
        }
        let mut whole = String::new();
        let mut next = Some(first);
        while let Some(part) = next.take() {
            let trimmed = part.trim_end();
            match trimmed.strip_suffix(escape) {
                Some(begun) => {
                    whole.push_str(begun);
                    // Comments and empty lines within an instruction do not end it.
                    while source.next_if(|(_, line)| is_idle(line)).is_some() {}
                    next = source.next().map(|(_, line)| line);
                }
                None => whole.push_str(part),
            }
        }
        let whole = whole.trim();
        let (name, rest) = whole.split_once(char::is_whitespace).unwrap_or((whole, ""));
        let name = name.to_ascii_uppercase();
        let mut heredocs = Vec::new();
        if matches!(name.as_str(), "RUN" | "COPY" | "ADD") {
            for mark in marks(rest) {
                heredocs.push(
                    mark.read(&mut source.by_ref().map(|(_, line)| line)).ok_or_else(|| {
                        format!("line {}: the heredoc {} has no end: a line that is {} alone", at + 1, mark.name, mark.name)
                    })?,
                );
            }
        }
        lines.push(Line { number: at + 1, name, rest: rest.trim_start().to_string(), heredocs });
    }
    Ok(Text { lines, escape })
}

fn is_idle(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}

/// `# escape=` and the like, at the very top.
fn directives<'a>(source: &mut std::iter::Peekable<impl Iterator<Item = (usize, &'a str)>>) -> Result<char, String> {
    let mut escape = '\\';
    loop {
        let directive = |line: &str| {
            let (name, value) = line.trim_start().strip_prefix('#')?.split_once('=')?;
            let name = name.trim().to_ascii_lowercase();
            matches!(name.as_str(), "syntax" | "escape" | "check").then(|| (name, value.trim().to_string()))
        };
        let Some((name, value)) = source.peek().and_then(|(_, line)| directive(line)) else {
            return Ok(escape);
        };
        source.next();
        if name == "escape" {
            escape = match value.as_str() {
                "\\" => '\\',
                "`" => '`',
                _ => return Err(format!("escape={value}: it can be \\ or ` only")),
            };
        }
    }
}

struct Mark {
    name: String,
    expand: bool,
    strip_tabs: bool,
}

impl Mark {
    fn read<'a>(&self, lines: &mut impl Iterator<Item = &'a str>) -> Option<Heredoc> {
        let mut content = String::new();
        for line in lines {
            let line = if self.strip_tabs { line.trim_start_matches('\t') } else { line };
            if line == self.name {
                return Some(Heredoc { name: self.name.clone(), content, expand: self.expand });
            }
            content.push_str(line);
            content.push('\n');
        }
        None
    }
}

/// `<<NAME`, `<<-NAME` and `<<"NAME"`, outside quotes.
fn marks(text: &str) -> Vec<Mark> {
    let mut found = Vec::new();
    let mut quote = None;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let Some(c) = rest.chars().next() else {
            break;
        };
        at += c.len_utf8();
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '\\' => at += text[at..].chars().next().map_or(0, char::len_utf8),
            None if c == '\'' || c == '"' => quote = Some(c),
            None if rest.starts_with("<<<") => at += 2,
            None if rest.starts_with("<<") => {
                let word = &rest[2..];
                let (strip_tabs, word) = word.strip_prefix('-').map_or((false, word), |word| (true, word));
                let (quoted, word) = match word.chars().next() {
                    Some(open @ ('\'' | '"')) => (Some(open), &word[1..]),
                    _ => (None, word),
                };
                let end = word.find(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c))).unwrap_or(word.len());
                let closed = quoted.is_none_or(|open| word[end..].starts_with(open));
                if end > 0 && closed && !word.starts_with(|c: char| c.is_ascii_digit()) {
                    found.push(Mark { name: word[..end].to_string(), expand: quoted.is_none(), strip_tabs });
                    at = text.len() - word.len() + end + usize::from(quoted.is_some());
                } else {
                    at += 1;
                }
            }
            None => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined_and_comments_left_out() {
        let text = read("# syntax=docker/dockerfile:1\n# escape=`\nFROM x `\n  # why\n\n  AS y\n#RUN no\nrun a\\\n").unwrap();
        let lines: Vec<_> = text.lines.iter().map(|l| (l.number, l.name.as_str(), l.rest.as_str())).collect();
        assert_eq!(lines, [(3, "FROM", "x   AS y"), (8, "RUN", "a\\")]);
    }

    #[test]
    fn heredocs_belong_to_their_instruction() {
        let text = read("RUN <<EOF cat <<-'B' > x\n$a\nEOF\n\tb\n\tB\nCOPY <<\"c d\" /x\nUSER <<EOF\n").unwrap();
        let heredoc = |name: &str, content: &str, expand| Heredoc { name: name.into(), content: content.into(), expand };
        assert_eq!(text.lines[0].heredocs, [heredoc("EOF", "$a\n", true), heredoc("B", "b\n", false)]);
        assert_eq!(text.lines[1].heredocs, []);
        assert_eq!(text.lines[2].rest, "<<EOF");
        assert!(read("RUN <<EOF\nx\n").err().unwrap().contains("EOF"));
        assert_eq!(read("RUN x <<< y\n").unwrap().lines[0].heredocs, []);
    }
}
