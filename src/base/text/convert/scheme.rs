//! The ways of converting, by OpenCC's names, and the dictionaries that each goes through.

use std::sync::OnceLock;

use super::dictionary::Dictionary;
use crate::base::text::script::Script;

/// A way of converting, under OpenCC's name for it.
///
/// `s` is Simplified, `t` Traditional by OpenCC's own standard, `tw` and `hk` Traditional as it is
/// written in Taiwan and in Hong Kong; `p` at the end also changes words (软件 is 軟體 in Taiwan).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs)]
pub enum Scheme {
    S2t,
    S2tw,
    S2twp,
    S2hk,
    S2hkp,
    T2s,
    Tw2s,
    Tw2sp,
    Hk2s,
    Hk2sp,
    T2tw,
    T2twp,
    T2hk,
    T2hkp,
    Tw2t,
    Tw2tp,
    Hk2t,
    Hk2tp,
}

impl Scheme {
    /// All schemes, with the names they have in a configuration.
    pub const ALL: [(&'static str, Scheme); 18] = [
        ("s2t", Scheme::S2t),
        ("s2tw", Scheme::S2tw),
        ("s2twp", Scheme::S2twp),
        ("s2hk", Scheme::S2hk),
        ("s2hkp", Scheme::S2hkp),
        ("t2s", Scheme::T2s),
        ("tw2s", Scheme::Tw2s),
        ("tw2sp", Scheme::Tw2sp),
        ("hk2s", Scheme::Hk2s),
        ("hk2sp", Scheme::Hk2sp),
        ("t2tw", Scheme::T2tw),
        ("t2twp", Scheme::T2twp),
        ("t2hk", Scheme::T2hk),
        ("t2hkp", Scheme::T2hkp),
        ("tw2t", Scheme::Tw2t),
        ("tw2tp", Scheme::Tw2tp),
        ("hk2t", Scheme::Hk2t),
        ("hk2tp", Scheme::Hk2tp),
    ];

    /// The scheme of a name.
    pub fn named(name: &str) -> Option<Scheme> {
        let found = Scheme::ALL.iter().find(|(own, _)| *own == name);
        found.map(|(_, scheme)| *scheme)
    }

    /// The name of a scheme.
    pub fn name(self) -> &'static str {
        let found = Scheme::ALL.iter().find(|(_, scheme)| *scheme == self);
        found.map_or("", |(name, _)| name)
    }

    /// The script of the texts that it converts: `Hans` or `Hant`.
    pub fn from(self) -> Script {
        if self.name().starts_with('s') {
            Script::Hans
        } else {
            Script::Hant
        }
    }

    /// The script of the texts that it makes: `Hans` or `Hant`.
    pub fn to(self) -> Script {
        if self.name().trim_end_matches('p').ends_with('s') {
            Script::Hans
        } else {
            Script::Hant
        }
    }

    /// The rounds that a text goes through.
    pub(super) fn rounds(self) -> &'static [Round] {
        match self {
            Scheme::S2t => &[Round::St],
            Scheme::S2tw => &[Round::St, Round::Tw],
            Scheme::S2twp => &[Round::St, Round::Twp],
            Scheme::S2hk => &[Round::St, Round::Hk],
            Scheme::S2hkp => &[Round::St, Round::Hkp],
            Scheme::T2s => &[Round::Ts],
            Scheme::Tw2s => &[Round::TwBack, Round::Ts],
            Scheme::Tw2sp => &[Round::TwpBack, Round::Ts],
            Scheme::Hk2s => &[Round::HkBack, Round::Ts],
            Scheme::Hk2sp => &[Round::HkpBack, Round::Ts],
            Scheme::T2tw => &[Round::Tw],
            Scheme::T2twp => &[Round::Twp],
            Scheme::T2hk => &[Round::Hk],
            Scheme::T2hkp => &[Round::Hkp],
            Scheme::Tw2t => &[Round::TwBack],
            Scheme::Tw2tp => &[Round::TwpBack],
            Scheme::Hk2t => &[Round::HkBack],
            Scheme::Hk2tp => &[Round::HkpBack],
        }
    }
}

/// A pass over a text with some of OpenCC's dictionaries at once.
#[derive(Clone, Copy, Debug)]
pub(super) enum Round {
    St,
    Ts,
    Tw,
    Twp,
    TwBack,
    TwpBack,
    Hk,
    Hkp,
    HkBack,
    HkpBack,
}

macro_rules! table {
    ($name:literal) => {
        include_str!(concat!("tables/", $name, ".txt"))
    };
}

impl Round {
    #[cfg(test)]
    pub(super) const ALL: [Round; 10] = [
        Round::St,
        Round::Ts,
        Round::Tw,
        Round::Twp,
        Round::TwBack,
        Round::TwpBack,
        Round::Hk,
        Round::Hkp,
        Round::HkBack,
        Round::HkpBack,
    ];

    /// The dictionary, which is loaded when it is first asked for.
    pub(super) fn dictionary(self) -> &'static Dictionary {
        static LOADED: [OnceLock<Dictionary>; 10] = [const { OnceLock::new() }; 10];
        LOADED[self as usize].get_or_init(|| {
            let tables = self.tables();
            // A node takes some 7 bytes of a table.
            let bytes: usize = tables.iter().map(|table| table.len()).sum();
            let mut dictionary = Dictionary::with_room(bytes / 7);
            for table in tables {
                dictionary.add_table(table);
            }
            dictionary
        })
    }

    /// The tables, in order of precedence.
    pub(super) fn tables(self) -> &'static [&'static str] {
        match self {
            Round::St => &[table!("STPhrases"), table!("STCharacters")],
            Round::Ts => &[table!("TSPhrases"), table!("TSCharacters")],
            Round::Tw => &[table!("TWVariantsPhrases"), table!("TWVariants")],
            Round::Twp => &[
                table!("TWPhrases"),
                table!("TWVariantsPhrases"),
                table!("TWVariants"),
            ],
            Round::TwBack => &[table!("TWVariantsRevPhrases"), table!("TWVariantsRev")],
            Round::TwpBack => &[
                table!("TWPhrasesRev"),
                table!("TWVariantsRevPhrases"),
                table!("TWVariantsRev"),
            ],
            Round::Hk => &[table!("HKVariantsPhrases"), table!("HKVariants")],
            Round::Hkp => &[
                table!("HKPhrases"),
                table!("HKVariantsPhrases"),
                table!("HKVariants"),
            ],
            Round::HkBack => &[table!("HKVariantsRevPhrases"), table!("HKVariantsRev")],
            Round::HkpBack => &[
                table!("HKPhrasesRev"),
                table!("HKVariantsRevPhrases"),
                table!("HKVariantsRev"),
            ],
        }
    }
}

/// The Traditional candidates of a Simplified character, the likeliest first; none where there is
/// but one.
pub(super) fn candidates(c: char) -> Option<&'static str> {
    static MANY: OnceLock<std::collections::HashMap<char, &'static str>> = OnceLock::new();
    let many = MANY.get_or_init(|| {
        let lines = table!("STCharacters").lines();
        let rows = lines.filter_map(|line| line.split_once('\t'));
        let rows = rows.filter(|(_, values)| values.contains(' '));
        rows.filter_map(|(key, values)| Some((key.chars().next()?, values)))
            .collect()
    });
    many.get(&c).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_known_by_name() {
        for (name, scheme) in Scheme::ALL {
            assert_eq!(Scheme::named(name), Some(scheme));
            assert_eq!(scheme.name(), name);
        }
        assert_eq!(Scheme::named("s2jp"), None);
        let ends = |scheme: Scheme| (scheme.from(), scheme.to());
        assert_eq!(ends(Scheme::S2twp), (Script::Hans, Script::Hant));
        assert_eq!(ends(Scheme::Hk2sp), (Script::Hant, Script::Hans));
        assert_eq!(ends(Scheme::T2s), (Script::Hant, Script::Hans));
        assert_eq!(ends(Scheme::T2hk), (Script::Hant, Script::Hant));
    }

    #[test]
    fn candidates_are_those_of_characters_with_several() {
        assert_eq!(candidates('里'), Some("裡 里 哩 裏"));
        assert_eq!(candidates('国'), None);
        assert_eq!(candidates('我'), None);
    }
}
