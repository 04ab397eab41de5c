//! Parts of a file: what a player or a reader of PDF asks for.

use std::ops::RangeInclusive;

/// What of a body to send.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it: nothing else is asked for, or what is can't be read, or it is several parts.
    Whole,
    /// These bytes.
    Bytes(RangeInclusive<usize>),
    /// Bytes that it doesn't have.
    Beyond,
}

/// The part of `length` bytes that a `Range` asks for.
pub fn part(range: Option<&str>, length: usize) -> Part {
    let Some(range) = range.filter(|range| !range.contains(',')) else {
        return Part::Whole;
    };
    let Ok(parsed) = http_range_header::parse_range_header(range) else {
        return Part::Whole;
    };
    match parsed.validate(length as u64).as_deref() {
        Ok([bytes]) => match (
            usize::try_from(*bytes.start()),
            usize::try_from(*bytes.end()),
        ) {
            (Ok(first), Ok(last)) if first <= last && last < length => Part::Bytes(first..=last),
            _ => Part::Beyond,
        },
        _ => Part::Beyond,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_range_is_a_part() {
        let check = |range: &str, length: usize, expect: Part| {
            assert_eq!(part(Some(range), length), expect, "{range} of {length}");
        };
        check("bytes=0-3", 10, Part::Bytes(0..=3));
        check("bytes=4-", 10, Part::Bytes(4..=9));
        check("bytes=-4", 10, Part::Bytes(6..=9));
        check("bytes=8-99", 10, Part::Bytes(8..=9));
        check("bytes=-99", 10, Part::Bytes(0..=9));
        check("bytes=10-", 10, Part::Beyond);
        check("bytes=-0", 10, Part::Beyond);
        check("bytes=0-", 0, Part::Beyond);
        check("bytes=0-1,4-5", 10, Part::Whole);
        check("bytes=a-b", 10, Part::Whole);
        check("lines=0-1", 10, Part::Whole);
        assert_eq!(part(None, 10), Part::Whole);
    }

    proptest! {
        #[test]
        fn a_part_is_within(range in "bytes=[0-9]{0,20}-[0-9]{0,20}", length in 0usize..50) {
            if let Part::Bytes(bytes) = part(Some(&range), length) {
                prop_assert!(bytes.start() <= bytes.end() && *bytes.end() < length);
            }
        }
    }
}
