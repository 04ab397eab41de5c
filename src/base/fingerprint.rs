//! Fingerprints: 128-bit hashes that say whether something is still the same.
//!
//! XXH3 is used because nobody gains by forging a cache key of his own site, and it costs a
//! quarter of BLAKE3 on pages of 15 KB. A value is hashed through its `Serialize`, by way of
//! postcard's bytes, so that what a template sees and what a fingerprint covers come from one
//! list of fields.

use serde::{Deserialize, Serialize};
use std::fmt;
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

/// A 128-bit fingerprint.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Fingerprint(pub u128);

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// The fingerprint of plain bytes.
pub fn of_bytes(bytes: &[u8]) -> Fingerprint {
    Fingerprint(xxh3_128(bytes))
}

/// The fingerprint of a value by its serialised fields.
///
/// Inside, a type may ask `serializer.is_human_readable()`: it is false here and true for
/// templates, so a card can stand in a view by its own fingerprint.
pub fn of<T: Serialize + ?Sized>(value: &T) -> Fingerprint {
    let bytes = postcard::to_extend(value, Vec::with_capacity(512))
        .expect("view types serialise: no sequence of unknown length, no failing impl");
    of_bytes(&bytes)
}

/// A value of any type, for views. Hashed it is its JSON text: the compact form that other fields
/// are hashed in doesn't tell `1` from `true`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Anything(pub serde_json::Value);

impl Serialize for Anything {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            self.0.serialize(serializer)
        } else {
            self.0.to_string().serialize(serializer)
        }
    }
}

/// Folds many parts into one fingerprint, each set off by its length.
#[derive(Default)]
pub struct Fold(Xxh3);

impl Fold {
    /// An empty fold.
    pub fn new() -> Fold {
        Fold::default()
    }

    /// Adds a part.
    pub fn add(&mut self, bytes: &[u8]) -> &mut Fold {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Adds another fingerprint.
    pub fn add_print(&mut self, print: Fingerprint) -> &mut Fold {
        self.0.update(&print.0.to_le_bytes());
        self
    }

    /// The fingerprint of all that was added.
    pub fn finish(&self) -> Fingerprint {
        Fingerprint(self.0.digest128())
    }
}

/// A hash of fixed input: it differs where the algorithm or the serialisation does, and then no
/// stored fingerprint may be believed.
pub fn probe() -> Fingerprint {
    of(&(
        "masthead",
        1u8,
        vec![Some("海"), None],
        0x0123_4567_89ab_cdefu64,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        let fold = |parts: &[&str]| {
            let mut fold = Fold::new();
            parts.iter().for_each(|part| {
                fold.add(part.as_bytes());
            });
            fold.finish()
        };
        assert_ne!(fold(&["ab", "c"]), fold(&["a", "bc"]));
        assert_eq!(fold(&["ab", "c"]), fold(&["ab", "c"]));
    }

    #[test]
    fn probe_is_pinned() {
        assert_eq!(probe().to_string(), "37e3d1d05a7f2464d1b24402696ab5aa");
        assert_ne!(of(&Some(1u8)), of(&1u8));
    }

    #[test]
    fn values_of_any_type_keep_their_type() {
        let values = [
            "1", "-1", "true", "\"1\"", "0", "false", "\"\"", "[]", "{}", "null",
        ];
        let print = |text: &&str| of(&Anything(serde_json::from_str(text).expect("JSON")));
        let mut prints: Vec<Fingerprint> = values.iter().map(print).collect();
        prints.sort();
        prints.dedup();
        assert_eq!(prints.len(), values.len());
    }
}
