//! Quotation marks by the custom of a script: “ ” and ‘ ’ in Simplified, 「 」 and 『 』 in
//! Traditional text.
//!
//! Owns the pairing of marks over a block and their levels. Only marks of a balanced pair within
//! the block change, the outer ones of a nest to the outer form, each next level to the other.
//! A pair that is of the wanted custom already stays, and so do apostrophes and what is [`kept`]. On the way to
//! Traditional a quotation without a Han character stays as well: “Hello” is English.

use std::borrow::Cow;

use super::kept::kept;
use crate::base::text::script::{Script, is_han};

/// What a mark is.
#[derive(Clone, Copy, Eq, PartialEq)]
struct Mark {
    script: Script,
    /// Of the outer form of its script: “ ” or 「 」.
    outer: bool,
    opens: bool,
}

fn mark(c: char) -> Option<Mark> {
    let (script, outer, opens) = match c {
        '“' => (Script::Hans, true, true),
        '”' => (Script::Hans, true, false),
        '‘' => (Script::Hans, false, true),
        '’' => (Script::Hans, false, false),
        '「' => (Script::Hant, true, true),
        '」' => (Script::Hant, true, false),
        '『' => (Script::Hant, false, true),
        '』' => (Script::Hant, false, false),
        _ => return None,
    };
    Some(Mark {
        script,
        outer,
        opens,
    })
}

/// The two signs of a form, both three bytes long, as all marks are.
fn signs(script: Script, outer: bool) -> [&'static str; 2] {
    match (script, outer) {
        (Script::Hant, true) => ["「", "」"],
        (Script::Hant, false) => ["『", "』"],
        (_, true) => ["“", "”"],
        (_, false) => ["‘", "’"],
    }
}

/// A mark in the pieces of a block.
struct Place {
    piece: usize,
    at: usize,
    mark: Mark,
    /// The other mark of its pair.
    partner: Option<usize>,
    /// Whether a Han character stands between the two; told of the opening one.
    han: bool,
}

/// The pieces of a block with the marks that `script` wants. Lengths do not change.
pub fn quoted<'t>(pieces: &[&'t str], script: Script) -> Vec<Cow<'t, str>> {
    let mut out: Vec<Cow<'t, str>> = pieces.iter().map(|piece| Cow::Borrowed(*piece)).collect();
    let foreign = match script {
        Script::Hant => ['“', '‘'],
        _ => ['「', '『'],
    };
    if !pieces
        .iter()
        .any(|piece| foreign.iter().any(|mark| piece.contains(*mark)))
    {
        return out;
    }
    let places = paired(pieces);
    // The pairs that are open: where they end, and whether they have the outer form now.
    let mut open: Vec<(usize, bool)> = Vec::new();
    for (number, place) in places.iter().enumerate() {
        if open.last().is_some_and(|(end, _)| *end == number) {
            open.pop();
        }
        let Some(end) = place.partner.filter(|end| *end > number) else {
            continue;
        };
        if script == Script::Hant && !place.han {
            continue;
        }
        let outer = match open.last() {
            Some((_, outer)) => !outer,
            None if place.mark.script == script => place.mark.outer,
            None => true,
        };
        open.push((end, outer));
        if place.mark.script != script || place.mark.outer != outer {
            let signs = signs(script, outer);
            for (place, sign) in [place, &places[end]].into_iter().zip(signs) {
                let piece = out[place.piece].to_mut();
                piece.replace_range(place.at..place.at + sign.len(), sign);
            }
        }
    }
    out
}

/// All marks of a block, those of balanced pairs with their partners.
fn paired(pieces: &[&str]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut before = ' ';
    // The block is read as one text, whatever cuts it.
    let whole = match pieces {
        [one] => Cow::Borrowed(*one),
        all => Cow::Owned(all.concat()),
    };
    let stays = kept(&whole);
    let mut start = 0;
    for (piece, text) in pieces.iter().enumerate() {
        let own = start;
        start += text.len();
        for (at, c) in text.char_indices() {
            let last = std::mem::replace(&mut before, c);
            if stays.iter().any(|part| part.contains(&(own + at))) {
                continue;
            }
            let Some(mark) = mark(c) else {
                if is_han(c)
                    && let Some(inner) = open.last()
                {
                    places[*inner].han = true;
                }
                continue;
            };
            let after = whole[own + at + c.len_utf8()..].chars().next();
            if c == '’' && last.is_alphabetic() && is_latin(last) && after.is_some_and(is_latin) {
                continue;
            }
            let number = places.len();
            places.push(Place {
                piece,
                at,
                mark,
                partner: None,
                han: false,
            });
            if mark.opens {
                open.push(number);
            } else {
                close(&mut places, &mut open, number);
            }
        }
    }
    places
}

/// Closes the innermost open quotation of the same form. What was opened within it and never
/// closed is no quotation.
fn close(places: &mut [Place], open: &mut Vec<usize>, number: usize) {
    let own = places[number].mark;
    let opener = Mark { opens: true, ..own };
    let Some(depth) = open.iter().rposition(|start| places[*start].mark == opener) else {
        return;
    };
    let start = open[depth];
    let han = open[depth..].iter().any(|within| places[*within].han);
    open.truncate(depth);
    places[start].partner = Some(number);
    places[start].han = han;
    places[number].partner = Some(start);
    if han && let Some(around) = open.last() {
        places[*around].han = true;
    }
}

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && !is_han(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(simplified: &str, traditional: &str) {
        let pieces: Vec<&str> = simplified.split('|').collect();
        assert_eq!(quoted(&pieces, Script::Hant).join("|"), traditional);
        let pieces: Vec<&str> = traditional.split('|').collect();
        assert_eq!(quoted(&pieces, Script::Hans).join("|"), simplified);
    }

    fn one_way(input: &str, script: Script, expect: &str) {
        let pieces: Vec<&str> = input.split('|').collect();
        assert_eq!(quoted(&pieces, script).join("|"), expect);
    }

    #[test]
    fn levels_take_turns() {
        check("他说“好”。", "他说「好」。");
        check("“他说‘好’。”", "「他说『好』。」");
        check("“一‘二“三”二’一”“一”", "「一『二「三」二』一」「一」");
        check("“‘好’”", "「『好』」");
    }

    #[test]
    fn a_pair_may_span_pieces() {
        check("他说“|好|”。", "他说「|好|」。");
        check("“|a‘好|’”", "「|a『好|』」");
    }

    #[test]
    fn the_outermost_pair_has_the_outer_form() {
        one_way("‘好’", Script::Hant, "「好」");
        one_way("“他说“好””", Script::Hant, "「他说『好』」");
        one_way("『好』", Script::Hans, "“好”");
    }

    #[test]
    fn what_is_of_the_custom_already_stays() {
        one_way("『好』和“坏”", Script::Hant, "『好』和「坏」");
        one_way("「他说“好”」", Script::Hant, "「他说『好』」");
        one_way("‘好’", Script::Hans, "‘好’");
    }

    #[test]
    fn unbalanced_marks_stay() {
        one_way("“好", Script::Hant, "“好");
        one_way("好”", Script::Hant, "好”");
        one_way("“一‘二”三", Script::Hant, "「一‘二」三");
        one_way("”好“", Script::Hant, "”好“");
        one_way("「好", Script::Hans, "「好");
        one_way("“好」", Script::Hant, "“好」");
    }

    #[test]
    fn latin_quotations_and_apostrophes_stay() {
        one_way(
            "他说“Hello”，“it’s好”",
            Script::Hant,
            "他说“Hello”，「it’s好」",
        );
        one_way("‘it’s好’", Script::Hant, "「it’s好」");
        one_way("“他说‘yes’”", Script::Hant, "「他说‘yes’」");
        one_way("“‘好’ yes”", Script::Hant, "「『好』 yes」");
        one_way("「Hello」", Script::Hans, "“Hello”");
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_marks_changes(text in "[“”‘’「」『』好a`|]{0,24}") {
            let plain = |text: &str| text.replace(|c| mark(c).is_some(), "");
            for script in [Script::Hans, Script::Hant] {
                let pieces: Vec<&str> = text.split('|').collect();
                for (piece, new) in pieces.iter().zip(quoted(&pieces, script)) {
                    proptest::prop_assert_eq!(piece.len(), new.len());
                    proptest::prop_assert_eq!(plain(piece), plain(&new));
                }
            }
        }

        #[test]
        fn a_nest_comes_back(depths in proptest::collection::vec(0usize..4, 0..6)) {
            let nest = |depth: usize| {
                let opens = (0..depth).map(|level| ["“好", "‘"][level % 2]);
                let closes = (0..depth).rev().map(|level| ["”", "’好"][level % 2]);
                opens.chain(["好"]).chain(closes).collect::<String>()
            };
            let text: String = depths.into_iter().map(nest).collect();
            let there = quoted(&[&text], Script::Hant).concat();
            proptest::prop_assert!(!there.contains(['“', '”', '‘', '’']));
            proptest::prop_assert_eq!(quoted(&[&there], Script::Hans).concat(), text);
        }
    }
}
