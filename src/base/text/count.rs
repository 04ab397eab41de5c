//! How long a text is to read: Han characters and Latin words are counted each in their own way.

use super::script::{Class, Counts, Lanes, classes};

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
        Counter::default().add(text, self, &mut Counts::default());
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

/// Counts a text that comes in pieces as if it came whole.
#[derive(Default)]
pub struct Counter {
    inside_word: bool,
}

impl Counter {
    /// Adds what the next piece holds, and counts its characters by class.
    pub fn add(&mut self, piece: &str, to: &mut Count, by_class: &mut Counts) {
        let (mut han, mut words, mut inside) = (0, 0, self.inside_word);
        let mut lanes = Lanes::default();
        // Without branches: which one is taken would be as good as random.
        classes(piece, |class| {
            lanes.add(class, by_class);
            let letter = class >= Class::Kana;
            han += u32::from((Class::Simplified..=Class::Han).contains(&class));
            words += u32::from(letter & !inside);
            inside = letter | (inside & (class == Class::Joiner));
        });
        lanes.end(by_class);
        to.han += han;
        to.words += words;
        self.inside_word = inside;
    }

    /// Ends the text: the next piece starts another.
    pub fn end(&mut self) {
        self.inside_word = false;
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

    #[test]
    fn pieces_count_as_the_whole() {
        let text = "It's 海港's 3.5 km, isn't it";
        let mut whole = Count::default();
        whole.add(text);
        for cut in (0..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let (mut count, mut counter) = (Count::default(), Counter::default());
            let mut by_class = Counts::default();
            counter.add(&text[..cut], &mut count, &mut by_class);
            counter.add(&text[cut..], &mut count, &mut by_class);
            assert_eq!(count, whole, "{cut}");
        }
    }
}
