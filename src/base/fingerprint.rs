//! Fingerprints: 128-bit hashes that say whether something is still the same.
//!
//! XXH3 is used because nobody gains by forging a cache key of his own site, and it costs a
//! quarter of BLAKE3 on pages of 15 KB. A value is hashed through its `Serialize`, by way of
//! postcard's bytes, so that what a template sees and what a fingerprint covers come from one
//! list of fields.

use postcard::ser_flavors::Flavor;
use serde::{Deserialize, Serialize};
use std::fmt;
use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_128};

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

/// A number for plain bytes, for tables in memory: half the work of a fingerprint.
pub fn key_of(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}

/// The fingerprint of a value by its serialised fields.
///
/// Inside, a type may ask `serializer.is_human_readable()`: it is false here and true for
/// templates, so a card can stand in a view by its own fingerprint.
pub fn of<T: Serialize + ?Sized>(value: &T) -> Fingerprint {
    let bytes = postcard::serialize_with_flavor(value, Bytes(Vec::with_capacity(512)))
        .expect("view types serialise: no sequence of unknown length, no failing impl");
    of_bytes(&bytes)
}

/// Bytes as they come: postcard's own lists take a text byte by byte.
struct Bytes(Vec<u8>);

impl Flavor for Bytes {
    type Output = Vec<u8>;

    #[inline]
    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    #[inline]
    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<Vec<u8>> {
        Ok(self.0)
    }
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
///
/// Most folds are short, of parts that are shorter still: these are gathered and hashed in one go.
pub struct Fold {
    short: Vec<u8>,
    /// What was more than a short fold has room for.
    long: Option<Box<Xxh3>>,
}

/// Room of a short fold, in bytes.
const SHORT: usize = 1024;

impl Default for Fold {
    fn default() -> Fold {
        Fold {
            short: Vec::with_capacity(SHORT),
            long: None,
        }
    }
}

impl Fold {
    /// An empty fold.
    pub fn new() -> Fold {
        Fold::default()
    }

    /// Adds a part.
    pub fn add(&mut self, bytes: &[u8]) -> &mut Fold {
        self.put(&(bytes.len() as u64).to_le_bytes());
        self.put(bytes);
        self
    }

    /// Adds another fingerprint.
    pub fn add_print(&mut self, print: Fingerprint) -> &mut Fold {
        self.put(&print.0.to_le_bytes());
        self
    }

    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        if self.short.len() + bytes.len() > SHORT {
            return self.put_long(bytes);
        }
        self.short.extend_from_slice(bytes);
    }

    #[cold]
    fn put_long(&mut self, bytes: &[u8]) {
        let long = self.long.get_or_insert_default();
        long.update(&self.short);
        long.update(bytes);
        self.short.clear();
    }

    /// The fingerprint of all that was added.
    pub fn finish(mut self) -> Fingerprint {
        match &mut self.long {
            None => of_bytes(&self.short),
            Some(long) => {
                long.update(&self.short);
                Fingerprint(long.digest128())
            }
        }
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
    fn long_folds_are_hashed_as_short_ones_are() {
        for lengths in [
            &[0, 3, 1_000][..],
            &[1_024, 0],
            &[900, 200, 5_000, 7, 1_016],
        ] {
            let mut fold = Fold::new();
            let mut whole = Vec::new();
            for (n, length) in lengths.iter().enumerate() {
                let part = vec![n as u8; *length];
                fold.add(&part).add_print(Fingerprint(7));
                whole.extend((*length as u64).to_le_bytes());
                whole.extend(part);
                whole.extend(7u128.to_le_bytes());
            }
            assert_eq!(fold.finish(), of_bytes(&whole), "{lengths:?}");
        }
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
