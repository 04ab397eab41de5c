//! The foot of a dump: related heading, contact, promotion, lines that are there twice.

use super::{Dump, Line, block, ends_sentence, is_mark, labelled, note, width};

const RELATED_HEADINGS: &str = "相关文章 相關文章 相关阅读 相關閱讀 相关新闻 相關新聞 相关报道 相關報導 延伸阅读 \
    延伸閱讀 推荐阅读 推薦閱讀 猜你喜欢 猜你喜歡 関連記事 Related related";

pub(super) fn is_related(text: &str) -> bool {
    let text = text.trim_end_matches(is_mark);
    let english = [
        "Related articles",
        "Related stories",
        "Read more",
        "Read next",
    ];
    RELATED_HEADINGS.split(' ').any(|heading| text == heading) || english.contains(&text)
}

pub(super) fn cut_related(rest: &mut Vec<Line>, dump: &mut Dump) {
    let end = rest.iter().position(|line| is_related(line.text));
    let related = rest.split_off(end.unwrap_or(rest.len()));
    dump.related = related.iter().copied().map(block).collect();
    let lines = match related.len() {
        0 | 1 => return,
        2 => "1 line".to_owned(),
        count => format!("{} lines", count - 1),
    };
    let what = format!("{lines} after `{}` dropped", related[0].text);
    note(dump, related[0], &what, "the heading ends the article");
}

const CONTACT_LABELS: &str = "联系邮箱 聯繫郵箱 聯絡郵箱 联系方式 聯繫方式 聯絡方式 联系我们 \
    聯繫我們 聯絡我們 投稿邮箱 投稿郵箱 电子邮箱 電子郵箱 邮箱 郵箱 E-mail Email email Contact";

pub(super) fn take_contact(rest: &mut Vec<Line>, dump: &mut Dump) {
    let lines = rest.extract_if(.., |line| is_contact(line.text));
    dump.contact = lines.map(block).collect();
}

/// A label alone or with a colon, an address or a number behind it; or an address alone.
pub(super) fn is_contact(text: &str) -> bool {
    let address = text
        .split_once('@')
        .is_some_and(|(_, host)| host.contains('.'));
    let number = text.chars().filter(char::is_ascii_digit).count() >= 5;
    let marked = address || number || text.contains([':', '：']);
    let label = labelled(text, CONTACT_LABELS).is_some() && marked;
    let alone = address && text.is_ascii() && !text.contains(' ');
    width(text) <= 80 && (label || alone || CONTACT_LABELS.split(' ').any(|label| text == label))
}

/// Takes promotion out of the foot of the article.
pub(super) fn take_promo(rest: &mut Vec<Line>, closing: Option<u32>, dump: &mut Dump) {
    let mut tail = &*rest.split_off(promo_start(rest, closing));
    while let Some(first) = tail.first().copied() {
        note_promo(tail, dump);
        dump.promo.push(block(first));
        tail = &tail[copies(tail)..];
    }
}

/// Promotion is a short line printed twice or more and the pitch below it, repeated to the end.
/// Right below a byline that closes the article, or far enough down, a pitch may have more lines.
fn promo_start(rest: &[Line], closing: Option<u32>) -> usize {
    let article = |line: &&Line| closing.is_some_and(|number| line.number < number);
    let above = rest.iter().take_while(article).count();
    let closed = |at| above > 0 && at >= above && (at == above || above * 2 >= rest.len());
    if above == 0 && is_verse(rest) {
        return rest.len();
    }
    let starts =
        |at: &usize| is_printed_twice(&rest[*at..]) && (closed(*at) || is_promo(&rest[*at..]));
    (1..rest.len()).find(starts).unwrap_or(rest.len())
}

/// Short lines from top to bottom: there a repeated line is a refrain.
fn is_verse(lines: &[Line]) -> bool {
    lines.len() >= 6 && lines.iter().all(|line| width(line.text) <= 24)
}

fn note_promo(tail: &[Line], dump: &mut Dump) {
    if is_printed_twice(tail) {
        let what = format!("`{}` and what follows are taken as promotion", tail[0].text);
        note(
            dump,
            tail[0],
            &what,
            "the line is printed twice below the article",
        );
    }
}

fn is_printed_twice(lines: &[Line]) -> bool {
    let short = |line: &Line| width(line.text) <= 40 && !line.text.ends_with(ends_sentence);
    matches!(lines, [a, b, ..] if a.text == b.text && short(a))
}

fn copies(lines: &[Line]) -> usize {
    lines
        .iter()
        .take_while(|line| line.text == lines[0].text)
        .count()
}

fn is_promo(mut lines: &[Line]) -> bool {
    while is_printed_twice(lines) {
        lines = &lines[copies(lines)..];
        let pitch = usize::from(!lines.is_empty() && !is_printed_twice(lines));
        lines = &lines[pitch..];
    }
    lines.is_empty()
}

/// Drops a line that repeats the one above it, or the title.
pub(super) fn collapse(rest: &mut Vec<Line>, dump: &mut Dump) {
    if is_verse(rest) {
        return;
    }
    let title = dump.title.clone().unwrap_or_default().text;
    let mut last = title.as_str();
    rest.retain(|line| {
        let again = line.text == last;
        last = line.text;
        if again {
            let reason = "it repeats the line above word for word";
            note(dump, *line, "the line is dropped", reason);
            dump.repeated.push(block(*line));
        }
        !again
    });
}
