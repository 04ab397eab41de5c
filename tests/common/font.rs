//! A small TrueType font: each character that it is made for is a block, one em wide and as high as
//! its code point tells.

/// Units of an em.
const EM: i16 = 1000;

/// The bytes of a font with these characters.
pub fn font(characters: &str) -> Vec<u8> {
    let mut chars: Vec<char> = characters.chars().collect();
    chars.sort_unstable();
    chars.dedup();
    let glyphs = chars.len() as u16 + 1;
    // The first glyph stands for what is missing, and is empty.
    let (mut glyf, mut loca) = (Vec::new(), vec![0u32, 0]);
    for c in &chars {
        block(&mut glyf, 100 + (*c as u32 % 700) as i16);
        loca.push(glyf.len() as u32);
    }
    let tables: [(&[u8; 4], Vec<u8>); 7] = [
        (b"cmap", cmap(&chars)),
        (b"glyf", glyf),
        (b"head", head()),
        (b"hhea", hhea(glyphs)),
        (
            b"hmtx",
            (0..glyphs).flat_map(|_| numbers(&[EM, 0])).collect(),
        ),
        (
            b"loca",
            loca.iter().flat_map(|at| at.to_be_bytes()).collect(),
        ),
        (b"maxp", maxp(glyphs)),
    ];
    let mut font = numbers(&[0, 1, 0, 0, 0, 0]);
    font[..4].copy_from_slice(&0x0001_0000u32.to_be_bytes());
    font[4..6].copy_from_slice(&(tables.len() as u16).to_be_bytes());
    let mut at = font.len() + tables.len() * 16;
    let mut data = Vec::new();
    for (tag, bytes) in &tables {
        font.extend_from_slice(*tag);
        font.extend([0; 4]);
        font.extend((at as u32).to_be_bytes());
        font.extend((bytes.len() as u32).to_be_bytes());
        let padded = bytes.len().next_multiple_of(4);
        data.extend_from_slice(bytes);
        data.resize(data.len() + padded - bytes.len(), 0);
        at += padded;
    }
    font.extend(data);
    font
}

fn numbers(all: &[i16]) -> Vec<u8> {
    all.iter().flat_map(|one| one.to_be_bytes()).collect()
}

/// A rectangle of four points on the curve.
fn block(out: &mut Vec<u8>, height: i16) {
    let (left, right) = (60, EM - 60);
    out.extend(numbers(&[1, left, 0, right, height, 3, 0]));
    out.extend([1; 4]);
    out.extend(numbers(&[left, right - left, 0, left - right]));
    out.extend(numbers(&[0, 0, height, 0]));
    out.resize(out.len().next_multiple_of(4), 0);
}

fn cmap(chars: &[char]) -> Vec<u8> {
    let mut out = numbers(&[0, 1, 3, 10, 0, 12, 12, 0]);
    out.extend((16 + 12 * chars.len() as u32).to_be_bytes());
    out.extend([0; 4]);
    out.extend((chars.len() as u32).to_be_bytes());
    for (n, c) in chars.iter().enumerate() {
        for number in [*c as u32, *c as u32, n as u32 + 1] {
            out.extend(number.to_be_bytes());
        }
    }
    out
}

fn head() -> Vec<u8> {
    let mut out = numbers(&[1, 0, 1, 0, 0, 0]);
    out.extend(0x5f0f_3cf5u32.to_be_bytes());
    out.extend(numbers(&[0, EM]));
    out.extend([0; 16]);
    out.extend(numbers(&[0, 0, EM, EM, 0, 8, 2, 1, 0]));
    out
}

fn hhea(glyphs: u16) -> Vec<u8> {
    let mut out = numbers(&[1, 0, 880, -120, 0, EM, 0, 0, EM, 1, 0, 0, 0, 0, 0, 0, 0]);
    out.extend(glyphs.to_be_bytes());
    out
}

fn maxp(glyphs: u16) -> Vec<u8> {
    let mut out = numbers(&[1, 0]);
    out.extend(glyphs.to_be_bytes());
    out.extend(numbers(&[4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]));
    out
}
