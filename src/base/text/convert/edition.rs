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

use super::dictionary::between;
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

    /// A block that markup or the ends of lines cut into pieces. It is read as one text: a phrase
    /// or a quotation may begin in one piece and end in another. Where something else stands
    /// between two pieces, such as code, a piece without Han characters keeps them apart.
    pub fn block<'t>(&self, pieces: &[&'t str], origin: Origin) -> Vec<Cow<'t, str>> {
        let scheme = self.there.scheme;
        match script(pieces, origin) {
            Some(script) if script == scheme.from() => {
                let pieces = match scheme.from() == scheme.to() {
                    true => unchanged(pieces),
                    false => quoted(pieces, scheme.to()),
                };
                changed(pieces, |text, marks| self.there.marked(text, marks))
            }
            Some(_) if origin.machine => self.anew(pieces),
            _ => unchanged(pieces),
        }
    }

    /// A block that may be a machine's work, converted back and again.
    fn anew<'t>(&self, pieces: &[&'t str]) -> Vec<Cow<'t, str>> {
        let Some(back) = self.back.as_ref().filter(|_| reproduces(&pieces.concat())) else {
            return unchanged(pieces);
        };
        changed(unchanged(pieces), |text, marks| {
            let plain = back.marked(text, marks)?;
            let new = self.there.marked(&plain, marks);
            new.or(Some(plain))
        })
    }
}

fn unchanged<'t>(pieces: &[&'t str]) -> Vec<Cow<'t, str>> {
    pieces.iter().map(|piece| Cow::Borrowed(*piece)).collect()
}

/// Changes the pieces of a block as one text, but for what stays in it.
fn changed<'t>(
    mut pieces: Vec<Cow<'t, str>>,
    change: impl Fn(&str, &mut [usize]) -> Option<String>,
) -> Vec<Cow<'t, str>> {
    let whole = match &pieces[..] {
        [one] => Cow::Borrowed(&**one),
        all => Cow::Owned(all.concat()),
    };
    let mut end = 0;
    let ends = pieces.iter().map(|piece| {
        end += piece.len();
        end
    });
    let mut marks: Vec<usize> = ends.collect();
    // The last one is the end of the text, which needs no care.
    marks.pop();
    let parts: Vec<_> = kept(&whole).into_iter().map(|part| (part, None)).collect();
    let new = match parts.is_empty() {
        true => change(&whole, &mut marks),
        false => between(&whole, &parts, &mut marks, change),
    };
    let Some(new) = new else {
        return pieces;
    };
    let mut start = 0;
    for (piece, end) in pieces
        .iter_mut()
        .zip(marks.into_iter().chain(once(new.len())))
    {
        if **piece != new[start..end] {
            *piece = Cow::Owned(new[start..end].to_owned());
        }
        start = end;
    }
    pieces
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
        check("s2tw", HANS, "他的头|发|在以|后", "他的頭|髮|在以|後");
        check("s2twp", HANS, "软|件|程|序员", "軟|體|程式設計師|");
        check(
            "s2twp",
            HANS,
            "见 https://a|.cn/后里的头|发",
            "見 https://a|.cn/后里的头|发",
        );
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
                    let whole = pieces.concat();
                    proptest::prop_assert_eq!(block.concat(), edition(name).text(&whole, origin));
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
