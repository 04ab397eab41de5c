//! How long a text is to read: Han characters and Latin words are counted each in their own way.

use super::script::{Class, Counts, Lanes, classes_and_codes};

/// How fast readers are, in each kind of script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Han characters a minute.
    pub han: u32,
    /// Words of other scripts a minute.
    pub latin: u32,
}

impl Default for Rate {
    fn default() -> Rate {
        Rate {
            han: 400,
            latin: 220,
        }
    }
}

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
    pub fn minutes(&self, rate: Rate) -> u32 {
        let (han, latin) = (u64::from(rate.han.max(1)), u64::from(rate.latin.max(1)));
        let parts = u64::from(self.han) * latin + u64::from(self.words) * han;
        u32::try_from(parts.div_ceil(han * latin)).unwrap_or(u32::MAX)
    }

    /// How long it is in Han characters: a word counts as many as are read in its time.
    pub fn length(&self) -> u32 {
        let Rate { han, latin } = Rate::default();
        self.han + (self.words * han).div_ceil(latin)
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
        self.add_and_tell(piece, to, by_class, |_| ());
    }

    /// The same, and tells the code point of each letter and digit on the way.
    pub fn add_and_tell(
        &mut self,
        piece: &str,
        to: &mut Count,
        by_class: &mut Counts,
        mut tell: impl FnMut(u32),
    ) {
        let (mut words, mut inside) = (0, self.inside_word);
        let before = by_class.han();
        let mut lanes = Lanes::default();
        // Without branches: which one is taken would be as good as random.
        classes_and_codes(piece, |class, code| {
            lanes.add(class, by_class);
            let letter = class >= Class::Kana;
            if class > Class::Joiner {
                tell(code);
            }
            words += u32::from(letter & !inside);
            inside = letter | (inside & (class == Class::Joiner));
        });
        lanes.end(by_class);
        to.han += by_class.han() - before;
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
            (count.han, count.words, count.minutes(Rate::default())),
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
    fn the_rate_of_each_script_is_its_own() {
        let minutes = |text: &str, han: u32, latin: u32| {
            let mut count = Count::default();
            count.add(text);
            count.minutes(Rate { han, latin })
        };
        assert_eq!(minutes(&"海".repeat(1000), 500, 1), 2);
        assert_eq!(minutes(&"sea ".repeat(300), 1, 100), 3);
        assert_eq!(minutes(&"海sea ".repeat(100), 100, 100), 2);
        let mut count = Count::default();
        count.add("海 sea sea");
        assert_eq!(count.length(), 5);
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
