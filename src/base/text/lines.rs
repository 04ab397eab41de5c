//! Lines of a text that become one: whether the line end between them is a space.
//!
//! Between Han characters, kana and full-width punctuation it is none, since readers would see a
//! gap between two characters; beside Latin text, digits and Hangul, which has spaces between
//! words, it is one. Quotes, dashes and ellipses are those of the text that they stand at.

use super::script::{is_cjk_punctuation, is_han};

/// Whether a text begins with what needs no space before it; `None` where no character tells.
pub fn begins_wide(text: &str) -> Option<bool> {
    text.chars().find(|c| !is_shared(*c)).map(is_wide)
}

/// Whether a text ends with what needs no space after it; `None` where no character tells.
pub fn ends_wide(text: &str) -> Option<bool> {
    text.chars().rev().find(|c| !is_shared(*c)).map(is_wide)
}

/// A text that was put together from the lines of `written` with a space for each line end, as
/// YAML does, without the spaces that are none.
pub fn unfolded(text: String, written: &str) -> String {
    let mut text = text;
    let lines = written.lines().map(str::trim);
    for (line, next) in lines.clone().zip(lines.skip(1)) {
        let joins = |wide: Option<bool>| wide.unwrap_or(true);
        if line.is_empty() || !joins(ends_wide(line)) || !joins(begins_wide(next)) {
            continue;
        }
        let (left, right) = (edge(line.chars().rev()), edge(next.chars()));
        let left: String = left.chars().rev().collect();
        if !left.is_empty() && !right.is_empty() {
            text = text.replacen(&format!("{left} {right}"), &format!("{left}{right}"), 1);
        }
    }
    text
}

/// The characters at the edge of a line by which it is found again.
fn edge(chars: impl Iterator<Item = char>) -> String {
    chars
        .take_while(|c| is_wide(*c) || is_shared(*c))
        .take(8)
        .collect()
}

/// Punctuation of Latin and of Chinese text.
fn is_shared(c: char) -> bool {
    matches!(c, '‘' | '’' | '“' | '”' | '—' | '―' | '…' | '⋯' | '·')
}

/// Characters that stand side by side without spaces.
fn is_wide(c: char) -> bool {
    is_han(c)
        || is_cjk_punctuation(c)
        || matches!(c, '\u{3000}' | '\u{3041}'..='\u{30FF}' | '\u{3105}'..='\u{312F}'
            | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_lines_join_as_their_script_has_it() {
        let check = |written: &str, expect: &str| {
            let folded = written.split('\n').map(str::trim).collect::<Vec<_>>();
            assert_eq!(unfolded(folded.join(" "), written), expect, "{written}");
        };
        check("海港今日\n  开放。\n  “欢迎”", "海港今日开放。“欢迎”");
        check("海港 今日\n  开放", "海港 今日开放");
        check("海港\n  AI 展", "海港 AI 展");
        check("The port\n  opens", "The port opens");
        check("새 다리\n  개통", "새 다리 개통");
        check("", "");
    }
}
