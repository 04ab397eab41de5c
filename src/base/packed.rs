//! Values kept as their bytes: read in one piece, where postcard would decode each.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

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

/// What always takes the same number of bytes.
pub trait Fixed: Sized {
    /// How many.
    const SIZE: usize;

    /// Adds its bytes.
    fn put(&self, to: &mut Vec<u8>);

    /// What so many bytes are.
    fn take(bytes: &[u8]) -> Option<Self>;
}

macro_rules! fixed {
    ($($number:ty),*) => {$(
        impl Fixed for $number {
            const SIZE: usize = size_of::<$number>();

            fn put(&self, to: &mut Vec<u8>) {
                to.extend_from_slice(&self.to_le_bytes());
            }

            fn take(bytes: &[u8]) -> Option<$number> {
                Some(<$number>::from_le_bytes(bytes.try_into().ok()?))
            }
        }
    )*};
}

fixed!(u32, u64, u128);

/// Numbers, and what is made of them, for `#[serde(with)]`.
pub mod numbers {
    use super::Fixed;
    use serde::{Deserializer, Serializer};

    /// Keeps numbers as their bytes.
    ///
    /// # Errors
    /// Whatever the serializer says.
    pub fn serialize<T: Fixed, S: Serializer>(all: &[T], serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::with_capacity(all.len() * T::SIZE);
        all.iter().for_each(|one| one.put(&mut bytes));
        super::serialize(&bytes, serializer)
    }

    /// Reads what [`serialize`] kept.
    ///
    /// # Errors
    /// Bytes that are no such numbers.
    pub fn deserialize<'de, T: Fixed, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<T>, D::Error> {
        super::deserialize(deserializer, |bytes| {
            let each = bytes.chunks_exact(T::SIZE);
            each.remainder().is_empty().then_some(())?;
            each.map(T::take).collect()
        })
    }
}

/// A kind of record, and what one of them is as long as it borrows its texts.
pub trait Record {
    /// One record.
    type Of<'a>: Serialize + Deserialize<'a>;
}

/// Texts.
#[derive(Debug)]
pub struct Text;

impl Record for Text {
    type Of<'a> = &'a str;
}

/// A list of small records that takes one piece of memory: what most articles have some of, and
/// few builds read much of. A record is decoded each time that it is read.
pub struct Records<R>(Box<[u8]>, PhantomData<fn() -> R>);

impl<R: Record> Records<R> {
    /// Of records, in order.
    pub fn of<'a>(all: impl IntoIterator<Item = R::Of<'a>>) -> Self {
        let mut writer = Writer::default();
        for one in all {
            writer.push(&one);
        }
        writer.finish()
    }

    /// The records, in order.
    pub fn iter(&self) -> impl Iterator<Item = R::Of<'_>> {
        let mut rest = &*self.0;
        std::iter::from_fn(move || {
            let (one, after) = postcard::take_from_bytes(rest).ok()?;
            rest = after;
            Some(one)
        })
    }

    /// All of them as they are kept, to be hashed.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Writes records one by one, each of which needs to live for a moment.
pub struct Writer<R>(Vec<u8>, PhantomData<fn() -> R>);

impl<R> Default for Writer<R> {
    fn default() -> Self {
        Writer(Vec::with_capacity(256), PhantomData)
    }
}

impl<R: Record> Writer<R> {
    /// Adds a record. One that can't be encoded leaves none of those before it, which no record of
    /// numbers and texts does.
    pub fn push(&mut self, one: &R::Of<'_>) {
        if let Ok(longer) = postcard::to_extend(one, std::mem::take(&mut self.0)) {
            self.0 = longer;
        }
    }

    /// The list.
    pub fn finish(self) -> Records<R> {
        Records(self.0.into_boxed_slice(), PhantomData)
    }
}

impl<R> Default for Records<R> {
    fn default() -> Self {
        Records(Box::default(), PhantomData)
    }
}

impl<R> Clone for Records<R> {
    fn clone(&self) -> Self {
        Records(self.0.clone(), PhantomData)
    }
}

impl<R> PartialEq for Records<R> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<R> Eq for Records<R> {}

impl<R: Record> fmt::Debug for Records<R>
where
    for<'a> R::Of<'a>: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<R> Serialize for Records<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(&self.0, serializer)
    }
}

impl<'de, R> Deserialize<'de> for Records<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer, |bytes| {
            Some(Records(bytes.into(), PhantomData))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Record, Records, Text};
    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Packed {
        #[serde(with = "super::numbers")]
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

    struct Pairs;

    impl Record for Pairs {
        type Of<'a> = (u32, &'a str);
    }

    proptest! {
        #[test]
        fn records_come_back(all: Vec<(u32, String)>) {
            let pairs = Records::<Pairs>::of(all.iter().map(|(n, text)| (*n, text.as_str())));
            let back = pairs.iter().map(|(n, text)| (n, text.to_string()));
            prop_assert_eq!(&back.collect::<Vec<_>>(), &all);
            prop_assert_eq!((pairs.len(), pairs.is_empty()), (all.len(), all.is_empty()));
            let kept = postcard::to_extend(&pairs, Vec::new()).unwrap();
            prop_assert!(postcard::from_bytes::<Records<Pairs>>(&kept).unwrap() == pairs);
            let texts = Records::<Text>::of(all.iter().map(|(_, text)| text.as_str()));
            prop_assert!(texts.iter().eq(all.iter().map(|(_, text)| text)));
        }
    }
}
