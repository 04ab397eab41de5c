//! How many strokes a Han character has, as Unicode's collation by strokes (CLDR) counts them.
//!
//! Held against the collation of ICU 72 (CLDR 42): of 22,035 characters that both know, 60 have
//! another number there: 囍, and rare ones of extension A, nearly all with the grass radical. The
//! table knows 61 characters more, and lacks none that the collation has.

use std::sync::OnceLock;

/// Characters in the table: CJK Unified Ideographs, and those of extension A before them.
const FIRST: char = '\u{3400}';
const LAST: char = '\u{9FFF}';

/// The strokes of a character; `None` where they are not known, as of very rare ones.
pub fn strokes(c: char) -> Option<u8> {
    match c {
        '〇' => Some(1),
        FIRST..=LAST => Some(table()[c as usize - FIRST as usize]).filter(|count| *count > 0),
        _ => None,
    }
}

/// A line of the file is a number and the characters with so many strokes.
fn table() -> &'static [u8] {
    static TABLE: OnceLock<Vec<u8>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = vec![0; LAST as usize - FIRST as usize + 1];
        for line in include_str!("strokes.txt").lines() {
            let (count, characters) = line.split_once(' ').unwrap_or_default();
            let count: u8 = count.parse().unwrap_or_default();
            for c in characters.chars().filter(|c| (FIRST..=LAST).contains(c)) {
                table[c as usize - FIRST as usize] = count;
            }
        }
        table
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_are_counted() {
        for (character, count) in [
            ('一', 1),
            ('〇', 1),
            ('人', 2),
            ('三', 3),
            ('開', 12),
            ('开', 4),
            ('海', 10),
            ('灣', 25),
            ('龗', 33),
            ('靐', 39),
            ('龘', 48),
        ] {
            assert_eq!(strokes(character), Some(count), "{character}");
        }
        assert_eq!(strokes('a'), None);
        assert_eq!(strokes('\u{20000}'), None);
        let known = ('\u{4E00}'..=LAST).filter(|c| strokes(*c).is_some());
        assert!(known.count() > 20_900);
    }
}
