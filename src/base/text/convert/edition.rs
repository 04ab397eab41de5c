//! A block of an article as the reader of an edition wants it.
//!
//! Owns the decision what is converted at all, block by block: a paragraph, heading, title,
//! summary or list item. In this order:
//!
//! 1. A block of Japanese or Korean stays, and so does one without Han characters. A few kana in a
//!    Chinese block are a quoted name and do not keep it (`script.rs` has the same rule).
//! 2. Which script it is in, the characters of one script alone decide by majority; where there
//!    are none, or as many of either, it is taken to be in the article's script.
//! 3. A block of the script that the edition's scheme starts from is converted: its quotation
//!    marks by custom, its words by the dictionaries and the glossary. Addresses and code between
//!    backticks stay, and so does all Latin. Of `$阿里巴巴 (BABA.US)$` the name is converted.
//! 4. A block that is in the edition's script already stays as its author wrote it, unless the
//!    article shows that a machine wrote it (`machine.rs`), and conversion reproduces it: then
//!    it is turned back to Simplified and converted anew.

use std::borrow::Cow;
use std::iter::once;

use super::dictionary::Writer;
use super::kept::kept;
use super::machine::reproduces;
use super::quotes::quoted;
use super::{Converter, Glossary, Scheme};
use crate::base::text::script::{Class, Script, classes};

/// What is known of the article that a block stands in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Origin {
    /// Its script: `Hans`, `Hant`, or any other where it is not Chinese or not known.
    pub script: Script,
    /// Whether a machine made it, as [`super::machine_made`] tells.
    pub machine: bool,
}

/// Makes the texts of one edition of a site. Shared by threads, as a [`Converter`] is.
pub struct Edition {
    there: Converter,
    /// To Simplified, for what a machine made.
    back: Option<Converter>,
}

impl Edition {
    /// The edition in the script that the scheme makes.
    pub fn new(scheme: Scheme, glossary: &Glossary) -> Edition {
        let anew = scheme.from() == Script::Hans;
        Edition {
            there: Converter::new(scheme, glossary),
            back: anew.then(|| Converter::new(Scheme::T2s, glossary)),
        }
    }

    /// The script of the edition: `Hans` or `Hant`.
    pub fn script(&self) -> Script {
        self.there.scheme.to()
    }

    /// The converter of the edition, for what is no block: its [`Converter::doubts`].
    pub fn converter(&self) -> &Converter {
        &self.there
    }

    /// A block of one piece.
    pub fn text<'t>(&self, text: &'t str, origin: Origin) -> Cow<'t, str> {
        let mut pieces = self.block(&[text], origin);
        pieces.pop().unwrap_or(Cow::Borrowed(text))
    }

    /// A block that markup cuts into pieces, each by itself. Script and quotation marks are those
    /// of the whole block; a phrase is looked for within a piece.
    pub fn block<'t>(&self, pieces: &[&'t str], origin: Origin) -> Vec<Cow<'t, str>> {
        let scheme = self.there.scheme;
        match script(pieces, origin) {
            Some(script) if script == scheme.from() => {
                let pieces = match scheme.from() == scheme.to() {
                    true => pieces.iter().map(|piece| Cow::Borrowed(*piece)).collect(),
                    false => quoted(pieces, scheme.to()),
                };
                let convert = |piece| over(piece, |text| changed(self.there.convert(text)));
                pieces.into_iter().map(convert).collect()
            }
            Some(_) if origin.machine => self.anew(pieces),
            _ => pieces.iter().map(|piece| Cow::Borrowed(*piece)).collect(),
        }
    }

    /// A block that may be a machine's work, converted back and again.
    fn anew<'t>(&self, pieces: &[&'t str]) -> Vec<Cow<'t, str>> {
        let Some(back) = self.back.as_ref().filter(|_| reproduces(&pieces.concat())) else {
            return pieces.iter().map(|piece| Cow::Borrowed(*piece)).collect();
        };
        let anew = |text: &str| {
            let new = self.there.convert(&back.convert(text)).into_owned();
            (new != text).then_some(new)
        };
        let pieces = pieces.iter().map(|piece| Cow::Borrowed(*piece));
        pieces.map(|piece| over(piece, anew)).collect()
    }
}

/// The script of a block, `None` where it is not to be touched.
fn script(pieces: &[&str], origin: Origin) -> Option<Script> {
    let (mut simplified, mut traditional, mut han, mut others) = (0, 0, 0, 0);
    for piece in pieces {
        classes(piece, |class| match class {
            Class::Simplified => simplified += 1,
            Class::Traditional => traditional += 1,
            Class::Han => han += 1,
            Class::Kana | Class::Hangul => others += 1,
            _ => {}
        });
    }
    let chinese = simplified + traditional + han;
    if chinese == 0 || others > 0 && others * 10 >= chinese + others {
        return None;
    }
    match simplified.cmp(&traditional) {
        std::cmp::Ordering::Greater => Some(Script::Hans),
        std::cmp::Ordering::Less => Some(Script::Hant),
        std::cmp::Ordering::Equal => {
            Some(origin.script).filter(|script| matches!(script, Script::Hans | Script::Hant))
        }
    }
}

fn changed(text: Cow<'_, str>) -> Option<String> {
    match text {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text),
    }
}

/// Changes a text but for what stays in it. `change` says `None` where nothing changes.
fn over<'t>(text: Cow<'t, str>, change: impl Fn(&str) -> Option<String>) -> Cow<'t, str> {
    let parts = kept(&text);
    if parts.is_empty() {
        return change(&text).map_or(text, Cow::Owned);
    }
    let mut out = Writer::new(&text);
    let mut start = 0;
    for part in parts.into_iter().chain(once(text.len()..text.len())) {
        let between = &text[start..part.start];
        if let Some(changed) = change(between) {
            out.put(start, between.len(), &changed);
        }
        start = part.end;
    }
    out.end().map_or(text, Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::super::machine_made;
    use super::*;

    const HANS: Origin = Origin {
        script: Script::Hans,
        machine: false,
    };
    const HANT: Origin = Origin {
        script: Script::Hant,
        machine: false,
    };
    const MACHINE: Origin = Origin {
        script: Script::Hant,
        machine: true,
    };

    fn edition(name: &str) -> Edition {
        let glossary = Glossary {
            pairs: vec![("土豆".into(), "馬鈴薯".into())],
            protected: vec!["李松仁".into()],
        };
        Edition::new(Scheme::named(name).expect(name), &glossary)
    }

    fn check(name: &str, origin: Origin, input: &str, expect: &str) {
        let pieces: Vec<&str> = input.split('|').collect();
        let block = edition(name).block(&pieces, origin);
        assert_eq!(block.join("|"), expect, "{name} {input}");
        if pieces.len() == 1 {
            assert_eq!(edition(name).text(input, origin), expect);
        }
    }

    fn stays(name: &str, origin: Origin, text: &str) {
        let edition = edition(name);
        assert!(
            matches!(edition.text(text, origin), Cow::Borrowed(_)),
            "{name} {text}"
        );
        check(name, origin, text, text);
    }

    #[test]
    fn a_block_is_converted_from_its_own_script() {
        check(
            "s2tw",
            HANS,
            "他们在后面的公里处发现“头发”",
            "他們在後面的公里處發現「頭髮」",
        );
        check("s2tw", HANT, "他们在后面", "他們在後面");
        check(
            "tw2s",
            HANT,
            "他們在後面發現「頭髮」",
            "他们在后面发现“头发”",
        );
        check("tw2s", HANS, "他們在後面", "他们在后面");
        check("t2hk", HANT, "他說「衛生」", "他説「衞生」");
    }

    #[test]
    fn a_block_of_the_wanted_script_stays() {
        stays("s2tw", HANS, "臺灣的颱風與『后里』“開”");
        stays("s2twp", HANT, "軟件與信息爲主");
        stays("tw2s", HANT, "他们在后面说「好」，乾隆");
        stays("t2hk", HANT, "他们在后面");
    }

    #[test]
    fn the_article_decides_where_characters_do_not() {
        check("s2tw", HANS, "皇后与干部", "皇后與幹部");
        check("s2tw", HANS, "干部", "幹部");
        stays("s2tw", HANT, "干部");
        check("tw2s", HANT, "藉口", "借口");
        let unknown = Origin {
            script: Script::Han,
            machine: false,
        };
        stays("s2tw", unknown, "干部");
    }

    #[test]
    fn other_languages_stay() {
        stays("s2tw", HANS, "新しい橋が開通した後に発展");
        stays("s2tw", HANS, "새 다리가 개통되었다 发");
        stays("s2tw", HANS, "The “new” bridge, 9:00");
        stays("s2tw", HANS, "");
        check(
            "s2tw",
            HANS,
            "咖啡店“海の家”在港口开了第三家分店",
            "咖啡店「海の家」在港口開了第三家分店",
        );
        check(
            "s2tw",
            HANS,
            "OpenAI released something for developers 发布",
            "OpenAI released something for developers 發佈",
        );
    }

    #[test]
    fn addresses_code_and_codes_stay() {
        check(
            "s2twp",
            HANS,
            "$阿里巴巴 (BABA.US)$与$腾讯控股 (00700.HK)$发布软件，见https://a.cn/后里 或 `let 发 = 里;`，写信到 fa@li.cn",
            "$阿里巴巴 (BABA.US)$與$騰訊控股 (00700.HK)$釋出軟體，見https://a.cn/后里 或 `let 发 = 里;`，寫信到 fa@li.cn",
        );
        check("s2tw", HANS, "“后”与`“后`", "「後」與`“后`");
    }

    #[test]
    fn a_block_may_be_in_pieces() {
        check(
            "s2tw",
            HANS,
            "他说“|头发|”在|Rust|后面",
            "他說「|頭髮|」在|Rust|後面",
        );
        check("s2tw", HANS, "这些|干部|", "這些|幹部|");
        stays("s2tw", HANT, "這些|干部");
        assert_eq!(edition("s2tw").block(&[], HANS), Vec::<Cow<str>>::new());
    }

    /// `article.txt`: a thousand characters, written for this test.
    #[test]
    fn an_article_comes_back() {
        let article = include_str!("article.txt");
        for (there, back) in [("s2t", "t2s"), ("s2tw", "tw2s"), ("s2hk", "hk2s")] {
            let [there, back] = [there, back].map(edition);
            for block in article.lines() {
                let traditional = there.text(block, HANS);
                assert_ne!(traditional, block);
                assert_eq!(back.text(&traditional, HANT), block);
            }
        }
    }

    #[test]
    fn own_words_are_left_or_told_by_the_glossary() {
        check("s2tw", HANS, "李松仁卖土豆", "李松仁賣馬鈴薯");
        check("tw2s", HANT, "李松仁賣馬鈴薯", "李松仁卖土豆");
    }

    #[test]
    fn what_a_machine_made_is_made_anew() {
        let text = "爲了居民，他們在港口裏舉辦「軟件」展，羣衆喫麪";
        assert!(machine_made([text]));
        check(
            "s2tw",
            MACHINE,
            text,
            "為了居民，他們在港口裡舉辦「軟件」展，群眾吃麵",
        );
        check(
            "s2twp",
            MACHINE,
            text,
            "為了居民，他們在港口裡舉辦「軟體」展，群眾吃麵",
        );
        check("s2hk", MACHINE, "皇后領着羣衆", "皇后領着群眾");
        check(
            "t2s",
            MACHINE,
            text,
            "为了居民，他们在港口里举办“软件”展，群众吃面",
        );
        stays("s2twp", HANT, text);
        // Not what a machine makes: left to its author.
        stays("s2tw", MACHINE, "皇後在公裏外發現頭發");
        check(
            "s2twp",
            MACHINE,
            "軟件見https://a.cn/軟件",
            "軟體見https://a.cn/軟件",
        );
    }

    proptest::proptest! {
        #[test]
        fn any_block_is_converted(pieces in proptest::collection::vec("[后发裡們们“”‘’「」爲a.`|の]{0,12}|\\PC{0,12}", 0..4)) {
            let pieces: Vec<&str> = pieces.iter().map(|piece| &**piece).collect();
            for name in ["s2tw", "tw2s", "t2hk"] {
                for origin in [HANS, HANT, MACHINE] {
                    let block = edition(name).block(&pieces, origin);
                    proptest::prop_assert_eq!(block.len(), pieces.len());
                }
            }
        }

        #[test]
        fn latin_blocks_are_borrowed(text in "[ -~à-ÿ“”‘’]{0,60}") {
            for name in ["s2twp", "tw2sp"] {
                proptest::prop_assert!(matches!(edition(name).text(&text, HANS), Cow::Borrowed(_)));
            }
        }
    }
}
