//! How long a text is to read: Han characters and Latin words are counted each in their own way.

use super::script::is_han;

/// Han characters a reader takes in a minute.
const HAN_PER_MINUTE: u32 = 400;
/// Words of an alphabetic language a reader takes in a minute.
const WORDS_PER_MINUTE: u32 = 220;

/// The two counts of a text. They add up over its pieces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Han characters.
    pub han: u32,
    /// Runs of other letters and digits.
    pub words: u32,
}

impl Count {
    /// Adds what `text` holds.
    pub fn add(&mut self, text: &str) {
        let mut inside_word = false;
        for c in text.chars() {
            let han = is_han(c);
            let letter = !han && c.is_alphanumeric();
            self.han += u32::from(han);
            self.words += u32::from(letter && !inside_word);
            inside_word = letter || (inside_word && matches!(c, '\'' | '’' | '.' | ','));
        }
    }

    /// Characters of Han plus words of others: the figure that readers are shown.
    pub fn total(&self) -> u32 {
        self.han + self.words
    }

    /// Reading time in whole minutes, rounded up; 0 only for an empty text.
    pub fn minutes(&self) -> u32 {
        let parts = self.han * WORDS_PER_MINUTE + self.words * HAN_PER_MINUTE;
        parts.div_ceil(HAN_PER_MINUTE * WORDS_PER_MINUTE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, han: u32, words: u32, minutes: u32) {
        let mut count = Count::default();
        count.add(text);
        assert_eq!(
            (count.han, count.words, count.minutes()),
            (han, words, minutes),
            "{text}"
        );
    }

    #[test]
    fn counts_each_script_its_own_way() {
        check("", 0, 0, 0);
        check("海港今日开放", 6, 0, 1);
        check("It's the port's 3.5 km quay", 0, 6, 1);
        check("用AI看海", 3, 1, 1);
        check(&"海".repeat(401), 401, 0, 2);
    }
}
