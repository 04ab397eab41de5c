//! Whether a Traditional text was made by a machine from a Simplified one.
//!
//! OpenCC's own standard writes 爲, which writers in Taiwan and Hong Kong hardly do: theirs is 為.
//! A text with the one and without the other comes from such a converter, and what it got wrong
//! (里 for 里程 or for 這裡) is mended by turning it back and converting it anew.

use super::scheme::Round;

/// Forms that OpenCC writes and people don't. 裏, 麪, 羣 and 衆 are left out: some do in Hong Kong.
const MACHINE: [char; 7] = ['爲', '僞', '纔', '喫', '擡', '嬀', '溈'];
/// Forms of the same words that OpenCC's standard never has.
const WRITER: [char; 4] = ['為', '偽', '媯', '潙'];
/// So many of the one outweigh one of the other, which may have been quoted.
const WEIGHT: usize = 4;
/// One character in so many may come out in another way than it came: dictionaries have grown
/// since the text was made.
const TOLERANCE: usize = 25;

/// Whether the texts of an article show that a machine made them: all its blocks together, since
/// a heading alone seldom tells.
pub fn machine_made<'a>(texts: impl IntoIterator<Item = &'a str>) -> bool {
    let (mut machine, mut writer) = (0, 0);
    for c in texts.into_iter().flat_map(str::chars) {
        machine += usize::from(MACHINE.contains(&c));
        writer += usize::from(WRITER.contains(&c));
    }
    machine > WEIGHT * writer
}

/// Whether a Traditional text is what conversion makes of its Simplified form, but for forms of
/// one character (爲 and 為) and a few places.
pub fn reproduces(text: &str) -> bool {
    let plain = |round: Round, text: &str| {
        let replaced = round.dictionary().replaced(text, &mut []);
        replaced.unwrap_or_else(|| text.to_owned())
    };
    let again = plain(Round::St, &plain(Round::Ts, text));
    let (own, again) = (plain(Round::Tw, text), plain(Round::Tw, &again));
    let length = own.chars().count();
    let differ = own.chars().zip(again.chars()).filter(|(a, b)| a != b);
    length == again.chars().count() && differ.count() * TOLERANCE <= length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_known_by_its_forms() {
        assert!(machine_made(["港口的橋", "這是爲了居民"]));
        assert!(!machine_made(["港口的橋", "這是為了居民"]));
        assert!(!machine_made(["爲了與為了"]));
        assert!(machine_made(["爲爲爲爲爲，「為」"]));
        assert!(!machine_made(["在海裏，羣眾", "這是为了居民"]));
        assert!(!machine_made([]));
    }

    #[test]
    fn what_conversion_makes_is_reproduced() {
        assert!(reproduces("這是爲了居民，他們在港口裏喫麪條。"));
        assert!(reproduces("這是為了居民，他們在港口裡吃麵條。"));
        assert!(!reproduces("皇後在公裏外發現頭發"));
        assert!(reproduces("The new bridge"));
        assert!(reproduces(""));
    }
}
