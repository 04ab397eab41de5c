//! Numbers kept as their bytes: read in one piece, where postcard would decode each.

use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};
use std::fmt;

/// Keeps bytes as they are.
///
/// # Errors
/// Whatever the serializer says.
pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

/// Reads what [`serialize`] kept; `take` makes the value, or says that it is none.
///
/// # Errors
/// Bytes that are no such value.
pub fn deserialize<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    take: impl FnOnce(&[u8]) -> Option<T>,
) -> Result<T, D::Error> {
    struct Bytes<F>(F);
    impl<T, F: FnOnce(&[u8]) -> Option<T>> Visitor<'_> for Bytes<F> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("packed numbers")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<T, E> {
            let length = bytes.len();
            (self.0)(bytes).ok_or_else(|| E::invalid_length(length, &"packed numbers"))
        }
    }
    deserializer.deserialize_bytes(Bytes(take))
}

/// Numbers of 32 bits, for `#[serde(with)]`.
pub mod words {
    use serde::{Deserializer, Serializer};

    /// Keeps numbers as their bytes.
    ///
    /// # Errors
    /// Whatever the serializer says.
    pub fn serialize<S: Serializer>(words: &[u32], serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        super::serialize(&bytes, serializer)
    }

    /// Reads what [`serialize`] kept.
    ///
    /// # Errors
    /// Bytes that are no such numbers.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u32>, D::Error> {
        super::deserialize(deserializer, |bytes| {
            let (fours, rest) = bytes.as_chunks::<4>();
            let words = fours.iter().map(|four| u32::from_le_bytes(*four));
            rest.is_empty().then(|| words.collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Packed {
        #[serde(with = "super::words")]
        words: Vec<u32>,
        after: u8,
    }

    #[test]
    fn numbers_come_back_and_torn_ones_do_not() {
        let own = Packed {
            words: vec![0, 1, u32::MAX, 300],
            after: 7,
        };
        let bytes = postcard::to_extend(&own, Vec::new()).unwrap();
        assert_eq!(bytes.len(), 1 + 4 * 4 + 1);
        assert_eq!(postcard::from_bytes::<Packed>(&bytes).unwrap(), own);
        assert!(postcard::from_bytes::<Packed>(&[3, 1, 0, 0, 7]).is_err());
        assert!(postcard::from_bytes::<Packed>(&bytes[..9]).is_err());
    }
}
