//! What sentences are compared by: the bigrams of their Han characters and their words, numbered.

use crate::base::text::count::Count;
use crate::base::text::script::is_han;
use std::sync::OnceLock;

/// A feature: a bigram or a word, numbered as they come.
pub type Feature = u16;

/// Gives each bigram of Han characters and each word its hash; returns the text's length in Han
/// characters.
pub fn each_feature(text: &str, mut each: impl FnMut(u32)) -> u32 {
    let (mut before, mut word, mut letters) = (None, 0u32, 0u32);
    let (mut han, mut words) = (0, 0);
    let signs = signs();
    for c in text.chars().chain([' ']) {
        let sign = signs.get(c as usize).copied().unwrap_or_else(|| sign(c));
        if sign >= Sign::Particle {
            han += 1;
            let telling = sign == Sign::Han;
            if let Some(before) = before.filter(|_| telling) {
                each(mixed(mixed(before) ^ u32::from(c)));
            }
            before = telling.then_some(u32::from(c));
        } else {
            before = None;
            if sign == Sign::Letter {
                let small = u32::from(c.to_ascii_lowercase());
                word = mixed(word ^ small);
                letters += 1;
                continue;
            }
        }
        if letters > 0 {
            words += 1;
            // Shorter ones are articles and prepositions.
            if letters > 3 {
                each(word);
            }
            (word, letters) = (0, 0);
        }
    }
    let count = Count { han, words };
    count.length()
}

/// What a character is to a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    Other,
    Letter,
    Particle,
    Han,
}

fn sign(c: char) -> Sign {
    match c {
        _ if is_particle(c) => Sign::Particle,
        _ if is_han(c) => Sign::Han,
        _ if c.is_alphanumeric() => Sign::Letter,
        _ => Sign::Other,
    }
}

/// The signs of the first 65,536 characters: texts are looked at character by character.
fn signs() -> &'static [Sign] {
    static SIGNS: OnceLock<Vec<Sign>> = OnceLock::new();
    SIGNS.get_or_init(|| {
        let codes = 0..0x1_0000;
        let signs = codes.map(|code| char::from_u32(code).map_or(Sign::Other, sign));
        signs.collect()
    })
}

/// Characters that join others and name nothing: bigrams with one of them are left out.
pub fn is_particle(c: char) -> bool {
    matches!(
        c,
        '的' | '了'
            | '在'
            | '是'
            | '和'
            | '与'
            | '與'
            | '及'
            | '也'
            | '就'
            | '都'
            | '而'
            | '但'
            | '被'
            | '把'
            | '将'
            | '將'
            | '对'
            | '對'
            | '从'
            | '從'
            | '为'
            | '為'
            | '以'
            | '于'
            | '於'
            | '其'
            | '这'
            | '這'
            | '那'
            | '个'
            | '個'
            | '之'
            | '所'
            | '有'
            | '不'
            | '他'
            | '她'
            | '它'
            | '们'
            | '們'
            | '我'
            | '你'
    )
}

/// A number whose bits all depend on all bits of another (Fibonacci hashing).
fn mixed(n: u32) -> u32 {
    let n = n.wrapping_add(0x9E37_79B9).wrapping_mul(0x85EB_CA6B);
    n ^ (n >> 15)
}

/// Numbers for hashes, in the order in which they come: open addressing, in one allocation.
pub struct Names {
    slots: Vec<Slot>,
    count: u16,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    hash: u32,
    /// The feature's number, from 1; 0 in a free slot.
    number: u16,
    /// The last sentence that had it, from 1.
    sentence: u16,
}

impl Names {
    /// Room for the features of a text of so many bytes: they are a third as many at most.
    pub fn new(bytes: usize) -> Names {
        let slots = (bytes / 2).max(64).next_power_of_two();
        Names {
            slots: vec![Slot::default(); slots],
            count: 0,
        }
    }

    /// The number of a hash, and whether this sentence had it before.
    pub fn number(&mut self, hash: u32, sentence: u32) -> (Feature, bool) {
        let at = self.slot(hash);
        let slot = &mut self.slots[at];
        if slot.number == 0 {
            self.count += 1;
            *slot = Slot {
                hash,
                number: self.count,
                sentence: 0,
            };
        }
        let seen = u32::from(slot.sentence) == sentence;
        slot.sentence = sentence as u16;
        (slot.number - 1, seen)
    }

    /// The number of a hash that came before.
    pub fn known(&self, hash: u32) -> Option<Feature> {
        self.slots[self.slot(hash)].number.checked_sub(1)
    }

    /// Where a hash is, or would be.
    fn slot(&self, hash: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at].number != 0 && self.slots[at].hash != hash {
            at = (at + 1) & mask;
        }
        at
    }
}

/// A set of features.
pub struct Set {
    bits: Vec<u64>,
    /// How many features the text has that it was made of, known or not.
    pub size: usize,
}

impl Set {
    /// Room for features up to a number.
    pub fn new(features: usize) -> Set {
        Set {
            bits: vec![0; features / 64 + 1],
            size: 0,
        }
    }

    /// Puts a feature in.
    pub fn insert(&mut self, feature: Feature) {
        self.bits[usize::from(feature / 64)] |= 1 << (feature % 64);
    }

    /// Whether a feature is in.
    pub fn has(&self, feature: Feature) -> bool {
        self.bits[usize::from(feature / 64)] >> (feature % 64) & 1 == 1
    }
}
