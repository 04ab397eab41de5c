//! Formats in which each line says what it is.

use super::languages::{Language, find};
use super::{Class, Paint, lexer};

pub fn diff(code: &str, paint: &mut Paint) {
    for line in code.split_inclusive('\n') {
        let class = match line.as_bytes()[0] {
            _ if line.starts_with("+++") || line.starts_with("---") => Some(Class::Comment),
            _ if line.starts_with("diff ") || line.starts_with("index ") => Some(Class::Comment),
            b'+' | b'>' => Some(Class::Inserted),
            b'-' | b'<' => Some(Class::Deleted),
            b'@' => Some(Class::Keyword),
            _ => None,
        };
        paint.put(line, class);
    }
}

pub fn yaml(code: &str, paint: &mut Paint) {
    // The indent of a key whose text is on the lines below it.
    let mut text_of: Option<usize> = None;
    for line in code.split_inclusive('\n') {
        let said = line.trim_start_matches([' ', '\t']);
        let indent = line.len() - said.len();
        if let Some(key) = text_of {
            if indent > key || said.trim_end().is_empty() {
                paint.plain(&line[..indent]);
                paint.put(said, Some(Class::String));
                continue;
            }
            text_of = None;
        }
        paint.plain(&line[..indent]);
        let mut rest = said;
        while let Some(item) = rest.strip_prefix("- ") {
            paint.plain("- ");
            rest = item;
        }
        let marks = ["---", "...", "%"];
        if indent == 0 && marks.iter().any(|mark| rest.starts_with(mark)) {
            paint.put(rest, Some(Class::Keyword));
            continue;
        }
        let key = key(rest);
        paint.put(&rest[..key], Some(Class::Attribute));
        let value = &rest[key..];
        if key > 0 || rest.len() < said.len() {
            let mark = value.trim_start_matches(':').trim();
            let is_text = mark.starts_with(['|', '>']) && mark.len() <= 3;
            text_of = is_text.then_some(indent);
        }
        yaml_value(value, paint);
    }
}

/// How long the key is that a line begins with.
fn key(line: &str) -> usize {
    let bytes = line.as_bytes();
    let mut at = match bytes.first() {
        Some(quote @ (b'"' | b'\'')) => {
            let end = memchr::memchr(*quote, &bytes[1..]);
            end.map_or(bytes.len(), |at| at + 2)
        }
        Some(b'#' | b'[' | b'{') | None => return 0,
        Some(_) => 0,
    };
    while let Some(byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied().unwrap_or(b'\n');
        match byte {
            b':' if next.is_ascii_whitespace() => return at,
            b' ' if next == b'#' => return 0,
            _ => at += 1,
        }
    }
    0
}

fn yaml_value(value: &str, paint: &mut Paint) {
    let is_of_word = |c: char| c.is_alphanumeric() || "_-.+:/".contains(c);
    let mut rest = value;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let word = |from: usize| {
            let end = rest[from..].find(|c| !is_of_word(c));
            end.map_or(rest.len(), |at| from + at)
        };
        let begins = before.is_whitespace() || "[{,:".contains(before);
        let (length, class) = match first {
            '#' if before.is_whitespace() => (rest.len(), Some(Class::Comment)),
            '"' | '\'' if begins => {
                let end = rest[1..].find(first).map_or(rest.len(), |at| at + 2);
                (end, Some(Class::String))
            }
            '&' | '*' | '!' if begins => (word(1), Some(Class::Type)),
            first if is_of_word(first) && first != ':' => {
                let end = word(first.len_utf8());
                let said = rest[..end].trim_end_matches(':');
                (said.len().max(1), value_class(said, &rest[said.len()..]))
            }
            first => (first.len_utf8(), None),
        };
        let (said, behind) = rest.split_at(length);
        paint.put(said, class);
        before = said.chars().next_back().unwrap_or(before);
        rest = behind;
    }
}

/// What a plain word of a value is, from it and what stands behind it.
fn value_class(word: &str, behind: &str) -> Option<Class> {
    const VALUES: [&str; 7] = ["true", "false", "null", "yes", "no", "on", "off"];
    let is_number = || {
        let digits = word.trim_start_matches(['-', '+', '.']);
        digits.starts_with(|c: char| c.is_ascii_digit())
            && word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-+.:_".contains(c))
    };
    match behind.starts_with(':') {
        true => Some(Class::Attribute),
        false if VALUES.contains(&word) || is_number() => Some(Class::Number),
        false => None,
    }
}

pub fn ini(code: &str, language: &Language, paint: &mut Paint) {
    for line in code.split_inclusive('\n') {
        let said = line.trim_start();
        let is_comment = |mark: &&str| said.starts_with(*mark);
        if language.look.comments.iter().any(is_comment) {
            paint.put(line, Some(Class::Comment));
        } else if said.starts_with('[') {
            paint.put(line, Some(Class::Keyword));
        } else if let Some(at) = line.find(['=', ':']) {
            paint.put(&line[..at], Some(Class::Attribute));
            paint.plain(&line[at..=at]);
            let behind = &line[at + 1..];
            let value = behind.trim_start();
            paint.plain(&behind[..behind.len() - value.len()]);
            paint.put(value, value_class(value.trim_end(), ""));
        } else {
            paint.plain(line);
        }
    }
}

pub fn http(code: &str, paint: &mut Paint) {
    let mut lines = code.split_inclusive('\n');
    if let Some(first) = lines.next() {
        let mut rest = first;
        while let Some(word) = rest.split(' ').next()
            && !rest.is_empty()
        {
            let is_method = word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
            let class = match () {
                () if is_method || word.starts_with("HTTP/") => Some(Class::Keyword),
                () if word.trim_end().parse::<u16>().is_ok() => Some(Class::Number),
                () if word.starts_with('/') => Some(Class::String),
                () => None,
            };
            paint.put(word, class);
            let behind = &rest[word.len()..];
            let gap = behind.len() - behind.trim_start_matches(' ').len();
            paint.plain(&behind[..gap]);
            rest = &behind[gap..];
        }
    }
    let mut in_head = true;
    for line in lines {
        in_head &= !line.trim().is_empty();
        match line.find(':').filter(|_| in_head) {
            Some(at) => {
                paint.put(&line[..at], Some(Class::Attribute));
                paint.plain(&line[at..]);
            }
            None => paint.plain(line),
        }
    }
}

pub fn markdown(code: &str, paint: &mut Paint) {
    // A fence, its language, and what is in it so far.
    let mut fence: Option<(&str, &str, usize)> = None;
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let said = line.trim_start();
        if let Some((mark, language, from)) = fence {
            if said.starts_with(mark) {
                block(language, &code[from..start], paint);
                paint.put(line, Some(Class::Keyword));
                fence = None;
            }
            continue;
        }
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| said.starts_with(mark));
        if let Some(mark) = mark {
            let info = said.trim_start_matches(['`', '~']).trim();
            fence = Some((mark, super::named(info), at));
            paint.put(line, Some(Class::Keyword));
        } else if said.starts_with('#') {
            paint.put(line, Some(Class::Keyword));
        } else {
            let marks = ["- ", "* ", "+ ", "> "];
            let length = usize::from(marks.iter().any(|mark| said.starts_with(mark)));
            paint.plain(&line[..line.len() - said.len()]);
            paint.put(&said[..length], Some(Class::Keyword));
            inline(&said[length..], paint);
        }
    }
    if let Some((_, language, from)) = fence {
        block(language, &code[from..], paint);
    }
}

/// A block in Markdown; one of Markdown stays plain, so that none lie in one another without end.
fn block(language: &str, code: &str, paint: &mut Paint) {
    let known = find(language);
    match known.filter(|known| !known.look.names.contains(&"markdown")) {
        Some(known) => known.paint(code, paint),
        None => paint.put(code, Some(Class::String)),
    }
}

/// Code and the targets of links, in a line of Markdown.
fn inline(line: &str, paint: &mut Paint) {
    let (mut from, mut at) = (0, 0);
    // What has no end once has none further on.
    let mut ends = [true; 2];
    while let Some(found) = line[at..].find(['`', '(']) {
        let start = at + found;
        at = start + 1;
        let is_code = line.as_bytes()[start] == b'`';
        if !ends[usize::from(is_code)] || !is_code && !line[..start].ends_with(']') {
            continue;
        }
        let close = if is_code { '`' } else { ')' };
        match line[at..].find(close) {
            Some(length) => {
                paint.plain(&line[from..start]);
                at += length + 1;
                paint.put(&line[start..at], Some(Class::String));
                from = at;
            }
            None => ends[usize::from(is_code)] = false,
        }
    }
    paint.plain(&line[from..]);
}

pub fn make(code: &str, paint: &mut Paint) {
    let Some(shell) = find("sh") else {
        return paint.plain(code);
    };
    for line in code.split_inclusive('\n') {
        let said = line.trim_start();
        if line.starts_with('\t') {
            lexer::code(line, shell, paint);
        } else if said.starts_with('#') {
            paint.put(line, Some(Class::Comment));
        } else if let Some(at) = line.find([':', '=']) {
            let name = line[..at].trim_end_matches(['?', '+', ':']);
            let assigns = line.as_bytes()[at] == b'=' || line[at..].starts_with(":=");
            let class = if assigns {
                Class::Attribute
            } else {
                Class::Function
            };
            paint.put(name, Some(class));
            lexer::code(&line[name.len()..], shell, paint);
        } else {
            let word = said.split([' ', '\n', '(']).next().unwrap_or_default();
            let known = [
                "include", "ifeq", "ifneq", "ifdef", "ifndef", "else", "endif", "define", "endef",
                "export",
            ];
            let class = known.contains(&word).then_some(Class::Keyword);
            let end = line.len() - said.len() + word.len();
            paint.put(&line[..end], class);
            lexer::code(&line[end..], shell, paint);
        }
    }
}
