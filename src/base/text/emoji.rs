//! Emoji that lead a key point: `🚀 公司……`.

/// Splits a text into its leading emoji (with variation selectors, skin tones and joined parts)
/// and the rest after blanks. `None` where the text is not led by one.
pub fn split_lead(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    if let Some(end) = keycap(text) {
        return Some((&text[..end], text[end..].trim_start()));
    }
    let mut chars = text.chars();
    let first = chars.next()?;
    // With the selector of pictures behind it, such a mark is one too.
    let mut is_made_one =
        || matches!(first, '©' | '®' | '™' | 'ℹ') && chars.next() == Some('\u{FE0F}');
    if !is_pictographic(first) && !is_made_one() {
        return None;
    }
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

/// The bytes of a keycap such as 1️⃣ at the start of a text: a digit or sign in a box.
fn keycap(text: &str) -> Option<usize> {
    let rest = text.strip_prefix(|c: char| c.is_ascii_digit() || matches!(c, '#' | '*'))?;
    let rest = rest.strip_prefix('\u{FE0F}').unwrap_or(rest);
    let rest = rest.strip_prefix('\u{20E3}')?;
    Some(text.len() - rest.len())
}

/// Whether a character is drawn as a picture by itself: Unicode's `Extended_Pictographic` without the marks
/// of typography (©, ™, ℹ). Bullets such as ● and ■ are none, so a list of them is no list of
/// emoji.
pub fn is_pictographic(c: char) -> bool {
    matches!(u32::from(c),
        0x1F000..=0x1FAFF | 0x2600..=0x2605 | 0x2607..=0x2612 | 0x2614..=0x2685 | 0x2690..=0x2705
        | 0x2708..=0x2712 | 0x2714 | 0x2716 | 0x271D | 0x2721 | 0x2728 | 0x2733 | 0x2734 | 0x2744
        | 0x2747 | 0x274C | 0x274E | 0x2753..=0x2755 | 0x2757 | 0x2763..=0x2767 | 0x2795..=0x2797
        | 0x27A1 | 0x27B0 | 0x27BF | 0x2934 | 0x2935 | 0x2B05..=0x2B07 | 0x2B1B | 0x2B1C | 0x2B50
        | 0x2B55 | 0x231A | 0x231B | 0x2328 | 0x23CF | 0x23E9..=0x23F3 | 0x23F8..=0x23FA
        | 0x25AA | 0x25AB | 0x25B6 | 0x25C0 | 0x25FB..=0x25FE | 0x2194..=0x2199 | 0x21A9 | 0x21AA
        | 0x3030 | 0x303D | 0x3297 | 0x3299 | 0x203C | 0x2049)
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
        assert_eq!(
            split_lead("1\u{FE0F}\u{20E3} 免费"),
            Some(("1\u{FE0F}\u{20E3}", "免费"))
        );
        assert_eq!(split_lead("#\u{20E3}免费"), Some(("#\u{20E3}", "免费")));
        assert_eq!(split_lead("©\u{FE0F} 版权"), Some(("©\u{FE0F}", "版权")));
        assert_eq!(split_lead("™\u{FE0F}商标"), Some(("™\u{FE0F}", "商标")));
        assert_eq!(split_lead("© 版权"), None);
        assert_eq!(split_lead("1\u{FE0F} 免费"), None);
        assert_eq!(split_lead("3 天"), None);
        assert_eq!(split_lead("● 第一"), None);
        assert_eq!(split_lead("→ 第一"), None);
        assert_eq!(split_lead("①第一"), None);
        assert_eq!(split_lead(""), None);
    }
}
