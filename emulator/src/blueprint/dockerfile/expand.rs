//! Variables and quotes in the words of instructions.

/// Splits at white space outside quotes; the words stay as written.
pub fn words(text: &str, escape: char) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match quote {
            None if c.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                continue;
            }
            None if c == '\'' || c == '"' => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ if c == escape && quote != Some('\'') => {
                word.push(c);
                word.extend(chars.next());
                continue;
            }
            _ => {}
        }
        word.push(c);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// A word as it is meant: quotes removed, variables replaced.
pub fn word(text: &str, escape: char, value: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    Reader { rest: text, escape, value, depth: 0 }.until(None, true)
}

/// A text in which only variables are replaced.
pub fn text(text: &str, escape: char, value: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    Reader { rest: text, escape, value, depth: 0 }.until(None, false)
}

/// Variables within the defaults of others: deeper ones would use up the stack.
const DEEPEST: usize = 100;

struct Reader<'a> {
    rest: &'a str,
    escape: char,
    value: &'a dyn Fn(&str) -> Option<String>,
    /// Within how many other variables it is.
    depth: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// Up to an end that is not part of the result.
    fn until(&mut self, end: Option<char>, quotes: bool) -> Result<String, String> {
        let mut out = String::new();
        let mut doubled = false;
        loop {
            let Some(c) = self.next() else {
                return match (end, doubled) {
                    (None, false) => Ok(out),
                    (None, true) => Err("a quote has no end".into()),
                    (Some(end), _) => Err(format!("a {end} is missing")),
                };
            };
            match c {
                _ if Some(c) == end && !doubled => return Ok(out),
                '\'' if quotes && !doubled => match self.rest.split_once('\'') {
                    Some((inside, rest)) => {
                        out.push_str(inside);
                        self.rest = rest;
                    }
                    None => return Err("a quote has no end".into()),
                },
                '"' if quotes => doubled = !doubled,
                '$' => self.variable(&mut out)?,
                _ if c == self.escape => match self.next() {
                    // Within double quotes, and outside words, it is special before special characters only.
                    Some(escaped) if (doubled || !quotes) && escaped != '$' && escaped != self.escape && !(quotes && escaped == '"') => {
                        out.push(c);
                        out.push(escaped);
                    }
                    Some(escaped) => out.push(escaped),
                    None => out.push(c),
                },
                _ => out.push(c),
            }
        }
    }

    /// What stands in a variable's braces behind its name.
    fn inside(&mut self) -> Result<String, String> {
        if self.depth == DEEPEST {
            return Err(format!("variables are nested more than {DEEPEST} deep"));
        }
        self.depth += 1;
        let inside = self.until(Some('}'), true);
        self.depth -= 1;
        inside
    }

    fn variable(&mut self, out: &mut String) -> Result<(), String> {
        let braced = self.rest.starts_with('{');
        if braced {
            self.next();
        }
        let end = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() || (!braced && name.starts_with(|c: char| c.is_ascii_digit())) {
            match braced {
                true => return Err("a variable without a name".into()),
                false => out.push('$'),
            }
            return Ok(());
        }
        self.rest = rest;
        let value = (self.value)(name);
        if !braced {
            out.push_str(&value.unwrap_or_default());
            return Ok(());
        }
        let colon = self.rest.starts_with(':');
        if colon {
            self.next();
        }
        let set = value.filter(|value| !colon || !value.is_empty());
        match self.next() {
            Some('}') if !colon => out.push_str(&set.unwrap_or_default()),
            Some('-') => {
                let otherwise = self.inside()?;
                out.push_str(&set.unwrap_or(otherwise));
            }
            Some('+') => {
                let then = self.inside()?;
                if set.is_some() {
                    out.push_str(&then);
                }
            }
            Some('?') => {
                let why = self.inside()?;
                out.push_str(&set.ok_or_else(|| format!("{name}: {}", if why.is_empty() { "not set" } else { &why }))?);
            }
            _ => return Err(format!("${{{name}…}} is written in a way that is not known; known are :-, :+, :?, -, + and ?")),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str) -> Result<String, String> {
        let value = |name: &str| match name {
            "A" => Some("one".to_string()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        word(text, '\\', &value)
    }

    #[test]
    fn variables_are_replaced_as_a_shell_would() {
        for (text, expected) in [
            ("$A/${A}x$NONE", "one/onex"),
            ("${NONE:-two $A}${EMPTY:-e}${EMPTY-f}", "two onee"),
            ("${A:+yes}${NONE:+no}${EMPTY:+no}", "yes"),
            (r#"'$A' "$A \$A \x" \$A"#, r"$A one $A \x $A"),
            ("cost: $ 5$", "cost: $ 5$"),
            ("a\\ b", "a b"),
        ] {
            assert_eq!(expanded(text).as_deref(), Ok(expected), "{text}");
        }
        let nested = |deep: usize| expanded(&format!("{}x{}", "${NONE:-".repeat(deep), "}".repeat(deep)));
        assert_eq!(nested(100).as_deref(), Ok("x"));
        assert_eq!(nested(100_000).unwrap_err(), "variables are nested more than 100 deep");
        assert_eq!(expanded("${NONE:?needed}").unwrap_err(), "NONE: needed");
        for broken in ["${A", "\"a", "'a", "${A:x}", "${}"] {
            assert!(expanded(broken).is_err(), "{broken}");
        }
        assert_eq!(text(r#"it's "$A" \$A \n"#, '\\', &|_| Some("1".into())).unwrap(), r#"it's "1" $A \n"#);
    }

    #[test]
    fn words_end_at_spaces_outside_quotes() {
        assert_eq!(words(r#"A="x y" B='p q'  C=d\ e"#, '\\'), [r#"A="x y""#, "B='p q'", r"C=d\ e"]);
    }
}
