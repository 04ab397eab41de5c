//! How postings are written: tokens share their beginnings, places are gaps in Rice's code.
//!
//! Rice's code (R. F. Rice, 1979) writes a number as its high bits in unary and its `k` low bits as
//! they are. With `k` near the mean gap it comes within a few per cent of what gaps need, and of
//! a token that every article has it makes a bit for each: no list is longer than its articles'
//! count in bits. `k` follows from what is known already, so it isn't written.

/// Writes a number in groups of seven bits, the lowest first.
pub fn put_number(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Writes a token: how many bytes it shares with the one before, how many follow, and these.
pub fn put_token(out: &mut Vec<u8>, before: &[u8], token: &[u8]) {
    let shared = before.iter().zip(token).take_while(|(a, b)| a == b).count();
    put_number(out, shared as u32);
    put_number(out, (token.len() - shared) as u32);
    out.extend_from_slice(&token[shared..]);
}

/// Writes numbers below `limit` that ascend; how many there are is known to who reads.
pub fn put_ascending(
    out: &mut Vec<u8>,
    numbers: impl Iterator<Item = u32>,
    count: u32,
    limit: u32,
) {
    let low = low_bits(count, limit);
    let mut bits = Bits {
        out,
        held: 0,
        free: 8,
    };
    let mut next = 0;
    for number in numbers {
        let gap = number - next;
        next = number + 1;
        for _ in 0..gap >> low {
            bits.put(1);
        }
        bits.put(0);
        for at in (0..low).rev() {
            bits.put(gap >> at & 1);
        }
    }
    bits.finish();
}

/// How many low bits a gap has: about the binary logarithm of 0.69 times the mean gap.
fn low_bits(count: u32, limit: u32) -> u32 {
    (limit * 69 / (count.max(1) * 100)).max(1).ilog2()
}

/// Writes the places of a token: of each the article, doubled, and one where it does not stand in
/// title or tags.
pub fn put_places(out: &mut Vec<u8>, places: &[u16], limit: u32) {
    let heads = || {
        places
            .iter()
            .enumerate()
            .filter(|(_, place)| *place & 1 == 0)
    };
    let (count, head_count) = (places.len() as u32, heads().count() as u32);
    put_number(out, count << 1 | u32::from(head_count > 0));
    let articles = places.iter().map(|place| u32::from(place >> 1));
    put_ascending(out, articles, count, limit);
    if head_count > 0 {
        put_number(out, head_count);
        put_ascending(out, heads().map(|(at, _)| at as u32), head_count, count);
    }
}

struct Bits<'a> {
    out: &'a mut Vec<u8>,
    held: u8,
    free: u32,
}

impl Bits<'_> {
    fn put(&mut self, bit: u32) {
        self.free -= 1;
        self.held |= (bit as u8) << self.free;
        if self.free == 0 {
            self.out.push(self.held);
            (self.held, self.free) = (0, 8);
        }
    }

    fn finish(self) {
        if self.free < 8 {
            self.out.push(self.held);
        }
    }
}

/// Reads what the functions above wrote; `None` where something else was written.
pub struct Reader<'a> {
    /// All of it.
    pub bytes: &'a [u8],
    /// How much was read.
    pub at: usize,
}

impl<'a> Reader<'a> {
    /// From the first byte on.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, at: 0 }
    }

    /// Whether all was read.
    pub fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// A number in groups of seven bits.
    pub fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            number |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// Turns the token before into the next one.
    pub fn token(&mut self, before: &mut Vec<u8>) -> Option<()> {
        let shared = self.number()? as usize;
        let length = self.number()? as usize;
        before.truncate(shared);
        let end = self.at.checked_add(length)?;
        before.extend_from_slice(self.bytes.get(self.at..end)?);
        self.at = end;
        Some(())
    }

    /// So many numbers below `limit` that ascend.
    fn ascending(
        &mut self,
        count: u32,
        limit: u32,
        mut each: impl FnMut(u32) -> Option<()>,
    ) -> Option<()> {
        let low = low_bits(count, limit);
        let mut bit = self.at * 8;
        let mut next_bit = || {
            let byte = self.bytes.get(bit / 8)?;
            let own = byte >> (7 - bit % 8) & 1;
            bit += 1;
            Some(u32::from(own))
        };
        let mut next: u32 = 0;
        for _ in 0..count {
            let mut gap: u32 = 0;
            while next_bit()? == 1 {
                gap += 1;
            }
            for _ in 0..low {
                gap = gap << 1 | next_bit()?;
            }
            let number = next.checked_add(gap).filter(|number| *number < limit)?;
            each(number)?;
            next = number + 1;
        }
        self.at = bit.div_ceil(8);
        Some(())
    }

    /// The places of a token.
    pub fn places(&mut self, limit: u32, places: &mut Vec<u16>) -> Option<()> {
        places.clear();
        let count = self.number().filter(|count| count >> 1 <= limit)?;
        self.ascending(count >> 1, limit, |article| {
            places.push((article << 1 | 1) as u16);
            Some(())
        })?;
        if count & 1 == 1 {
            let heads = self.number().filter(|heads| *heads <= count >> 1)?;
            self.ascending(heads, count >> 1, |at| {
                *places.get_mut(at as usize)? &= !1;
                Some(())
            })?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn places_are_read_as_written(
            articles in proptest::collection::btree_map(0u16..2_000, any::<bool>(), 1..300),
            spare in 0u32..3_000,
        ) {
            let places: Vec<u16> = articles
                .iter()
                .map(|(article, body)| article << 1 | u16::from(*body))
                .collect();
            let limit = 2_000 + spare;
            let mut bytes = Vec::new();
            put_places(&mut bytes, &places, limit);
            let longest = limit as usize / 8 + places.len() / 8 + 10;
            prop_assert!(bytes.len() <= longest.max(places.len() * 3));
            let (mut reader, mut read) = (Reader::new(&bytes), Vec::new());
            prop_assert_eq!(reader.places(limit, &mut read), Some(()));
            prop_assert_eq!(read, places);
            prop_assert!(reader.is_done());
        }

        #[test]
        fn whatever_is_read_ends(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let mut reader = Reader::new(&bytes);
            let (mut token, mut places) = (Vec::new(), Vec::new());
            while reader.token(&mut token).is_some() && reader.places(32_768, &mut places).is_some() {
                prop_assert!(places.is_sorted_by(|a, b| a >> 1 < b >> 1));
            }
        }
    }

    #[test]
    fn what_every_article_has_takes_a_bit_each() {
        let mut bytes = Vec::new();
        put_ascending(&mut bytes, 0..32_768, 32_768, 32_768);
        assert_eq!(bytes.len(), 4_096);
    }
}
