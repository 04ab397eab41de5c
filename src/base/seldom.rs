//! A part that few values have: a pointer where there is something, and none where there is not.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::Deref;

/// What stands where there is nothing.
pub trait Blank: Default + PartialEq + 'static {
    /// The default, one for all.
    fn blank() -> &'static Self;
}

impl<T: PartialEq + 'static> Blank for Vec<T> {
    fn blank() -> &'static Self {
        const { &Vec::new() }
    }
}

/// A `T` that is the default in nearly all values. It reads like a `T`, and takes eight bytes as
/// long as nobody writes into it. Two are equal where they read the same.
pub struct Seldom<T>(Option<Box<T>>);

impl<T: Blank> Seldom<T> {
    /// Of a value; the default takes no room.
    pub fn new(value: T) -> Self {
        Seldom((value != *T::blank()).then(|| Box::new(value)))
    }

    /// To write into. What is the default again afterwards takes no room in a copy, nor when it is
    /// read back.
    pub fn get_mut(&mut self) -> &mut T {
        self.0.get_or_insert_default()
    }

    /// The value itself.
    pub fn into_inner(self) -> T {
        self.0.map(|value| *value).unwrap_or_default()
    }

    /// What it points to, if that is not the default.
    fn solid(&self) -> Option<&T> {
        self.0.as_deref().filter(|value| *value != T::blank())
    }
}

impl<T: Blank> Deref for Seldom<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_deref().unwrap_or(T::blank())
    }
}

impl<T: Blank> From<T> for Seldom<T> {
    fn from(value: T) -> Self {
        Seldom::new(value)
    }
}

impl<T> Default for Seldom<T> {
    fn default() -> Self {
        Seldom(None)
    }
}

impl<T: Blank + Clone> Clone for Seldom<T> {
    fn clone(&self) -> Self {
        Seldom(self.solid().cloned().map(Box::new))
    }
}

impl<T: Blank> PartialEq for Seldom<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Blank + Eq> Eq for Seldom<T> {}

impl<T: Blank + std::fmt::Debug> std::fmt::Debug for Seldom<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}

/// It is kept as an option: a byte where there is nothing.
impl<T: Blank + Serialize> Serialize for Seldom<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.solid().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Seldom<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Seldom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_blank_takes_no_room() {
        let mut list: Seldom<Vec<u8>> = Seldom::default();
        assert!(list.is_empty() && size_of_val(&list) == 8);
        assert!(Seldom::new(Vec::<u8>::new()).0.is_none());
        list.get_mut().push(7);
        assert_eq!(*list, [7]);
        list.get_mut().clear();
        assert!(list.0.is_some() && list == Seldom::default());
        assert!(list.clone().0.is_none());
        assert_eq!(postcard::to_extend(&list, Vec::new()), Ok(vec![0]));
    }

    #[test]
    fn what_is_kept_comes_back() {
        for value in [vec![], vec![1, 2]] {
            let own = Seldom::new(value.clone());
            let bytes = postcard::to_extend(&own, Vec::new()).expect("it is kept");
            let back: Seldom<Vec<u8>> = postcard::from_bytes(&bytes).expect("it is read");
            assert_eq!((&back, back.0.is_some()), (&own, !value.is_empty()));
            assert_eq!(back.into_inner(), value);
        }
    }
}
