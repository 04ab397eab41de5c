//! Names of languages by BCP 47, as far as their form tells: `zh-Hans`, `zh-TW`, `en`.
//!
//! Browsers, readers aloud and search engines ignore a name of another form without a word. Which
//! languages there are is not known here.

use super::diagnostic::{Code, Diagnostic};
use super::yaml::{Complaints, Mapping};

/// The language under a key; one that is not in the form of BCP 47 is said.
pub fn language(keys: &mut Mapping, key: &'static str, out: &mut Complaints) -> Option<String> {
    let given = keys.spanned(key, out)?;
    if given.text.is_empty() {
        return None;
    }
    if is_language(&given.text) {
        return Some(given.text);
    }
    let message = format!(
        "`{key}` can't be `{}`: it is no BCP 47 language",
        given.text
    );
    let help = match meant(&given.text) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "write `zh-Hans`, `zh-Hant`, `en` or the like".to_string(),
    };
    out.push(
        Diagnostic::new(Code::BadValue, message)
            .at(given.place)
            .help(help),
    );
    None
}

/// Two or three letters for the language, then parts of up to eight letters and digits.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    let letters = first.bytes().all(|byte| byte.is_ascii_alphabetic());
    let fits = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    (2..=3).contains(&first.len()) && letters && parts.all(fits)
}

/// What a name in words, or one as systems write it (`zh_CN.UTF-8`), stands for.
fn meant(text: &str) -> Option<String> {
    const WORDS: &[(&[&str], &str)] = &[
        (&["繁体", "繁體", "正體"], "zh-Hant"),
        (&["中文", "简体", "簡體", "汉语", "漢語"], "zh-Hans"),
        (&["英文", "英语", "英語", "English", "english"], "en"),
        (&["日文", "日语", "日語", "日本語"], "ja"),
    ];
    let holds = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if let Some((_, language)) = WORDS.iter().find(|(words, _)| holds(words)) {
        return Some((*language).to_string());
    }
    let bare = text.split(['.', '@']).next().unwrap_or_default();
    let dashed = bare.trim().replace(['_', ' ', '–', '—', '－'], "-");
    is_language(&dashed).then_some(dashed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_languages_are_known_by_their_form() {
        for text in ["zh", "zh-Hans", "zh-Hant-TW", "en-GB", "yue", "de-CH-1996"] {
            assert!(is_language(text), "{text}");
        }
        for text in [
            "", "中文", "zh_CN", "z", "chinese", "zh-", "-zh", "zh Hans", "zh--CN",
        ] {
            assert!(!is_language(text), "{text}");
        }
    }

    #[test]
    fn what_was_meant_is_guessed() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(meant(text).as_deref(), expect, "{text}");
        };
        check("zh_CN", Some("zh-CN"));
        check("zh_TW.UTF-8", Some("zh-TW"));
        check("繁體中文", Some("zh-Hant"));
        check("中文", Some("zh-Hans"));
        check("klingonisch", None);
    }
}
