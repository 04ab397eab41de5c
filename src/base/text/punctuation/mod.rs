//! Full-width punctuation for Chinese text that was typed with half-width marks.
//!
//! `, : ; ? ! ( )` become `，：；？！（）` where the nearest character on either side is Han, kana
//! or East Asian punctuation. Blanks are looked through, and so are a closing curly quote to the
//! left and an opening one to the right: `“甲”,“乙”`. So a mark between digits (`07:12`, `1,000`)
//! or inside a run of Latin words stays. Brackets go in pairs: both become wide where Chinese
//! stands before or between them, or behind them at the start of a line, and else both stay. A
//! full stop is never touched, and what `kept.rs` names stays as it is.
//!
//! The blanks (U+0020) between a mark that became wide and a letter, a digit or other East Asian
//! punctuation are dropped, since a wide mark has its own; every other character keeps its place.
//! A second run changes nothing, a text without East Asian characters stays as it is, and the
//! time is linear: each mark is looked at once, and once more when its neighbour became wide.
//!
//! Not for builds: what a writer typed is shown as it is typed.

mod kept;

use super::script::{is_cjk_punctuation, is_han};

/// A text with its punctuation restored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Restored {
    /// The text.
    pub text: String,
    /// How many marks became wide.
    pub marks: usize,
}

/// A text, plain or Markdown, with full-width punctuation where it is Chinese.
///
/// A mark that became wide may end what looked like a link or a formula, and so let another one
/// become wide: it is looked at until nothing changes. That ends, since none becomes narrow again.
pub fn restored(text: &str) -> Restored {
    let mut out = once(text);
    loop {
        let again = once(&out.text);
        if again.marks == 0 {
            return out;
        }
        out = Restored {
            text: again.text,
            marks: out.marks + again.marks,
        };
    }
}

fn once(text: &str) -> Restored {
    let mut out = Restored::default();
    if !text.contains(is_east) || !text.contains(|c| wide(c).is_some()) {
        out.text.push_str(text);
        return out;
    }
    out.text.reserve(text.len() + text.len() / 8);
    for (is_code, piece) in pieces(text) {
        if is_code {
            out.text.push_str(piece);
        } else {
            Prose::new(piece).write(&mut out);
        }
    }
    out
}

/// The full-width form of a mark.
fn wide(c: char) -> Option<char> {
    Some(match c {
        ',' => '，',
        ':' => '：',
        ';' => '；',
        '?' => '？',
        '!' => '！',
        '(' => '（',
        ')' => '）',
        _ => return None,
    })
}

fn is_east(c: char) -> bool {
    !c.is_ascii() && (is_han(c) || is_kana(c) || is_cjk_punctuation(c))
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9F}')
}

/// Blocks of prose, and fenced code (`true`) between them: together they are the text.
fn pieces(text: &str) -> Vec<(bool, &str)> {
    let mut pieces = Vec::new();
    let (mut start, mut at, mut fence) = (0, 0, None);
    for line in text.split_inclusive('\n') {
        let (begin, end) = (at, at + line.len());
        at = end;
        let mark = fence_of(line);
        match (fence, mark) {
            (None, Some(open)) => {
                pieces.push((false, &text[start..begin]));
                (start, fence) = (begin, Some(open));
            }
            // An opening line may say a language; a closing one says nothing.
            (Some((open, least)), Some((close, count)))
                if open == close && count >= least && line.trim().chars().all(|c| c == close) =>
            {
                pieces.push((true, &text[start..end]));
                (start, fence) = (end, None);
            }
            (None, None) if line.trim().is_empty() => {
                pieces.push((false, &text[start..end]));
                start = end;
            }
            _ => {}
        }
    }
    pieces.push((fence.is_some(), &text[start..]));
    pieces
}

/// The mark of a line that opens or closes a code block, and how often it stands there.
fn fence_of(line: &str) -> Option<(char, usize)> {
    let text = line.trim_start_matches(' ');
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let count = text.chars().take_while(|c| *c == mark).count();
    let rest = &text[count..];
    let fits = line.len() - text.len() < 4 && count >= 3 && (mark == '~' || !rest.contains('`'));
    fits.then_some((mark, count))
}

/// No character.
const NONE: usize = usize::MAX;

/// A block of text while its marks are settled. All places count characters.
struct Prose {
    chars: Vec<char>,
    /// Marks that may become wide.
    open: Vec<bool>,
    /// Marks that do.
    wide: Vec<bool>,
    /// The nearest character on each side.
    left: Vec<usize>,
    right: Vec<usize>,
    /// The other bracket of a pair.
    partner: Vec<usize>,
    /// The opening bracket of the pair around a character.
    around: Vec<usize>,
    /// How many East Asian characters stand before each place.
    east: Vec<usize>,
    /// Marks that became wide and whose neighbours are still to be asked.
    fresh: Vec<usize>,
}

impl Prose {
    fn new(text: &str) -> Prose {
        let chars: Vec<char> = text.chars().collect();
        let kept = kept::kept(text, chars.len());
        let open: Vec<bool> = chars
            .iter()
            .zip(&kept)
            .map(|(c, kept)| !kept && wide(*c).is_some())
            .collect();
        let mut east = vec![0; chars.len() + 1];
        for (at, c) in chars.iter().enumerate() {
            east[at + 1] = east[at] + usize::from(is_east(*c));
        }
        let (partner, around) = brackets(&chars, &kept);
        let (left, right) = neighbours(&chars);
        Prose {
            wide: vec![false; chars.len()],
            fresh: Vec::new(),
            chars,
            open,
            left,
            right,
            partner,
            around,
            east,
        }
    }

    fn write(mut self, out: &mut Restored) {
        self.settle();
        out.marks += self.wide.iter().filter(|wide| **wide).count();
        let mut at = 0;
        while at < self.chars.len() {
            let c = self.chars[at];
            let blanks = self.chars[at..].iter().take_while(|c| **c == ' ').count();
            if blanks > 0 {
                if !self.is_dropped(at, at + blanks) {
                    out.text.extend(&self.chars[at..at + blanks]);
                }
                at += blanks;
                continue;
            }
            out.text
                .push(wide(c).filter(|_| self.wide[at]).unwrap_or(c));
            at += 1;
        }
    }

    fn settle(&mut self) {
        for at in 0..self.chars.len() {
            self.ask(at);
            while let Some(at) = self.fresh.pop() {
                self.spread(at);
            }
        }
    }

    /// Makes a mark wide, if its surroundings ask for it.
    fn ask(&mut self, at: usize) {
        let wanted = self.open[at] && !self.wide[at];
        if wanted && self.is_wanted(at) {
            self.widen(at);
        }
    }

    fn is_wanted(&self, at: usize) -> bool {
        let other = self.partner[at];
        if other == NONE {
            return self.is_eastern(self.left[at]) || self.is_eastern(self.right[at]);
        }
        let (open, close) = (at.min(other), at.max(other));
        let before = self.left[open];
        self.is_eastern(other)
            || self.east[close] > self.east[open + 1]
            || self.is_eastern(before)
            || before == NONE && self.is_eastern(self.right[close])
    }

    fn is_eastern(&self, at: usize) -> bool {
        at != NONE && (self.wide[at] || is_east(self.chars[at]))
    }

    fn widen(&mut self, at: usize) {
        if at != NONE && self.open[at] && !self.wide[at] {
            self.wide[at] = true;
            self.fresh.push(at);
        }
    }

    /// What a mark that became wide means for the marks beside and around it.
    fn spread(&mut self, at: usize) {
        let partner = self.partner[at];
        self.widen(partner);
        let around = self.around[at];
        if around != NONE {
            self.widen(around);
            self.widen(self.partner[around]);
        }
        let passed = |c: &char| (c.is_whitespace() && *c != '\n') || "“”‘’".contains(*c);
        let after = self.chars[at + 1..].iter().take_while(|c| passed(c));
        let next = at + 1 + after.count();
        let before = self.chars[..at].iter().rev().take_while(|c| passed(c));
        let last = before.count() + 1;
        if next < self.chars.len() {
            self.ask(next);
        }
        if last <= at {
            self.ask(at - last);
        }
    }

    /// Whether the blanks from `start` to `end` stand beside a mark that became wide.
    fn is_dropped(&self, start: usize, end: usize) -> bool {
        if start == 0 || end == self.chars.len() {
            return false;
        }
        let near = |at: usize| self.is_eastern(at) || self.chars[at].is_alphanumeric();
        let (before, after) = (start - 1, end);
        self.wide[before] && near(after) || self.wide[after] && near(before)
    }
}

/// The partner of each bracket, and the opening bracket of the pair around each character.
fn brackets(chars: &[char], kept: &[bool]) -> (Vec<usize>, Vec<usize>) {
    let mut partner = vec![NONE; chars.len()];
    let mut open = Vec::new();
    for (at, c) in chars.iter().enumerate().filter(|(at, _)| !kept[*at]) {
        match c {
            '(' | '（' => open.push(at),
            ')' | '）' => {
                if let Some(first) = open.pop() {
                    (partner[first], partner[at]) = (at, first);
                }
            }
            _ => {}
        }
    }
    let mut around = vec![NONE; chars.len()];
    open.clear();
    for at in 0..chars.len() {
        if partner[at] != NONE && partner[at] < at {
            open.pop();
        }
        around[at] = open.last().copied().unwrap_or(NONE);
        if partner[at] != NONE && partner[at] > at {
            open.push(at);
        }
    }
    (partner, around)
}

/// The nearest character to the left and to the right of each place, in its line.
fn neighbours(chars: &[char]) -> (Vec<usize>, Vec<usize>) {
    let (mut left, mut right) = (vec![NONE; chars.len()], vec![NONE; chars.len()]);
    let mut near = NONE;
    for (at, c) in chars.iter().enumerate() {
        left[at] = near;
        near = next(near, at, *c, "”’");
    }
    near = NONE;
    for (at, c) in chars.iter().enumerate().rev() {
        right[at] = near;
        near = next(near, at, *c, "“‘");
    }
    (left, right)
}

fn next(near: usize, at: usize, c: char, passed: &str) -> usize {
    match c {
        '\n' => NONE,
        _ if c.is_whitespace() || passed.contains(c) => near,
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(restored(text).text, expect, "{text}");
    }

    #[test]
    fn a_link_that_a_wide_mark_ends_is_looked_at_again() {
        let restored = restored("](`($)海海]($www.)");
        assert_eq!(restored.text, "](`（$)海海]（$www.）");
        assert_eq!(restored.marks, 3);
    }

    #[test]
    fn marks_beside_chinese_become_wide() {
        check("潮汐电站并网后,夜间不停电", "潮汐电站并网后，夜间不停电");
        check(
            "局长说: 今天开工; 明天呢?好!",
            "局长说：今天开工；明天呢？好！",
        );
        check("真的吗?!是的", "真的吗？！是的");
        check("共三座,AI调度", "共三座，AI调度");
        check("用 AI , 调度", "用 AI，调度");
        check("海の家,開店", "海の家，開店");
        check("《夜航》,三等奖", "《夜航》，三等奖");
        check("“甲”,“乙”", "“甲”，“乙”");
        check("海港.没有句号.", "海港.没有句号.");
    }

    #[test]
    fn numbers_and_latin_text_stay() {
        check("07:12 出发,运走1,000吨", "07:12 出发，运走1,000吨");
        check("比分 3:2,主队胜", "比分 3:2，主队胜");
        check(
            "他写道Hello, world (2024)然后走了",
            "他写道Hello, world (2024)然后走了",
        );
        check("Hello, world (2024)", "Hello, world (2024)");
        check("“Hello,” 他说", "“Hello,” 他说");
        check("Wait; what? (a, b)", "Wait; what? (a, b)");
        check("개통, 새 다리 (내일)!", "개통, 새 다리 (내일)!");
    }

    #[test]
    fn brackets_go_in_pairs() {
        check("海港航运(HBR)上涨", "海港航运（HBR）上涨");
        check("海港 (HBR) 上涨", "海港（HBR）上涨");
        check("AI(人工智能)时代", "AI（人工智能）时代");
        check("(AI)技术", "（AI）技术");
        check("OpenSea (OS)公司", "OpenSea (OS)公司");
        check("（2026)年", "（2026）年");
        check("甲((a, b))乙", "甲（（a, b））乙");
        check("1)海港", "1）海港");
        check("1) 海港", "1) 海港");
        check("Hello (2024), 海港", "Hello (2024)，海港");
        check("(2024), 海港", "（2024），海港");
    }

    #[test]
    fn what_means_something_stays() {
        check("买$海港,航运 (HBR.HK)$吧", "买$海港,航运 (HBR.HK)$吧");
        check("当$f(x,海)$时,有", "当$f(x,海)$时，有");
        check("花了$5,找回$3,走了", "花了$5，找回$3，走了");
        check(
            "见https://e.org/a?b=1,c,海港",
            "见https://e.org/a?b=1,c，海港",
        );
        check(
            "见https://e.org/新闻?id=1,海港",
            "见https://e.org/新闻?id=1，海港",
        );
        check("(见https://e.org/a_(b))。", "（见https://e.org/a_(b)）。");
        check("写信:desk@e.org,谢谢", "写信：desk@e.org，谢谢");
        check("用`海,港`,谢谢", "用`海,港`，谢谢");
        check("```\n海,港\n```\n海,港", "```\n海,港\n```\n海，港");
        check("见[海,港](海,港.md),好", "见[海，港](海,港.md)，好");
        check("海![图](a.png)", "海![图](a.png)");
        check(
            "[海]: 海,港.md\n\n[^1]: 海,港",
            "[海]: 海,港.md\n\n[^1]: 海，港",
        );
        check(
            "<b title=\"海,港\">海,港</b>",
            "<b title=\"海,港\">海，港</b>",
        );
        check("A&amp;海,港", "A&amp;海，港");
        check("海\\,港", "海\\,港");
    }

    #[test]
    fn marks_are_counted() {
        assert_eq!(restored("甲,乙(丙)").marks, 3);
        assert_eq!(restored("a, b").marks, 0);
    }

    #[test]
    fn long_texts_take_no_time() {
        // In quadratic time each of these would take minutes.
        for piece in [
            "(", "海(", "$a", "](", "`", "<a", "&a", "海, ", "http://", "!", "[a", "海`,`` ",
        ] {
            let text = format!("海{}", piece.repeat(300_000));
            assert!(restored(&text).text.starts_with('海'));
        }
    }

    /// The text without blanks, and with wide marks as ASCII.
    fn folded(text: &str) -> String {
        let narrow = |c: char| ",:;?!()".chars().find(|mark| wide(*mark) == Some(c));
        text.chars()
            .filter(|c| *c != ' ')
            .map(|c| narrow(c).unwrap_or(c))
            .collect()
    }

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "[,:;?!()（），。“” a1海か$`\\[\\]\\n]{0,40}",
            "[,:;?!()$`<>&a/.\\\\\\[\\]#~^1海 \\n\\t]{0,60}",
            "(海|, |\\(|\\)|a|1|\\$|`|http://e.org/|\\]\\(|www\\.|<a |>|&amp;|\\n|!|:){0,24}",
            ".{0,60}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_second_run_changes_nothing(text in text()) {
            let once = restored(&text).text;
            let twice = restored(&once);
            prop_assert_eq!((twice.text, twice.marks), (once, 0));
        }

        #[test]
        fn only_marks_change_and_blanks_go(text in text()) {
            let once = restored(&text);
            prop_assert_eq!(folded(&once.text), folded(&text));
            let gone = text.chars().count() - once.text.chars().count();
            let blanks = |text: &str| text.chars().filter(|c| *c == ' ').count();
            prop_assert_eq!(gone, blanks(&text) - blanks(&once.text));
            prop_assert!(once.marks > 0 || once.text == text);
            let wides = |text: &str| text.chars().filter(|c| "，：；？！（）".contains(*c)).count();
            prop_assert_eq!(once.marks, wides(&once.text) - wides(&text));
        }

        #[test]
        fn other_scripts_are_left_alone(text in "[ -~\\nа-я가-힣é“”…—]{0,60}") {
            prop_assert_eq!(restored(&text).text, text);
        }
    }
}
