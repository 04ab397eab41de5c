//! The tags and expressions of a template, as tokens.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Name,
    /// A text in quotes.
    Text,
    /// A number or a sign.
    Sign,
}

/// A part of an expression, and where it stands in the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'t> {
    pub sort: Sort,
    pub text: &'t str,
    pub range: Range<usize>,
}

impl<'t> Token<'t> {
    /// The token as a name.
    pub fn name(&self) -> Option<&'t str> {
        (self.sort == Sort::Name).then_some(self.text)
    }

    pub fn is_name(&self, name: &str) -> bool {
        self.name() == Some(name)
    }
}

/// A tag, or an expression that is printed.
#[derive(Debug, PartialEq, Eq)]
pub struct Block<'t> {
    /// Whether it stands in `{% … %}`.
    is_tag: bool,
    pub tokens: Vec<Token<'t>>,
}

impl<'t> Block<'t> {
    /// The first word of a tag; none of what is an expression.
    pub fn tag(&self) -> Option<&'t str> {
        let first = self.tokens.first().filter(|_| self.is_tag)?;
        first.name()
    }

    /// The template that it extends or includes.
    pub fn file(&self) -> Option<&'t str> {
        let name = self
            .tokens
            .get(1)
            .filter(|token| token.sort == Sort::Text)?;
        let inside = name.text.get(1..name.text.len().checked_sub(1)?)?;
        matches!(self.tag()?, "extends" | "include").then_some(inside)
    }

    /// The names that it gives to values.
    pub fn sets(&self) -> Vec<&'t str> {
        let names = self.tokens.iter().filter_map(Token::name);
        match self.tag() {
            Some("set" | "set_global") => names.skip(1).take(1).collect(),
            Some("for") => names.skip(1).take_while(|name| *name != "in").collect(),
            _ => Vec::new(),
        }
    }
}

/// Signs of more than one character; longer ones first.
const SIGNS: [&str; 12] = [
    "...", "?.", "?[", "==", "!=", "<=", ">=", "**", "//", "</", "/>", "=>",
];

/// All tags and expressions of a template. What is open at its end is left out: the engine says so.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find('{') {
        let start = at + found;
        at = match text.as_bytes().get(start + 1) {
            Some(b'#') => after(text, start, "#}"),
            Some(b'{') => read(text, start, "}}", &mut blocks),
            Some(b'%') => read(text, start, "%}", &mut blocks),
            _ => start + 1,
        };
        if blocks.last().and_then(Block::tag) == Some("raw") {
            blocks.pop();
            at = end_of_raw(text, at);
        }
    }
    blocks
}

fn after(text: &str, start: usize, end: &str) -> usize {
    text[start..]
        .find(end)
        .map_or(text.len(), |at| start + at + end.len())
}

fn end_of_raw(text: &str, mut at: usize) -> usize {
    while let Some(found) = text[at..].find("{%") {
        at += found + 2;
        let rest = text[at..].trim_start_matches('-').trim_start();
        if rest.starts_with("endraw") {
            return after(text, at, "%}");
        }
    }
    text.len()
}

/// Reads the block that starts at `start`; gives where it ends.
fn read<'t>(text: &'t str, start: usize, end: &str, blocks: &mut Vec<Block<'t>>) -> usize {
    let mut tokens = Vec::new();
    let (mut at, mut depth) = (start + 2, 0);
    if text[at..].starts_with('-') {
        at += 1;
    }
    while at < text.len() {
        let rest = &text[at..];
        if depth == 0 && rest.strip_prefix('-').unwrap_or(rest).starts_with(end) {
            let is_tag = end == "%}";
            blocks.push(Block { is_tag, tokens });
            return after(text, at, end);
        }
        let Some(first) = rest.chars().next() else {
            break;
        };
        let (sort, length) = match first {
            ' ' | '\t' | '\r' | '\n' => {
                at += 1;
                continue;
            }
            '"' | '\'' | '`' => (Sort::Text, quoted(rest, first)),
            _ if first.is_alphabetic() || first == '_' => {
                let is_part = |c: char| c.is_alphanumeric() || c == '_';
                (Sort::Name, rest.find(|c| !is_part(c)).unwrap_or(rest.len()))
            }
            '0'..='9' => {
                let digits = rest.find(|c: char| !c.is_ascii_digit());
                (Sort::Sign, digits.unwrap_or(rest.len()))
            }
            _ => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                (Sort::Sign, sign.map_or(first.len_utf8(), |sign| sign.len()))
            }
        };
        match first {
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => depth -= 1,
            '?' if rest.starts_with("?[") => depth += 1,
            _ => {}
        }
        tokens.push(Token {
            sort,
            text: &rest[..length],
            range: at..at + length,
        });
        at += length;
    }
    text.len()
}

/// How long the text in quotes is that something begins with.
fn quoted(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if c == quote && !is_escaped {
            return at + 1;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) {
        let shown: Vec<String> = blocks(text)
            .iter()
            .map(|block| {
                let texts: Vec<&str> = block.tokens.iter().map(|token| token.text).collect();
                texts.join(" ")
            })
            .collect();
        assert_eq!(shown, expect, "{text}");
    }

    #[test]
    fn blocks_are_found_and_cut_into_tokens() {
        check("a { b } {{ c.d }} e", &["c . d"]);
        check("{%- if a?.b == \"}}\" -%}", &["if a ?. b == \"}}\""]);
        check(
            "{# {{ no }} #}{{ <row of={card} /> }}",
            &["< row of = { card } />"],
        );
        check(
            "{% raw %}{{ no }}{% endraw %}{{ a[:-8] }}",
            &["a [ : - 8 ]"],
        );
        check(
            "{{ {\"k\": {\"x\": 港.名}} | jsonld }}",
            &["{ \"k\" : { \"x\" : 港 . 名 } } | jsonld"],
        );
        check("{{ 'it\\'s' ~ a", &[]);
    }
}
