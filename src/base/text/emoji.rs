//! Emoji that lead a key point: `🚀 公司……`.

/// Splits a text into its leading emoji (with variation selectors, skin tones and joined parts)
/// and the rest after blanks. `None` where the text is not led by one.
pub fn split_lead(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let first = text.chars().next().filter(|c| is_pictographic(*c))?;
    let mut end = first.len_utf8();
    let mut joined = false;
    for c in text[end..].chars() {
        let goes_on = joined || is_modifier(c) || (is_regional(first) && is_regional(c));
        if !goes_on {
            break;
        }
        joined = c == '\u{200D}';
        end += c.len_utf8();
    }
    let (emoji, rest) = text.split_at(end);
    Some((emoji, rest.trim_start()))
}

/// Whether a character is drawn as a picture (the greater part of Unicode's
/// `Extended_Pictographic`, without the digits and signs that are text by default).
pub fn is_pictographic(c: char) -> bool {
    matches!(u32::from(c),
        0x1F000..=0x1FAFF | 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0x231A..=0x23FF | 0x25AA..=0x25FE
        | 0x2190..=0x21FF | 0x2934..=0x2935 | 0x3030 | 0x303D | 0x3297 | 0x3299 | 0x203C | 0x2049)
        && !matches!(u32::from(c), 0x2776..=0x2793)
}

fn is_modifier(c: char) -> bool {
    matches!(
        c,
        '\u{FE0F}' | '\u{FE0E}' | '\u{200D}' | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}'
    ) || matches!(u32::from(c), 0xE0020..=0xE007F)
}

fn is_regional(c: char) -> bool {
    ('\u{1F1E6}'..='\u{1F1FF}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::split_lead;

    #[test]
    fn takes_the_whole_emoji() {
        assert_eq!(split_lead("🚀 起飞"), Some(("🚀", "起飞")));
        assert_eq!(split_lead("⚓️ 抛锚"), Some(("⚓️", "抛锚")));
        assert_eq!(split_lead("👩🏽‍🔬研究"), Some(("👩🏽‍🔬", "研究")));
        assert_eq!(split_lead("🇨🇳 队"), Some(("🇨🇳", "队")));
        assert_eq!(split_lead("3 天"), None);
        assert_eq!(split_lead("①第一"), None);
        assert_eq!(split_lead(""), None);
    }
}
