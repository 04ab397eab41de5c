//! How Han is read: the pinyin of names, for their slugs and their order.
//!
//! A character is read as the `pinyin` crate has it (Unihan's most common reading), unless it stands
//! in a phrase where that is wrong: 重庆 is chongqing, 行长 hangzhang. `pinyin/phrases.txt` has these
//! phrases, and no others: those of pypinyin's dictionary that are in use (jieba's frequencies) and
//! that shorter ones don't settle yet, and names of places and banks beside. The longest phrase
//! wins, from the left. A person's name begins with a surname: 单 is shan there, 曾 zeng. Traditional
//! is read as the Simplified it folds to.
//!
//! A reading that someone wrote down (`pinyin:` in data files) is taken instead of all this.

use super::fold::simplified;
use super::script::is_han;
use pinyin::ToPinyin;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;

/// The longest phrase, in characters.
const LONGEST: usize = 4;

/// Surnames that are not read as the character commonly is.
const SURNAMES: [(&str, &str); 37] = [
    ("万俟", "mo4 qi2"),
    ("尉迟", "yu4 chi2"),
    ("长孙", "zhang3 sun1"),
    ("令狐", "ling2 hu2"),
    ("单于", "chan2 yu2"),
    ("澹台", "tan2 tai2"),
    ("乐正", "yue4 zheng4"),
    ("宰父", "zai3 fu3"),
    ("单", "shan4"),
    ("仇", "qiu2"),
    ("解", "xie4"),
    ("曾", "zeng1"),
    ("任", "ren2"),
    ("华", "hua4"),
    ("盖", "ge3"),
    ("查", "zha1"),
    ("区", "ou1"),
    ("朴", "piao2"),
    ("翟", "zhai2"),
    ("缪", "miao4"),
    ("乐", "yue4"),
    ("覃", "qin2"),
    ("折", "she2"),
    ("秘", "bi4"),
    ("冼", "xian3"),
    ("员", "yun4"),
    ("种", "chong2"),
    ("繁", "po2"),
    ("逄", "pang2"),
    ("祭", "zhai4"),
    ("召", "shao4"),
    ("黑", "he4"),
    ("宁", "ning4"),
    ("隗", "wei3"),
    ("谌", "chen2"),
    ("阙", "que1"),
    ("洗", "xian3"),
];

/// Whose name it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A thing's, a place's or a company's.
    Thing,
    /// A person's: it begins with a surname.
    Person,
}

/// A syllable: its letters without a tone (`lv` for lü), and its tone from 1 to 5.
pub type Syllable = (&'static str, u8);

/// A part of a name, as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A Han character; of a rare one no reading is known.
    Han(char, Option<Syllable>),
    /// Letters and digits in lower case, accents off.
    Word(String),
    /// Anything else, such as a blank or a sign.
    Sign(char),
}

/// A name in its parts, in their order.
pub fn parts(name: &str, reader: Reader) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut han: Vec<char> = Vec::new();
    // 查理·芒格 is no 查.
    let is_foreign = name.contains(['·', '•', '・', '‧']);
    let reader = if is_foreign { Reader::Thing } else { reader };
    let plain = name.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36F}'));
    for c in plain.nfc() {
        if is_han(c) || c == '〇' {
            han.push(c);
            continue;
        }
        read_run(&mut han, reader, &mut parts);
        if !c.is_alphanumeric() {
            parts.push(Part::Sign(c));
            continue;
        }
        if !matches!(parts.last(), Some(Part::Word(_))) {
            parts.push(Part::Word(String::new()));
        }
        if let Some(Part::Word(word)) = parts.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    read_run(&mut han, reader, &mut parts);
    parts
}

/// Reads a run of Han; a surname is one where nothing stands before it.
fn read_run(han: &mut Vec<char>, reader: Reader, parts: &mut Vec<Part>) {
    let folded: Vec<char> = han.iter().map(|c| simplified(*c)).collect();
    let mut at = 0;
    if reader == Reader::Person && parts.is_empty() {
        at = surname(han, &folded, parts);
    }
    while at < han.len() {
        let longest = LONGEST.min(han.len() - at);
        let known = (2..=longest).rev().find_map(|length| {
            let phrase: String = folded[at..at + length].iter().collect();
            Some((length, *phrases().get(phrase.as_str())?))
        });
        match known {
            Some((length, reading)) => {
                add(&han[at..at + length], reading, parts);
                at += length;
            }
            None => {
                // 著名 keeps its own reading, though it folds to 着名.
                let read = common(han[at]).or_else(|| common(folded[at]));
                parts.push(Part::Han(han[at], read));
                at += 1;
            }
        }
    }
    han.clear();
}

/// Adds the surname that a name begins with, if it is one of [`SURNAMES`]; says how long it is.
fn surname(han: &[char], folded: &[char], parts: &mut Vec<Part>) -> usize {
    let begins = |surname: &str| {
        let length = surname.chars().count();
        length < folded.len() && surname.chars().eq(folded[..length].iter().copied())
    };
    let Some((surname, reading)) = SURNAMES.iter().find(|(surname, _)| begins(surname)) else {
        return 0;
    };
    let length = surname.chars().count();
    add(&han[..length], reading, parts);
    length
}

fn add(han: &[char], reading: &'static str, parts: &mut Vec<Part>) {
    let syllables = reading.split(' ').map(syllable);
    let read = han.iter().zip(syllables);
    parts.extend(read.map(|(c, syllable)| Part::Han(*c, Some(syllable))));
}

/// A syllable with its tone behind it: `chong2`.
fn syllable(text: &'static str) -> Syllable {
    match text.as_bytes().last() {
        Some(tone @ b'1'..=b'5') => (&text[..text.len() - 1], tone - b'0'),
        _ => (text, 5),
    }
}

/// The most common reading of a character.
fn common(c: char) -> Option<Syllable> {
    let read = c.to_pinyin()?;
    let (_, tone) = syllable(read.with_tone_num_end());
    let plain = match read.plain() {
        "lü" => "lv",
        "nü" => "nv",
        "lüe" => "lve",
        "nüe" => "nve",
        plain => plain,
    };
    Some((plain, tone))
}

fn phrases() -> &'static HashMap<&'static str, &'static str> {
    static PHRASES: OnceLock<HashMap<&str, &str>> = OnceLock::new();
    PHRASES.get_or_init(|| {
        let lines = include_str!("pinyin/phrases.txt").lines();
        lines.filter_map(|line| line.split_once(' ')).collect()
    })
}

/// The syllables of a reading that someone wrote down: `chong qing`, `chóng qìng` or
/// `chong2 qing4`. Tones are dropped.
pub fn written(reading: &str) -> Vec<String> {
    let mut syllables = vec![String::new()];
    let mut last = ' ';
    for c in reading.nfd() {
        let own = syllables.len() - 1;
        match c {
            '\u{308}' if last == 'u' => {
                syllables[own].pop();
                syllables[own].push('v');
            }
            'a'..='z' | 'A'..='Z' => syllables[own].push(c.to_ascii_lowercase()),
            '1'..='5' | '\u{300}'..='\u{36F}' => {}
            _ => syllables.push(String::new()),
        }
        last = c.to_ascii_lowercase();
    }
    syllables.retain(|syllable| !syllable.is_empty());
    syllables
}

/// A name in letters: the syllables of Han joined, with `-` beside other words, and `plus`, `sharp`
/// and `and` for the signs that tell names apart. Letters of other alphabets stay.
pub fn letters(name: &str, reader: Reader) -> String {
    let parts = parts(name, reader);
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| parts.get(before));
        let joins = matches!(before, Some(Part::Han(..)));
        match part {
            Part::Han(c, read) => match read {
                Some((syllable, _)) => put(&mut out, syllable, joins),
                None => put(&mut out, c.encode_utf8(&mut [0; 4]), joins),
            },
            Part::Word(word) => put(
                &mut out,
                word,
                matches!(before, Some(Part::Sign('\'' | '’'))),
            ),
            Part::Sign('+') => put(&mut out, "plus", false),
            Part::Sign('#') if before.is_some() => put(&mut out, "sharp", false),
            Part::Sign('&') => put(&mut out, "and", false),
            Part::Sign(_) => {}
        }
    }
    out
}

fn put(out: &mut String, text: &str, joins: bool) {
    if !joins && !out.is_empty() {
        out.push('-');
    }
    out.push_str(text);
}

/// Whether a name's reading belongs to another word. Words of two characters have many homophones
/// (权力, 权利: quanli), and a reading belongs to the most common one, in the site or not: so no
/// article that is added can take it from a name.
pub fn is_taken(name: &str, letters: &str) -> bool {
    static READINGS: OnceLock<HashSet<String>> = OnceLock::new();
    let folded: String = name.chars().map(simplified).collect();
    if folded.chars().count() != 2 || !folded.chars().all(is_han) {
        return false;
    }
    let readings = READINGS.get_or_init(|| {
        let words = words().iter();
        words
            .map(|word| self::letters(word, Reader::Thing))
            .collect()
    });
    !words().contains(folded.as_str()) && readings.contains(letters)
}

/// Whether two Simplified characters are a common word. Of words that are read alike only the most
/// common one is known, so a no is no proof.
pub fn is_word(pair: &str) -> bool {
    words().contains(pair)
}

/// The most common word of two characters of each reading (jieba's frequencies, and what tags
/// are about first).
fn words() -> &'static HashSet<&'static str> {
    static WORDS: OnceLock<HashSet<&str>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let lines = include_str!("pinyin/words.txt").lines();
        lines.flat_map(pairs).collect()
    })
}

/// A line of words of two characters each.
fn pairs(line: &'static str) -> impl Iterator<Item = &'static str> {
    let starts: Vec<usize> = line.char_indices().map(|(at, _)| at).step_by(2).collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([line.len()]).collect();
    starts
        .into_iter()
        .zip(ends)
        .map(|(start, end)| &line[start..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expect: &str) {
        assert_eq!(letters(name, Reader::Thing), expect, "{name}");
    }

    #[test]
    fn phrases_settle_what_one_character_leaves_open() {
        for (name, expect) in [
            ("重庆", "chongqing"),
            ("重慶市", "chongqingshi"),
            ("厦门", "xiamen"),
            ("长沙", "changsha"),
            ("朝阳", "chaoyang"),
            ("银行", "yinhang"),
            ("行长", "hangzhang"),
            ("行業", "hangye"),
            ("步行", "buxing"),
            ("音乐", "yinyue"),
            ("快乐", "kuaile"),
            ("重要", "zhongyao"),
            ("重组", "chongzu"),
            ("长江", "changjiang"),
            ("成长", "chengzhang"),
            ("长三角", "changsanjiao"),
            ("會計", "kuaiji"),
            ("大厦", "dasha"),
            ("首都", "shoudu"),
            ("调查", "diaocha"),
            ("调控", "tiaokong"),
            ("六安", "luan"),
            ("番禺", "panyu"),
            ("东莞", "dongguan"),
            ("台州", "taizhou"),
            ("丽水", "lishui"),
            ("太行山", "taihangshan"),
            ("陕西", "shaanxi"),
            ("人行道", "renxingdao"),
            ("绿色", "lvse"),
            ("女足", "nvzu"),
            ("战略", "zhanlve"),
            ("显著", "xianzhu"),
            ("开采", "kaicai"),
        ] {
            check(name, expect);
        }
    }

    #[test]
    fn names_in_letters() {
        check("阿里巴巴", "alibaba");
        check("Qwen模型", "qwen-moxing");
        check("C++", "c-plus-plus");
        check("C#", "c-sharp");
        check("#话题", "huati");
        check("AT&T", "at-and-t");
        check("A.I.", "a-i");
        check("Moody’s", "moodys");
        check("Café 5G", "cafe-5g");
        check("ガンダム", "ガンダム");
        check("서울", "서울");
        check("…", "");
    }

    #[test]
    fn people_have_surnames() {
        let check = |name: &str, expect: &str| assert_eq!(letters(name, Reader::Person), expect);
        check("单田芳", "shantianfang");
        check("仇英", "qiuying");
        check("解缙", "xiejin");
        check("曾国藩", "zengguofan");
        check("尉遲恭", "yuchigong");
        check("万俟卨", "moqixie");
        check("单", "dan");
        check("查理·芒格", "chali-mangge");
    }

    #[test]
    fn readings_are_written_in_many_ways() {
        for reading in ["chong qing", "chóng qìng", "Chong2-qing4", "chong'qing"] {
            assert_eq!(written(reading), ["chong", "qing"], "{reading}");
        }
        assert_eq!(written("lǜ sè"), ["lv", "se"]);
        assert_eq!(written("lü se"), ["lv", "se"]);
    }

    #[test]
    fn a_reading_belongs_to_one_word() {
        let check = |name: &str, expect: bool| {
            assert_eq!(
                is_taken(name, &letters(name, Reader::Thing)),
                expect,
                "{name}"
            );
        };
        check("权力", false);
        check("权利", true);
        check("權利", true);
        check("重庆", false);
        check("崇庆", true);
        check("阿里巴巴", false);
        check("AI", false);
        check("港口", false);
    }

    #[test]
    fn tables_are_whole() {
        for (phrase, reading) in phrases() {
            let length = phrase.chars().count();
            assert!((2..=LONGEST).contains(&length), "{phrase}");
            assert_eq!(reading.split(' ').count(), length, "{phrase}");
            let right = |syllable: Syllable| {
                syllable.1 <= 5 && syllable.0.bytes().all(|byte| byte.is_ascii_lowercase())
            };
            assert!(reading.split(' ').map(syllable).all(right), "{phrase}");
        }
        assert!(words().iter().all(|word| word.chars().count() == 2));
        let mut readings: HashMap<String, &str> = HashMap::new();
        for word in words() {
            let other = readings.insert(letters(word, Reader::Thing), word);
            assert_eq!(other, None, "{word}");
        }
    }
}
