//! `editions` and `conversion`: the scripts that a portal stands in, and how texts get there.

use super::{Config, complain};
use crate::base::diagnostic::{Code, Diagnostic, nearest};
use crate::base::text::convert::Scheme;
use crate::base::text::script::Script;
use crate::base::yaml::{Complaints, Mapping};
use std::collections::HashMap;

/// The languages that an edition may be in.
pub const LANGUAGES: [&str; 7] = [
    "zh-Hans",
    "zh-Hans-CN",
    "zh-Hans-SG",
    "zh-Hant",
    "zh-Hant-TW",
    "zh-Hant-HK",
    "zh-Hant-MO",
];

/// An edition as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// Its BCP 47 language.
    pub language: &'static str,
    /// What stands before its URLs: nothing for the first one, else `/hant`, `/hans` or `/tw`.
    pub prefix: String,
    /// The conversion that makes it, by OpenCC's name; the language's own where it is not given.
    pub conversion: Option<Scheme>,
}

impl Edition {
    /// The conversion that makes it.
    pub fn scheme(&self) -> Scheme {
        self.conversion.unwrap_or(match self.language {
            "zh-Hant-TW" => Scheme::S2tw,
            "zh-Hant-HK" | "zh-Hant-MO" => Scheme::S2hk,
            language if language.starts_with("zh-Hant") => Scheme::S2t,
            _ => Scheme::T2s,
        })
    }
}

/// Reads `editions`: none, or at least two. Their first is the language of the site.
pub fn read(keys: &mut Mapping, out: &mut Complaints) -> Vec<Edition> {
    let mut languages: Vec<&'static str> = Vec::new();
    for given in keys.texts("editions", out) {
        match LANGUAGES.iter().find(|known| **known == given) {
            Some(known) if languages.contains(known) => {
                let message = format!("the edition `{given}` is given twice");
                out.push(in_list(keys, &given, message, "take one of the two out"));
            }
            Some(known) => languages.push(known),
            None => {
                let message = format!("there is no edition `{given}`");
                let help = match nearest(&given, LANGUAGES) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known here: {}", LANGUAGES.join(", ")),
                };
                out.push(in_list(keys, &given, message, &help));
            }
        }
    }
    let mut conversions = conversions(keys, &languages, out);
    if languages.len() == 1 {
        let message = "`editions` needs two languages at least".to_string();
        out.push(complain(
            keys,
            "editions",
            message,
            "write `editions: [zh-Hans, zh-Hant]`",
        ));
        languages.clear();
    }
    let edition = |(n, language): (usize, &&'static str)| Edition {
        language,
        prefix: match n {
            0 => String::new(),
            _ => format!("/{}", prefix(language, &languages)),
        },
        conversion: conversions.remove(*language),
    };
    languages.iter().enumerate().map(edition).collect()
}

fn in_list(keys: &Mapping, item: &str, message: String, help: &str) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(Code::BadValue, message).help(help);
    diagnostic.place = keys.item_place("editions", item);
    diagnostic
}

/// The script's name; the region's where another edition that has a prefix is in the same script.
fn prefix(language: &str, all: &[&str]) -> String {
    let script = |language: &str| language[3..7].to_lowercase();
    let own = script(language);
    let beside = all.iter().skip(1).filter(|other| script(other) == own);
    match language.get(8..) {
        Some(region) if beside.count() > 1 => region.to_lowercase(),
        _ => own,
    }
}

/// The names of conversions that `conversion` gives for languages.
fn conversions(
    keys: &mut Mapping,
    languages: &[&'static str],
    out: &mut Complaints,
) -> HashMap<&'static str, Scheme> {
    let mut found = HashMap::new();
    let Some(mut inner) = keys.mapping("conversion", "{zh-Hant: s2tw}", out) else {
        return found;
    };
    for language in LANGUAGES {
        let Some(given) = inner.text(language, out) else {
            continue;
        };
        if !languages.contains(&language) {
            let message = format!("`conversion` names `{language}`, which is no edition");
            let help = "add it to `editions`, or leave it out";
            out.push(complain(&inner, language, message, help));
            continue;
        }
        let hans = language.starts_with("zh-Hans");
        let fits = |scheme: &Scheme| (scheme.to() == Script::Hans) == hans;
        match Scheme::named(&given).filter(fits) {
            Some(scheme) => drop(found.insert(language, scheme)),
            None => {
                let all = Scheme::ALL.iter().filter(|(_, scheme)| fits(scheme));
                let names: Vec<&str> = all.map(|(name, _)| *name).collect();
                let message = format!("`{given}` is no conversion to `{language}`");
                let help = format!("write one of {}", names.join(", "));
                out.push(complain(&inner, language, message, &help));
            }
        }
    }
    inner.finish(out);
    found
}

/// Complains of a `language` that is not that of the first edition.
pub fn agrees(config: &Config, language: Option<&str>, keys: &Mapping, out: &mut Complaints) {
    let first = config.editions.first().map(|edition| edition.language);
    if let (Some(first), Some(given)) = (first, language)
        && first != given
    {
        let message = format!("`language` is `{given}`, but the first edition is `{first}`");
        let help = "leave `language` out: the first edition says it";
        out.push(complain(keys, "language", message, help));
    }
}

#[cfg(test)]
mod tests {
    use super::prefix;

    #[test]
    fn editions_stand_under_their_script_or_region() {
        let check = |all: &[&str], language: &str, expect: &str| {
            assert_eq!(prefix(language, all), expect, "{language} of {all:?}");
        };
        check(&["zh-Hans", "zh-Hant"], "zh-Hant", "hant");
        check(&["zh-Hant", "zh-Hans"], "zh-Hans", "hans");
        check(&["zh-Hans", "zh-Hant-TW"], "zh-Hant-TW", "hant");
        let three = ["zh-Hans", "zh-Hant-TW", "zh-Hant-HK"];
        check(&three, "zh-Hant-TW", "tw");
        check(&three, "zh-Hant-HK", "hk");
        let four = ["zh-Hans", "zh-Hant", "zh-Hant-HK"];
        check(&four, "zh-Hant", "hant");
        check(&four, "zh-Hant-HK", "hk");
    }
}
