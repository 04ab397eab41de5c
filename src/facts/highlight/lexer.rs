//! Code that is made of words, strings and comments, and markup with such code in it.
//!
//! What lies in one another (code in a string in code, elements in code) is a stack of modes of
//! bounded height. Each step takes at least a byte of the code or a mode off the stack, and a mode
//! is entered by a byte, so the steps are at most twice the bytes.

use super::languages::{Flavour, Language, Quote, find, names_next};
use super::{Class, Paint};
use memchr::{memchr, memchr3, memmem};

/// Modes that lie in one another. Code in deeper strings is part of them.
const DEEPEST: usize = 32;
/// Bytes that are looked at beside a word.
const BESIDE: usize = 32;

pub fn code(text: &str, language: &'static Language, paint: &mut Paint) {
    let mode = Mode::Code {
        language,
        close: 0,
        depth: 0,
    };
    Lexer::new(text, mode, paint).run();
}

pub fn markup(text: &str, flavour: Flavour, paint: &mut Paint) {
    // Most blocks of PHP are code alone.
    if flavour == Flavour::Php && memmem::find(text.as_bytes(), b"<?").is_none() {
        embedded("php-code", text, paint);
        return;
    }
    Lexer::new(text, Mode::Elements { flavour, depth: 0 }, paint).run();
}

/// Code of another language.
fn embedded(name: &str, text: &str, paint: &mut Paint) {
    match find(name) {
        Some(language) => language.paint(text, paint),
        None => paint.plain(text),
    }
}

#[derive(Clone, Copy)]
enum Mode {
    /// Code, up to a closing bracket; 0 where there is none.
    Code {
        language: &'static Language,
        close: u8,
        depth: usize,
    },
    Quoted(&'static Quote),
    /// Text with tags; in code, up to the end of the first element.
    Elements {
        flavour: Flavour,
        depth: usize,
    },
    /// From the name of a tag to its end.
    Tag {
        closing: bool,
        raw: Option<Raw>,
    },
}

/// An element whose text is no markup.
#[derive(Clone, Copy)]
enum Raw {
    Script,
    Style,
}

struct Lexer<'a, 'p> {
    text: &'a str,
    at: usize,
    paint: &'p mut Paint,
    modes: Vec<Mode>,
    /// Whether a value may follow, so that a slash begins a regular expression.
    wants_value: bool,
    /// What was found to hold no regular expression ends here.
    no_regex_before: usize,
    /// Texts that begin behind this line, and end with a line of these words.
    here: Option<&'a str>,
    /// The class of the next word.
    names: Option<Class>,
}

impl<'a, 'p> Lexer<'a, 'p> {
    fn new(text: &'a str, mode: Mode, paint: &'p mut Paint) -> Lexer<'a, 'p> {
        Lexer {
            text,
            at: 0,
            paint,
            modes: vec![mode],
            wants_value: true,
            no_regex_before: 0,
            here: None,
            names: None,
        }
    }

    fn run(&mut self) {
        while self.at < self.text.len() {
            match self.modes.last().copied() {
                Some(Mode::Code {
                    language,
                    close,
                    depth,
                }) => self.code(language, close, depth),
                Some(Mode::Quoted(quote)) => self.quoted(quote),
                Some(Mode::Elements { flavour, depth }) => self.elements(flavour, depth),
                Some(Mode::Tag { closing, raw }) => self.tag(closing, raw),
                None => self.take(self.text.len() - self.at, None),
            }
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self, ahead: usize) -> u8 {
        let bytes = self.text.as_bytes();
        bytes.get(self.at + ahead).copied().unwrap_or_default()
    }

    fn before(&self) -> u8 {
        match self.at {
            0 => b'\n',
            at => self.text.as_bytes()[at - 1],
        }
    }

    /// Takes some bytes, up to the end of the character that they end in.
    fn take(&mut self, count: usize, class: Option<Class>) {
        let mut end = (self.at + count).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        self.paint.put(&self.text[self.at..end], class);
        self.at = end;
    }

    /// Takes what comes before the end of the line.
    fn take_line(&mut self, class: Class) {
        let rest = self.rest();
        let end = memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        self.take(end, Some(class));
    }

    /// Takes all up to some words and these as well; all there is where they don't come.
    fn take_to(&mut self, close: &str, class: Class) {
        let rest = self.rest().as_bytes();
        let end = memmem::find(rest, close.as_bytes()).map_or(rest.len(), |at| at + close.len());
        self.take(end, Some(class));
    }

    fn enter(&mut self, mode: Mode) -> bool {
        let fits = self.modes.len() < DEEPEST;
        if fits {
            self.modes.push(mode);
        }
        fits
    }

    fn leave(&mut self) {
        self.modes.pop();
        self.wants_value = false;
    }

    fn deepen(&mut self, by: isize) {
        if let Some(Mode::Code { depth, .. } | Mode::Elements { depth, .. }) = self.modes.last_mut()
        {
            *depth = depth.saturating_add_signed(by);
        }
    }

    fn code(&mut self, language: &'static Language, close: u8, depth: usize) {
        let byte = self.peek(0);
        match byte {
            b'\n' => {
                self.take(1, None);
                self.wants_value |= language.look.lines;
                if let Some(end) = self.here.take() {
                    self.here_text(end);
                }
            }
            b' ' | b'\t' | b'\r' => self.take(1, None),
            _ if self.comment(language) || self.special(language) || self.quote(language) => {}
            b'0'..=b'9' => self.number(),
            _ if language.is_of_word(byte) => self.word(language),
            b'(' | b'[' | b'{' => {
                self.take(1, None);
                self.deepen(1);
                self.wants_value = true;
                self.names = None;
            }
            b')' | b']' | b'}' => {
                self.take(1, None);
                if depth == 0 && byte == close {
                    self.leave();
                } else {
                    self.deepen(-1);
                    self.wants_value = false;
                }
            }
            _ => {
                self.take(1, None);
                self.wants_value = true;
                if byte != b'*' && byte != b'&' {
                    self.names = None;
                }
            }
        }
    }

    fn comment(&mut self, language: &'static Language) -> bool {
        let rest = self.rest();
        if let Some(block) = language
            .look
            .blocks
            .iter()
            .find(|one| rest.starts_with(one.open))
        {
            let fits = !block.at_margin || self.before() == b'\n';
            if fits {
                match block.nests {
                    true => self.nested_comment(block.open, block.close),
                    false => {
                        self.take(block.open.len(), Some(Class::Comment));
                        self.take_to(block.close, Class::Comment);
                    }
                }
                return true;
            }
        }
        let is_here = |mark: &&&str| rest.starts_with(**mark);
        let Some(mark) = language.look.comments.iter().find(is_here) else {
            return false;
        };
        // `a#b` and `$#` of shells are none, and a word like `rem` ends.
        let before = self.before();
        let is_apart = before.is_ascii_whitespace() || matches!(before, b';' | b'(' | b'{');
        let is_word = mark.as_bytes()[0].is_ascii_alphabetic();
        if language.look.comments_apart && !is_apart
            || is_word && language.is_of_word(self.peek(mark.len()))
        {
            return false;
        }
        self.take_line(Class::Comment);
        true
    }

    fn nested_comment(&mut self, open: &str, close: &str) {
        let rest = self.rest();
        let (mut depth, mut at) = (0, 0);
        while at < rest.len() {
            let here = &rest.as_bytes()[at..];
            if here.starts_with(open.as_bytes()) {
                depth += 1;
                at += open.len();
            } else if here.starts_with(close.as_bytes()) {
                depth -= 1;
                at += close.len();
                if depth == 0 {
                    break;
                }
            } else {
                at += 1;
            }
        }
        self.take(at, Some(Class::Comment));
    }

    /// What only some languages have.
    fn special(&mut self, language: &'static Language) -> bool {
        let (byte, next) = (self.peek(0), self.peek(1));
        let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80;
        let is_tag = |byte: u8| byte.is_ascii_alphabetic() || byte == b'>';
        let (count, class) = match byte {
            b'\'' if language.look.lifetimes && is_letter(next) && self.char_end().is_none() => {
                (1 + self.length(language, 1), Class::Type)
            }
            b'#' if language.look.attributes && (next == b'[' || next == b'!') => {
                let rest = self.rest();
                let end = rest.find([']', '\n']).unwrap_or(rest.len());
                let closed = rest.as_bytes().get(end) == Some(&b']');
                (end + usize::from(closed), Class::Attribute)
            }
            b'#' if language.look.directives && is_letter(next) => {
                (1 + self.length(language, 1), Class::Keyword)
            }
            b'@' if language.look.decorators && is_letter(next) => {
                (1 + self.length(language, 1), Class::Attribute)
            }
            b':' if language.look.symbols && is_letter(next) && self.before() != b':' => {
                (1 + self.length(language, 1), Class::Number)
            }
            b'$' if language.look.variables => match next {
                b'{' | b'(' if language.look.expands => return self.expansion(next),
                b'{' => return false,
                b'#' | b'@' | b'*' | b'?' | b'!' | b'$' | b'0'..=b'9' => (2, Class::Attribute),
                next if is_letter(next) => (1 + self.length(language, 1), Class::Attribute),
                _ => return false,
            },
            b'%' if language.look.percents && is_letter(next) => {
                let name = self.length(language, 1);
                if self.peek(1 + name) != b'%' {
                    return false;
                }
                (name + 2, Class::Attribute)
            }
            b'\\' if language.look.backslashes => match is_letter(next) {
                true => (1 + self.length(language, 1), Class::Keyword),
                false => {
                    self.take(2, None);
                    return true;
                }
            },
            b'<' if language.look.here && next == b'<' => return self.here_mark(),
            b'<' if language.look.elements && self.wants_value && is_tag(next) => {
                let elements = Mode::Elements {
                    flavour: Flavour::Jsx,
                    depth: 0,
                };
                return self.enter(elements);
            }
            b'/' if language.look.regexes && self.wants_value => return self.regex(),
            b'[' if language.look.headings && self.before() == b'\n' => {
                self.take_line(Class::Keyword);
                return true;
            }
            _ => return false,
        };
        self.take(count, Some(class));
        self.wants_value = false;
        true
    }

    /// `${…}` and `$(…)`.
    fn expansion(&mut self, bracket: u8) -> bool {
        let rest = self.rest();
        if bracket == b'{' {
            let end = rest.find(['}', '\n']).map_or(rest.len(), |at| at + 1);
            self.take(end, Some(Class::Attribute));
            return true;
        }
        let Some(Mode::Code { language, .. }) = self.modes.last().copied() else {
            return false;
        };
        let inner = Mode::Code {
            language,
            close: b')',
            depth: 0,
        };
        let fits = self.enter(inner);
        if fits {
            self.take(2, None);
        }
        fits
    }

    /// `<<EOF`, behind whose line a text begins.
    fn here_mark(&mut self) -> bool {
        let rest = self.rest();
        let mark = rest[2..].trim_start_matches(['-', '~']);
        let (word, quoted) = match mark.as_bytes().first() {
            Some(quote @ (b'\'' | b'"')) => (&mark[1..], Some(*quote)),
            _ => (mark, None),
        };
        let is_of_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let end = word.bytes().position(|byte| !is_of_word(byte));
        let end = end.unwrap_or(word.len());
        let starts = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !starts || quoted.is_some_and(|quote| word.as_bytes().get(end) != Some(&quote)) {
            return false;
        }
        self.here = Some(&word[..end]);
        let length = rest.len() - word.len() + end + usize::from(quoted.is_some());
        self.take(length, Some(Class::String));
        true
    }

    fn here_text(&mut self, end: &str) {
        let mut length = 0;
        for line in self.rest().split_inclusive('\n') {
            length += line.len();
            if line.trim() == end {
                length -= line.len() - line.trim_end().len();
                break;
            }
        }
        self.take(length, Some(Class::String));
    }

    /// A regular expression, which is on one line.
    fn regex(&mut self) -> bool {
        if self.at < self.no_regex_before {
            return false;
        }
        let bytes = self.rest().as_bytes();
        let (mut at, mut in_class) = (1, false);
        loop {
            match bytes.get(at) {
                None | Some(b'\n') => {
                    self.no_regex_before = self.at + at.min(bytes.len());
                    return false;
                }
                Some(b'\\') if bytes.get(at + 1) != Some(&b'\n') => at += 1,
                Some(b'[') => in_class = true,
                Some(b']') => in_class = false,
                Some(b'/') if !in_class => break,
                Some(_) => {}
            }
            at += 1;
        }
        let flags = bytes[at + 1..].iter();
        let flags = flags.take_while(|byte| byte.is_ascii_alphabetic()).count();
        self.take(at + 1 + flags, Some(Class::String));
        self.wants_value = false;
        true
    }

    /// Where a character in single quotes ends, counted from its first quote.
    fn char_end(&self) -> Option<usize> {
        let rest = &self.rest()[1..];
        let mut chars = rest.char_indices();
        match chars.next()?.1 {
            '\'' | '\n' => None,
            // The longest is `\u{10FFFF}`.
            '\\' => {
                const LONGEST: usize = 12;
                let ahead = rest.bytes().enumerate().take(LONGEST).skip(2);
                let mut ahead = ahead.take_while(|(_, byte)| *byte != b'\n');
                ahead.find(|(_, byte)| *byte == b'\'').map(|(at, _)| at + 2)
            }
            _ => {
                let (at, c) = chars.next()?;
                (c == '\'').then_some(at + 2)
            }
        }
    }

    fn quote(&mut self, language: &'static Language) -> bool {
        let rest = self.rest();
        if language.look.chars
            && rest.starts_with('\'')
            && let Some(length) = self.char_end()
        {
            self.take(length, Some(Class::String));
            self.wants_value = false;
            return true;
        }
        if language.look.raw && self.raw() {
            return true;
        }
        let mut quotes = language.look.quotes.iter();
        let Some(quote) = quotes.find(|quote| rest.starts_with(quote.open)) else {
            return false;
        };
        if language.look.keys && self.is_key(quote) {
            return true;
        }
        self.take(quote.open.len(), Some(Class::String));
        if !self.enter(Mode::Quoted(quote)) {
            self.take_to(quote.close, Class::String);
        }
        true
    }

    /// Rust's `r#"…"#`.
    fn raw(&mut self) -> bool {
        let rest = self.rest().as_bytes();
        let start = usize::from(rest[0] == b'b');
        if rest.get(start) != Some(&b'r') {
            return false;
        }
        let signs = rest[start + 1..].iter().take_while(|byte| **byte == b'#');
        let signs = signs.count();
        let open = start + 1 + signs;
        if rest.get(open) != Some(&b'"') {
            return false;
        }
        let close = format!("\"{}", "#".repeat(signs));
        self.take(open + 1, Some(Class::String));
        self.take_to(&close, Class::String);
        self.wants_value = false;
        true
    }

    /// A string with a colon behind it, on its line, is a key of an object.
    fn is_key(&mut self, quote: &Quote) -> bool {
        let rest = self.rest().as_bytes();
        let mut at = 1;
        while let Some(byte) = rest.get(at) {
            match byte {
                b'\n' => return false,
                b'\\' => at += 1,
                _ if rest[at..].starts_with(quote.close.as_bytes()) => break,
                _ => {}
            }
            at += 1;
        }
        let end = at + 1;
        let behind = rest.get(end..).unwrap_or_default();
        let is_key = behind.trim_ascii_start().first() == Some(&b':');
        if is_key {
            self.take(end, Some(Class::Attribute));
        }
        is_key
    }

    fn quoted(&mut self, quote: &'static Quote) {
        let bytes = self.rest().as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let here = &bytes[at..];
            if let Some(inner) = &quote.inner
                && here.starts_with(inner.open.as_bytes())
                && let Some(Mode::Code { language, .. }) = self.outer()
            {
                let inner_mode = Mode::Code {
                    language,
                    close: inner.close,
                    depth: 0,
                };
                self.take(at, Some(Class::String));
                if self.enter(inner_mode) {
                    self.take(inner.open.len(), None);
                    self.wants_value = true;
                    return;
                }
                self.take(inner.open.len(), Some(Class::String));
                return;
            }
            if quote.escape != 0 && here[0] == quote.escape {
                // A quote that is its own escape is written twice.
                if here.len() > 1 && (quote.escape == b'\\' || here[1] == here[0]) {
                    at += 2;
                    continue;
                }
            }
            if here.starts_with(quote.close.as_bytes()) {
                self.take(at + quote.close.len(), Some(Class::String));
                self.leave();
                return;
            }
            if here[0] == b'\n' && !quote.spans_lines {
                self.take(at, Some(Class::String));
                self.leave();
                return;
            }
            at += 1;
        }
        self.take(bytes.len(), Some(Class::String));
    }

    /// The mode around this one.
    fn outer(&self) -> Option<Mode> {
        let around = self.modes.len().checked_sub(2)?;
        self.modes.get(around).copied()
    }

    fn number(&mut self) {
        let bytes = self.rest().as_bytes();
        let is_hex = bytes[0] == b'0' && matches!(bytes.get(1), Some(b'x' | b'X'));
        let mut at = 1;
        while let Some(byte) = bytes.get(at) {
            let next = bytes.get(at + 1).copied().unwrap_or_default();
            let goes_on = match byte {
                b'.' => next.is_ascii_digit(),
                b'+' | b'-' => {
                    !is_hex && matches!(bytes[at - 1], b'e' | b'E') && next.is_ascii_digit()
                }
                byte => byte.is_ascii_alphanumeric() || *byte == b'_',
            };
            if !goes_on {
                break;
            }
            at += 1;
        }
        self.take(at, Some(Class::Number));
        self.wants_value = false;
    }

    /// How long the word is that begins some bytes ahead.
    fn length(&self, language: &Language, ahead: usize) -> usize {
        let bytes = self.rest().as_bytes().get(ahead..).unwrap_or_default();
        let end = bytes.iter().position(|byte| !language.is_of_word(*byte));
        end.unwrap_or(bytes.len())
    }

    fn word(&mut self, language: &'static Language) {
        let length = self.length(language, 0);
        let word = &self.rest()[..length];
        let next = self.peek(length);
        let is_member = self.before() == b'.';
        let known = match is_member {
            true => None,
            false => language.word(word),
        };
        let named = self.names.take();
        // `println!(`
        let is_macro = language.look.lifetimes && next == b'!' && self.peek(length + 1) != b'=';
        let class = match known {
            Some(class) => Some(class),
            None if named.is_some() => named,
            None if language.look.calls && (next == b'(' || is_macro) => Some(Class::Function),
            None if language.look.lists && self.before() == b'(' => Some(Class::Function),
            None if language.look.assigns && self.is_assigned(length) => Some(Class::Attribute),
            None if language.look.capitals && is_type(word) => Some(Class::Type),
            None => None,
        };
        self.wants_value = known == Some(Class::Keyword);
        if self.wants_value {
            self.names = names_next(word);
        }
        self.take(length, class);
    }

    /// Whether a word at the beginning of a line has a `=` or `{` behind it.
    fn is_assigned(&self, length: usize) -> bool {
        let before = self.text[..self.at].bytes().rev();
        let mut before = before.take_while(|byte| *byte != b'\n').take(BESIDE);
        let rest = &self.rest().as_bytes()[length..];
        let mut behind = rest.iter().take(BESIDE).skip_while(|byte| **byte == b' ');
        before.all(|byte| byte == b' ' || byte == b'\t') && behind.next() == Some(&b'=')
    }

    fn elements(&mut self, flavour: Flavour, depth: usize) {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let opens_code = match flavour {
            Flavour::Jsx | Flavour::Svelte => bytes[0] == b'{',
            Flavour::Vue => rest.starts_with("{{"),
            _ => false,
        };
        if opens_code {
            self.enter_code();
            return;
        }
        if rest.starts_with("<!--") {
            self.take_to("-->", Class::Comment);
        } else if rest.starts_with("<![CDATA[") {
            self.take_to("]]>", Class::String);
        } else if rest.starts_with("<!") {
            self.take_to(">", Class::Keyword);
        } else if rest.starts_with("<?") {
            self.instruction(flavour);
        } else if bytes[0] == b'<' {
            self.start_tag(flavour, depth);
        } else if bytes[0] == b'&' && flavour != Flavour::Jsx {
            let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'#';
            let name = bytes[1..].iter().take_while(|byte| is_of_name(byte));
            let length = 1 + name.count();
            let is_entity = length > 1 && bytes.get(length) == Some(&b';');
            let class = is_entity.then_some(Class::Number);
            self.take(length + usize::from(is_entity), class);
        } else {
            let end = memchr3(b'<', b'&', b'{', &bytes[1..]);
            self.take(end.map_or(rest.len(), |at| at + 1), None);
        }
    }

    /// Enters the JavaScript between braces.
    fn enter_code(&mut self) {
        if let Some(language) = find("ts") {
            self.enter(Mode::Code {
                language,
                close: b'}',
                depth: 0,
            });
        }
        self.take(1, None);
        self.wants_value = true;
    }

    /// `<?php … ?>` or `<?xml … ?>`.
    fn instruction(&mut self, flavour: Flavour) {
        if flavour != Flavour::Php {
            self.take_to("?>", Class::Keyword);
            return;
        }
        let rest = self.rest();
        let mark = match rest {
            _ if rest.starts_with("<?php") => 5,
            _ if rest.starts_with("<?=") => 3,
            _ => 2,
        };
        let end = memmem::find(rest.as_bytes(), b"?>").unwrap_or(rest.len());
        // `<?>` is open and closed at once.
        let end = end.max(mark);
        self.take(mark, Some(Class::Keyword));
        embedded("php-code", &rest[mark..end], self.paint);
        self.at += end - mark;
        if self.rest().starts_with("?>") {
            self.take(2, Some(Class::Keyword));
        }
    }

    fn start_tag(&mut self, flavour: Flavour, depth: usize) {
        let closing = self.peek(1) == b'/';
        let name_at = 1 + usize::from(closing);
        let name = self.tag_name(name_at);
        let is_fragment = flavour == Flavour::Jsx && self.peek(name_at) == b'>';
        if name.is_empty() && !is_fragment {
            self.take(1, None);
            return;
        }
        let raw = match flavour {
            Flavour::Xml | Flavour::Jsx => None,
            _ if closing => None,
            _ if name.eq_ignore_ascii_case("script") => Some(Raw::Script),
            _ if name.eq_ignore_ascii_case("style") => Some(Raw::Style),
            _ => None,
        };
        if !self.enter(Mode::Tag { closing, raw }) {
            self.take(1, None);
            // Not to come back here with the same byte.
            if depth == 0 && flavour == Flavour::Jsx {
                self.leave();
            }
            return;
        }
        self.take(name_at, None);
        self.take(name.len(), Some(Class::Tag));
    }

    fn tag_name(&self, ahead: usize) -> &'a str {
        let rest = self.rest().get(ahead..).unwrap_or_default();
        let is_of_name =
            |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80 || b"-_:.".contains(&byte);
        let end = rest.bytes().position(|byte| !is_of_name(byte));
        let name = &rest[..end.unwrap_or(rest.len())];
        match name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            true => name,
            false => "",
        }
    }

    fn tag(&mut self, closing: bool, raw: Option<Raw>) {
        let byte = self.peek(0);
        match byte {
            b'>' => {
                self.take(1, None);
                self.end_tag(if closing { -1 } else { 1 });
                if let Some(raw) = raw {
                    self.raw_text(raw);
                }
            }
            b'/' if self.peek(1) == b'>' => {
                self.take(2, None);
                self.end_tag(0);
            }
            b'"' | b'\'' => {
                let rest = self.rest().as_bytes();
                let end = memchr(byte, &rest[1..]).map_or(rest.len(), |at| at + 2);
                self.take(end, Some(Class::String));
            }
            // In code, or in a component of Svelte.
            b'{' => self.enter_code(),
            // Something was not closed.
            b'<' => self.end_tag(if closing { -1 } else { 1 }),
            b'=' | b' ' | b'\n' | b'\r' | b'\t' | b'/' => self.take(1, None),
            _ => {
                let is_value = self.before() == b'=';
                let is_end = |byte: u8| byte.is_ascii_whitespace() || b"=></\"'{".contains(&byte);
                let end = self.rest().bytes().skip(1).position(is_end);
                let length = end.map_or(self.rest().len(), |at| at + 1);
                let class = if is_value {
                    Class::String
                } else {
                    Class::Attribute
                };
                self.take(length, Some(class));
            }
        }
    }

    /// Ends a tag, and with it maybe the elements in code.
    fn end_tag(&mut self, deeper: isize) {
        self.modes.pop();
        self.deepen(deeper);
        if let Some(Mode::Elements {
            flavour: Flavour::Jsx,
            depth: 0,
        }) = self.modes.last()
        {
            self.leave();
        }
    }

    /// The text of a script or a style sheet.
    fn raw_text(&mut self, raw: Raw) {
        let (close, language) = match raw {
            Raw::Script => ("</script", "js"),
            Raw::Style => ("</style", "css"),
        };
        let rest = self.rest();
        let mut ends = memchr::memchr_iter(b'<', rest.as_bytes());
        let is_end = |at: &usize| {
            let tag = rest.as_bytes().get(*at..*at + close.len());
            tag.is_some_and(|tag| tag.eq_ignore_ascii_case(close.as_bytes()))
        };
        let end = ends.find(is_end).unwrap_or(rest.len());
        embedded(language, &rest[..end], self.paint);
        self.at += end;
    }
}

/// Whether a word is written as types are: `Point`, `T`.
fn is_type(word: &str) -> bool {
    let mut bytes = word.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_uppercase());
    first && (word.len() == 1 || bytes.any(|byte| byte.is_ascii_lowercase()))
}
