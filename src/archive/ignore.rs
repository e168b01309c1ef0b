//! `.dockerignore`, by Docker's own rules: what its matcher does with each pattern, corner cases included.

use regex_lite::Regex;

use crate::error::{Error, Result};

/// Patterns, in their order; the last one that speaks of a path decides.
#[derive(Debug, Default)]
pub struct Ignore {
    patterns: Vec<Pattern>,
    exceptions: bool,
    /// Whether every exception names its paths literally, so that directories none begins with need no visit.
    literal_exceptions: bool,
}

/// Which patterns matched a directory, for what lies beneath it.
#[derive(Clone, Debug, Default)]
pub struct Matched(Vec<bool>);

#[derive(Debug)]
struct Pattern {
    text: String,
    exception: bool,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Exact,
    Prefix(String),
    Suffix(String),
    Expression(Regex),
}

impl Ignore {
    /// The rules of an ignore file; `name` is what messages call it.
    pub fn of_file(name: &str, contents: &[u8]) -> Result<Vec<String>> {
        let contents = contents.strip_prefix(b"\xef\xbb\xbf").unwrap_or(contents);
        let text = std::str::from_utf8(contents).map_err(|error| {
            Error::invalid(format!("{name} is not valid UTF-8: its byte {} does not begin a character.", error.valid_up_to()))
        })?;
        Ok(text.lines().filter(|line| !line.starts_with('#')).filter_map(normalized).collect())
    }

    /// A single pattern, as if it stood in an ignore file; `None` where it is blank.
    pub fn of_text(pattern: &str) -> Option<String> {
        normalized(pattern)
    }

    /// Compiles patterns that one of the above gave.
    pub fn new(patterns: &[String]) -> Result<Ignore> {
        let mut ignore = Ignore { literal_exceptions: true, ..Ignore::default() };
        for text in patterns {
            let pattern = Pattern::new(text)?;
            if pattern.exception {
                ignore.exceptions = true;
                ignore.literal_exceptions &= !pattern.without_trailing_glob().contains(['*', '[', ']', '?', '^', '\\']);
            }
            ignore.patterns.push(pattern);
        }
        Ok(ignore)
    }

    /// Whether nothing is ignored.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether a path is ignored, given what was found for the directory that holds it.
    pub fn matches(&self, path: &str, parent: &Matched) -> (bool, Matched) {
        let mut ignored = false;
        let mut found = vec![false; self.patterns.len()];
        for (at, pattern) in self.patterns.iter().enumerate() {
            let mut hit = parent.0.get(at).copied().unwrap_or(false);
            if !hit {
                // A pattern that could change nothing is not asked.
                if pattern.exception != ignored {
                    continue;
                }
                hit = pattern.matches(path);
            }
            found[at] = hit;
            if hit {
                ignored = !pattern.exception;
            }
        }
        (ignored, Matched(found))
    }

    /// Whether an ignored directory may hold something that an exception brings back.
    pub fn may_hold_exceptions(&self, directory: &str) -> bool {
        if !self.exceptions || !self.literal_exceptions {
            return self.exceptions;
        }
        let inside = format!("{directory}/");
        self.patterns.iter().any(|pattern| pattern.exception && format!("{}/", pattern.without_trailing_glob()).starts_with(&inside))
    }
}

/// What a line stands for: trimmed, its path cleaned, relative.
fn normalized(line: &str) -> Option<String> {
    let line = trim(line);
    if line.is_empty() {
        return None;
    }
    let (mark, path) = match line.strip_prefix('!') {
        Some(path) => ("!", trim(path)),
        None => ("", line),
    };
    let cleaned = if path.is_empty() { String::new() } else { clean(path) };
    let relative = match cleaned.strip_prefix('/') {
        Some(rest) if !rest.is_empty() => rest,
        _ => &cleaned,
    };
    Some(format!("{mark}{relative}"))
}

/// White space as Go's `strings.TrimSpace` knows it.
fn trim(text: &str) -> &str {
    text.trim_matches(char::is_whitespace)
}

/// The shortest path that means the same, as Go's `filepath.Clean` finds it.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

impl Pattern {
    fn new(given: &str) -> Result<Pattern> {
        let wrong = |why: &str| Error::invalid(format!("The ignore pattern {given:?} cannot be used: {why}."));
        let cleaned = clean(trim(given));
        let (exception, text) = match cleaned.strip_prefix('!') {
            Some(rest) => (true, rest.to_owned()),
            None => (false, cleaned),
        };
        if text.is_empty() {
            return Err(wrong("nothing follows the !"));
        }
        check_syntax(&text).map_err(wrong)?;
        let kind = Kind::of(&text).map_err(|error| wrong(&error))?;
        Ok(Pattern { text, exception, kind })
    }

    fn matches(&self, path: &str) -> bool {
        match &self.kind {
            Kind::Exact => path == self.text,
            Kind::Prefix(prefix) => path.starts_with(prefix.as_str()),
            Kind::Suffix(suffix) => path.ends_with(suffix.as_str()) || suffix.strip_prefix('/') == Some(path),
            Kind::Expression(expression) => expression.is_match(path),
        }
    }

    fn without_trailing_glob(&self) -> &str {
        let text = self.text.strip_suffix("/**").unwrap_or(&self.text);
        text.strip_suffix("/*").unwrap_or(text)
    }
}

impl Kind {
    fn of(text: &str) -> std::result::Result<Kind, String> {
        #[derive(PartialEq)]
        enum Found {
            Exact,
            Prefix,
            Suffix,
            Expression,
        }
        let mut expression = String::from("^");
        let mut found = Found::Exact;
        let mut chars = text.chars().peekable();
        let mut first = true;
        while let Some(c) = chars.next() {
            match c {
                '*' if chars.next_if_eq(&'*').is_some() => {
                    chars.next_if_eq(&'/');
                    if chars.peek().is_some() {
                        // Any number of directories, none included.
                        expression.push_str("(.*/)?");
                        found = Found::Expression;
                    } else if found == Found::Exact {
                        found = Found::Prefix;
                    } else {
                        expression.push_str(".*");
                        found = Found::Expression;
                    }
                    if first {
                        found = Found::Suffix;
                    }
                }
                '*' => {
                    expression.push_str("[^/]*");
                    found = Found::Expression;
                }
                '?' => {
                    expression.push_str("[^/]");
                    found = Found::Expression;
                }
                '.' | '+' | '(' | ')' | '|' | '{' | '}' | '$' => {
                    expression.push('\\');
                    expression.push(c);
                }
                '\\' => {
                    // What follows stands for itself, or is a class of Go's expressions, as it is for Docker.
                    match chars.next() {
                        Some(c) if c.is_ascii_alphanumeric() => expression.extend(['\\', c]),
                        Some(c) => expression.push_str(&format!("\\x{{{:x}}}", u32::from(c))),
                        None => return Err("it ends with a backslash".to_owned()),
                    }
                    found = Found::Expression;
                }
                '[' | ']' => {
                    expression.push(c);
                    found = Found::Expression;
                }
                c => expression.push(c),
            }
            first = false;
        }
        Ok(match found {
            Found::Exact => Kind::Exact,
            Found::Prefix => Kind::Prefix(text[..text.len() - 2].to_owned()),
            Found::Suffix => Kind::Suffix(text[2..].to_owned()),
            Found::Expression => {
                expression.push('$');
                Kind::Expression(Regex::new(&expression).map_err(|_| "its brackets or escapes make no sense".to_owned())?)
            }
        })
    }
}

/// What Go's `filepath.Match` calls a bad pattern.
fn check_syntax(pattern: &str) -> std::result::Result<(), &'static str> {
    const UNCLOSED: &str = "a [ is not closed";
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.next().is_none() => return Err("it ends with a backslash"),
            '[' => {
                chars.next_if_eq(&'^');
                let mut ranges = 0;
                loop {
                    if ranges > 0 && chars.next_if_eq(&']').is_some() {
                        break;
                    }
                    for end in 0..2 {
                        match chars.next().ok_or(UNCLOSED)? {
                            '-' | ']' => return Err("its [ ] holds no valid range"),
                            '\\' => drop(chars.next().ok_or(UNCLOSED)?),
                            _ => {}
                        }
                        if end == 1 || chars.next_if_eq(&'-').is_none() {
                            break;
                        }
                    }
                    ranges += 1;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignored(file: &str, path: &str) -> bool {
        let ignore = Ignore::new(&Ignore::of_file(".dockerignore", file.as_bytes()).unwrap()).unwrap();
        let mut parent = Matched::default();
        let mut outcome = false;
        for (at, _) in path.match_indices('/').chain([(path.len(), "")]) {
            (outcome, parent) = ignore.matches(&path[..at], &parent);
        }
        outcome
    }

    /// Files, and of each which paths are ignored and which are not.
    #[test]
    fn dockers_rules() {
        let table: &[(&str, &[&str], &[&str])] = &[
            ("", &[], &["a"]),
            ("a", &["a", "a/b", "a/b/c"], &["b/a", "ab", "A"]),
            ("a/b", &["a/b", "a/b/c"], &["a", "x/a/b"]),
            // Anchors: a leading slash changes nothing, patterns begin at the root.
            ("/a", &["a", "a/b"], &["b/a"]),
            ("./a", &["a"], &["b/a"]),
            ("x/../a", &["a"], &["x", "x/a"]),
            ("../a", &[], &["a"]),
            ("/", &[], &["a", "b/c"]),
            (".", &[], &["a"]),
            // Trailing slashes mean nothing: files match as well as directories.
            ("a/", &["a", "a/b"], &["b/a"]),
            ("a//b/", &["a/b"], &["a"]),
            // Stars stay within a name.
            ("*", &["a", "a/b", ".x"], &[]),
            ("*.o", &["a.o", ".o"], &["a/b.o", "a.oo"]),
            ("*/b", &["a/b", "a/b/c"], &["b", "a/x/b"]),
            ("a*b", &["ab", "axxb"], &["a/b"]),
            ("*/*", &["a/b"], &["a"]),
            ("?", &["a", "\u{e4}", "a/b"], &["aa"]),
            ("a?c", &["abc"], &["ac", "a/c"]),
            // Two stars go through directories, none included.
            ("**", &["a", "a/b/c"], &[]),
            ("**/a", &["a", "x/a", "x/y/a", "a/b"], &["xa", "ab"]),
            ("**a", &["a", "xa", "x/ya"], &["ab"]),
            ("**/*.o", &["a.o", "x/y/a.o"], &["a.c"]),
            ("a/**", &["a/b", "a/b/c"], &["a", "ab"]),
            ("a/**/b", &["a/b", "a/x/b", "a/x/y/b"], &["b", "a", "a/xb/c"]),
            ("a**", &["a", "ab", "a/b"], &["b"]),
            ("a/**/", &["a/b"], &["a"]),
            ("**/a/**", &["a/b", "x/a/b"], &["a", "x/a"]),
            ("x/**/*.o", &["x/a.o", "x/y/a.o"], &["a.o"]),
            // Negation, by order: the last that speaks of a path wins.
            ("*.md\n!README.md", &["a.md"], &["README.md"]),
            ("!README.md\n*.md", &["README.md"], &[]),
            ("*.md\n!R*.md\nREADME.md", &["README.md"], &["RX.md"]),
            ("a\n!a/b", &["a", "a/c"], &["a/b", "a/b/c"]),
            ("a\n!a/b\na/b/c", &["a/b/c"], &["a/b/d"]),
            ("*\n!a", &["b"], &["a", "a/b"]),
            ("*\n!a/*.c", &["a", "a/x.h"], &["a/x.c"]),
            ("**\n!**/keep", &["a", "a/b"], &["keep", "a/keep", "a/b/keep/x"]),
            ("a/*\n!a/b\n", &["a/c"], &["a", "a/b"]),
            ("! a", &[], &["a"]),
            ("a\n!  a", &[], &["a"]),
            ("a\n!/a/b/", &["a/c"], &["a/b"]),
            // Comments begin at the first column; blanks around a pattern are not part of it.
            ("#a\nb", &["b"], &["a", "#a"]),
            (" #a", &["#a"], &["a"]),
            ("a # b", &["a # b"], &["a"]),
            ("\\#a", &["#a"], &["a"]),
            ("  a  \n\n\t\nb\t", &["a", "b"], &["  a  "]),
            ("a b", &["a b"], &["a", "b"]),
            ("a\r\nb\r\n", &["a", "b"], &[]),
            // A byte order mark counts for nothing at the beginning alone.
            ("\u{feff}a", &["a"], &[]),
            ("\u{feff}#a\nb", &["b"], &["a"]),
            ("x\n\u{feff}a", &["x"], &["a"]),
            // Escapes and classes.
            ("\\*", &["*"], &["a"]),
            ("\\!a", &["!a"], &["a"]),
            ("a\\?", &["a?"], &["ab"]),
            ("\\[a]", &["[a]"], &["a"]),
            ("[ab]c", &["ac", "bc"], &["cc", "abc"]),
            ("[a-c]", &["a", "b", "c"], &["d", "-"]),
            ("[^a]b", &["bb"], &["ab"]),
            ("[!a]", &["!", "a"], &["b"]),
            ("[\\]a]", &["]", "a"], &["b"]),
            ("[\\-x]", &["-", "x"], &["a"]),
            ("]", &["]"], &["a"]),
            // What means something in regular expressions means nothing here.
            ("a.b", &["a.b"], &["axb"]),
            ("*.b+(c)|{d}$", &["x.b+(c)|{d}$"], &["x.bb"]),
            ("^a", &["^a"], &["a"]),
            ("\u{e4}*", &["\u{e4}x"], &["a"]),
        ];
        for (file, yes, no) in table {
            for path in *yes {
                assert!(ignored(file, path), "{file:?} should ignore {path:?}");
            }
            for path in *no {
                assert!(!ignored(file, path), "{file:?} should not ignore {path:?}");
            }
        }
    }

    #[test]
    fn what_docker_refuses_is_refused() {
        for wrong in ["[", "[a", "a[b/c", "[]", "[]a]", "[^]", "[-a]", "[a-]", "a\\", "!", "! ", "\\\u{e4}[", "[\\"] {
            let lines = Ignore::of_file("x", wrong.as_bytes()).unwrap();
            let error = Ignore::new(&lines).expect_err(wrong);
            assert!(error.to_string().contains("pattern"), "{error}");
        }
        assert!(Ignore::of_file("x", b"a\xff").is_err());
    }

    #[test]
    fn ignored_directories_are_visited_where_an_exception_may_be_inside() {
        let may = |file: &str, directory: &str| {
            Ignore::new(&Ignore::of_file("x", file.as_bytes()).unwrap()).unwrap().may_hold_exceptions(directory)
        };
        assert!(!may("a", "a"));
        assert!(may("a\n!a/b/c", "a"));
        assert!(may("a\n!a/b/c", "a/b"));
        assert!(!may("a\n!a/b/c", "a/x"));
        assert!(!may("a\n!b/**", "a"));
        assert!(may("a\n!b/**", "b"));
        assert!(may("a\n!**/keep", "a"));
        assert!(may("a\n!*/keep", "b"));
    }
}
