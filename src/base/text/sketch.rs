//! Sketches of long texts, by which copies of one text are told without comparing the texts.
//!
//! A sketch is a MinHash by one permutation (Li, Owen, Zhang 2012): each pair of neighbouring letters
//! has one hash, which says its bin, and of each bin the least hash is kept. The part of bins that
//! two sketches have in common estimates the part of pairs that the texts have in common (Jaccard
//! 1901). Signs and blanks are passed over, and Traditional counts as the Simplified it folds to: a
//! wire's story stays the same when a house sets it in its own way.

use super::fold::Simplifier;
use super::script::{Class, classes_and_codes};
use crate::base::packed;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bins of a sketch.
const BINS: usize = 16;
/// From so many common bins on, of two texts one is a copy of the other: three quarters.
const ALIKE: usize = 12;

/// The least hash of each bin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sketch([u16; BINS]);

/// It is kept as its bytes: a build that does little reads those of all articles.
impl Serialize for Sketch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = [0; 2 * BINS];
        for (two, bin) in bytes.chunks_exact_mut(2).zip(self.0) {
            two.copy_from_slice(&bin.to_le_bytes());
        }
        packed::serialize(&bytes, serializer)
    }
}

impl<'de> Deserialize<'de> for Sketch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Sketch, D::Error> {
        packed::deserialize(deserializer, |bytes| {
            let bytes: &[u8; 2 * BINS] = bytes.try_into().ok()?;
            let bin = |at: usize| u16::from_le_bytes([bytes[2 * at], bytes[2 * at + 1]]);
            Some(Sketch(std::array::from_fn(bin)))
        })
    }
}

impl Sketch {
    /// The sketch of a text.
    pub fn of(text: &str) -> Sketch {
        let mut sketcher = Sketcher::default();
        sketcher.add_text(text);
        sketcher.finish()
    }

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
#[derive(Clone)]
pub struct Sketcher {
    least: [u32; BINS],
    before: u32,
    simplifier: Simplifier,
}

impl Default for Sketcher {
    fn default() -> Sketcher {
        Sketcher {
            least: [u32::MAX; BINS],
            before: 0,
            simplifier: Simplifier::new(),
        }
    }
}

impl Sketcher {
    /// Adds a letter or digit, by its code point.
    #[inline]
    pub fn add(&mut self, letter: u32) {
        let lower = u32::from(letter.wrapping_sub(u32::from(b'A')) < 26) << 5;
        let letter = self.simplifier.of(letter | lower);
        // Folded multiplication, as in wyhash (Wang Yi, public domain): both halves of the product
        // depend on all of both letters.
        let both = (u64::from(self.before) << 32) | u64::from(letter);
        let product =
            u128::from(both ^ 0xA076_1D64_78BD_642F) * u128::from(0xE703_7ED1_A0B4_28DB_u64);
        let hash = (product as u64) ^ (product >> 64) as u64;
        let own = &mut self.least[(hash >> 60) as usize];
        *own = (*own).min((hash >> 16) as u32);
        self.before = letter;
    }

    /// Adds the letters and digits of a piece.
    pub fn add_text(&mut self, piece: &str) {
        classes_and_codes(piece, |class, code| {
            if class > Class::Joiner {
                self.add(code);
            }
        });
    }

    /// The sketch of all pieces.
    pub fn finish(self) -> Sketch {
        // Of the least hash the upper bits are nearly none; the lower ones tell it apart.
        Sketch(self.least.map(|least| least as u16))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let (a, b) = (Sketch::of(a), Sketch::of(b));
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
            Sketch::of(&own).is_alike(&Sketch::of(&format!("（本社电）{own}（完）记者甲")))
        };
        let told = (0..200).filter(|seed| edited(*seed)).count();
        assert!(told >= 198, "{told} of 200");
    }

    #[test]
    fn scripts_make_no_difference_and_pieces_neither() {
        let simplified = "海港市大桥通车首日车流过万，轮渡客运量下降三成".repeat(3);
        let traditional = "海港市大橋通車首日車流過萬輪渡客運量下降三成".repeat(3);
        assert_eq!(Sketch::of(&simplified), Sketch::of(&traditional));
        let mut pieces = Sketcher::default();
        simplified
            .chars()
            .for_each(|c| pieces.add_text(&c.to_string()));
        assert_eq!(pieces.finish(), Sketch::of(&simplified));
    }
}
