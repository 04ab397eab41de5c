//! Sketches of long texts, by which copies of one text are told without comparing the texts.
//!
//! A sketch is a MinHash by one permutation (Li, Owen, Zhang 2012): each pair of neighbouring letters
//! has one hash, which says its bin, and of each bin the least hash is kept. The part of bins that
//! two sketches have in common estimates the part of pairs that the texts have in common (Jaccard
//! 1901). Signs and blanks are passed over, and Traditional counts as the Simplified it folds to: a
//! wire's story stays the same when a house sets it in its own way.

use super::fold::simplified;
use serde::{Deserialize, Serialize};

/// Bins of a sketch.
const BINS: usize = 16;
/// From so many common bins on, of two texts one is a copy of the other: three quarters.
const ALIKE: usize = 12;

/// The least hash of each bin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch([u16; BINS]);

impl Sketch {
    /// Whether one text is a copy of the other, with small changes.
    pub fn is_alike(&self, other: &Sketch) -> bool {
        let same = self.0.iter().zip(&other.0);
        same.filter(|(own, other)| own == other).count() >= ALIKE
    }

    /// Numbers of which sketches that are alike have at least one in common: with 12 of 16 bins the
    /// same, four of the eight pairs of bins are.
    pub fn bands(&self) -> [u64; BINS / 2] {
        std::array::from_fn(|band| {
            let pair = (u64::from(self.0[band * 2]) << 16) | u64::from(self.0[band * 2 + 1]);
            ((band as u64) << 32) | pair
        })
    }
}

/// Makes the sketch of a text that comes in pieces.
#[derive(Debug, Clone)]
pub struct Sketcher {
    least: [u32; BINS],
    before: u32,
}

impl Default for Sketcher {
    fn default() -> Sketcher {
        Sketcher {
            least: [u32::MAX; BINS],
            before: 0,
        }
    }
}

impl Sketcher {
    /// Adds a piece.
    pub fn add(&mut self, piece: &str) {
        for c in piece.chars().filter(|c| is_letter(*c)) {
            let c = simplified(c.to_ascii_lowercase()) as u32;
            // The finaliser of MurmurHash3, over both letters.
            let mut hash = (u64::from(self.before) << 32) | u64::from(c);
            hash = (hash ^ (hash >> 33)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
            hash = (hash ^ (hash >> 33)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
            let own = &mut self.least[(hash >> 60) as usize];
            *own = (*own).min((hash >> 16) as u32);
            self.before = c;
        }
    }

    /// The sketch of all pieces.
    pub fn finish(self) -> Sketch {
        // Of the least hash the upper bits are nearly none; the lower ones tell it apart.
        Sketch(self.least.map(|least| least as u16))
    }
}

/// Whether a character counts: no sign and no blank, as far as a look at its number tells.
fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\u{7F}' => c.is_ascii_alphanumeric(),
        '\u{80}'..='\u{BF}' | '\u{2000}'..='\u{2BFF}' | '\u{3000}'..='\u{303F}' => false,
        '\u{FE00}'..='\u{FFFF}' => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(text: &str) -> Sketch {
        let mut sketcher = Sketcher::default();
        sketcher.add(text);
        sketcher.finish()
    }

    /// A text of some 600 different characters that a number decides.
    fn text(seed: u32) -> String {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 16
        };
        (0..600)
            .map(|_| char::from_u32(0x4E00 + next() % 3_000).unwrap_or('一'))
            .collect()
    }

    fn check(a: &str, b: &str, expect: bool) {
        let (a, b) = (sketch(a), sketch(b));
        assert_eq!(a.is_alike(&b), expect);
        let shared = a.bands().iter().any(|band| b.bands().contains(band));
        assert!(shared || !expect);
    }

    #[test]
    fn copies_are_told_and_other_texts_are_not() {
        for seed in 0..200 {
            let whole = text(seed);
            check(&whole, &whole, true);
            check(&whole, &text(seed + 1_000), false);
            let with_signs: String = whole.chars().flat_map(|c| [c, '，', '\n']).collect();
            check(&whole, &with_signs, true);
            let half: String = whole.chars().take(300).collect();
            check(
                &format!("{half}{}", &text(seed + 1_000)[..900]),
                &whole,
                false,
            );
        }
        let edited = |seed: u32| {
            let own = text(seed);
            sketch(&own).is_alike(&sketch(&format!("（本社电）{own}（完）记者甲")))
        };
        let told = (0..200).filter(|seed| edited(*seed)).count();
        assert!(told >= 198, "{told} of 200");
    }

    #[test]
    fn scripts_make_no_difference_and_pieces_neither() {
        let simplified = "海港市大桥通车首日车流过万，轮渡客运量下降三成".repeat(3);
        let traditional = "海港市大橋通車首日車流過萬輪渡客運量下降三成".repeat(3);
        assert_eq!(sketch(&simplified), sketch(&traditional));
        let mut pieces = Sketcher::default();
        simplified.chars().for_each(|c| pieces.add(&c.to_string()));
        assert_eq!(pieces.finish(), sketch(&simplified));
    }
}
