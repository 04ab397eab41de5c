//! The sentences that say most of a text, for summaries and key points where nobody wrote any.
//!
//! Sentences are compared by their bigrams of Han characters and their words. One scores by how
//! much of it the others share (its cosine with the centroid of all: Radev et al., "Centroid-based
//! summarization", 2004), by where it stands, and by what it shares with title and tags; then they
//! are chosen by maximal marginal relevance (Carbonell and Goldstein 1998), so that none says what
//! another did. Put aside before that: near-duplicates, a first paragraph that is a digest of what
//! follows, what the writer's own summary says already, and whatever isn't a whole sentence.
//!
//! Everything is a function of the text and takes time in proportion to it. Nothing is rewritten.

mod features;

use super::count::Count;
use super::sentences::sentences;
pub use features::is_particle;
use features::{Feature, Names, Set, each_feature};
use serde::{Deserialize, Serialize};

/// At most this many sentences are kept.
pub const KEPT: usize = 7;
/// How long they may be together, in Han characters: cards of all articles are held at once.
const ALL: u32 = 400;
/// How long one may be, in characters.
const LONGEST: usize = 120;
/// How short one may be, in Han characters.
const SHORTEST: u32 = 12;
/// From this length on, in Han characters, a sentence says as much as a longer one.
const FULL: u32 = 32;
/// How many sentences a summary has at most.
const SUMMARY: usize = 3;
/// Shorter texts need no summary: they are read as soon.
const TEXT: u32 = 300;
/// Nor do texts of fewer sentences.
const SENTENCES: usize = 4;
/// How many sentences are looked at: later ones hardly ever say what a text is about.
const LOOKED_AT: usize = 200;
/// How much of a text is looked at, in bytes: 8,000 Han characters.
pub const PROSE: usize = 24_000;
/// From this likeness on (F1 of bigrams) two sentences say the same.
const SAME: f32 = 0.6;

/// Sentences picked from a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extract {
    /// The sentences, the most telling first, one a line.
    text: String,
    /// The place of each in the text.
    order: Vec<u8>,
}

/// What is cut from an extract.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Digest {
    /// A few sentences.
    pub summary: Option<String>,
    /// Some others.
    pub points: Vec<String>,
}

impl Extract {
    /// The sentences, the most telling first.
    pub fn sentences(&self) -> impl Iterator<Item = &str> {
        self.text.lines()
    }

    /// A summary of at most `length` Han characters, and at most `points` other sentences, all in
    /// the order of the text. A summary has one sentence at least, unless `length` is 0.
    pub fn cut(&self, length: u32, points: usize) -> Digest {
        let mut summary: Vec<(u8, &str)> = Vec::new();
        let mut rest: Vec<(u8, &str)> = Vec::new();
        let mut left = length;
        for (order, sentence) in self.order.iter().copied().zip(self.text.lines()) {
            let size = length_of(sentence);
            let room = size <= left && summary.len() < SUMMARY;
            if length > 0 && (summary.is_empty() || room) {
                left = left.saturating_sub(size);
                summary.push((order, sentence));
            } else if rest.len() < points {
                rest.push((order, sentence));
            }
        }
        rest.sort_unstable();
        Digest {
            summary: (!summary.is_empty()).then(|| joined(summary)),
            points: rest
                .into_iter()
                .map(|(_, point)| point.to_string())
                .collect(),
        }
    }
}

fn joined(mut sentences: Vec<(u8, &str)>) -> String {
    sentences.sort_unstable();
    let mut text = String::new();
    for (_, sentence) in sentences {
        if text.ends_with(|c: char| c.is_ascii()) {
            text.push(' ');
        }
        text.push_str(sentence);
    }
    text
}

fn length_of(text: &str) -> u32 {
    let mut count = Count::default();
    count.add(text);
    count.length()
}

/// What a text is read beside.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its tags.
    pub tags: &'a [String],
    /// What was written of it: picked sentences don't say it again.
    pub written: &'a [&'a str],
}

/// Picks sentences of a text whose paragraphs stand one a line; none of a short one.
pub fn extract(prose: &str, beside: &Beside) -> Option<Extract> {
    let mut end = prose.len().min(PROSE);
    while !prose.is_char_boundary(end) {
        end -= 1;
    }
    let mut text = Text::read(&prose[..end]);
    if text.length < TEXT || text.sentences.len() < SENTENCES {
        return None;
    }
    text.put_aside(beside);
    let scores = text.scores(beside);
    let picked = text.picked(&scores);
    (!picked.is_empty()).then(|| text.extract(&picked))
}

/// A sentence as it is compared.
struct Unit<'a> {
    text: &'a str,
    /// Its paragraph.
    paragraph: u32,
    /// Its features in `Text::features`, each once.
    features: std::ops::Range<usize>,
    length: u32,
    /// Whether it may be picked.
    fit: bool,
}

/// A sentence that may be picked.
struct Open {
    /// Its number.
    at: usize,
    /// How like it is to the nearest of those picked that it was compared with.
    nearest: f32,
    /// How many of those picked it was compared with.
    compared: usize,
    /// What it is worth, or more.
    worth: f32,
}

struct Text<'a> {
    sentences: Vec<Unit<'a>>,
    features: Vec<Feature>,
    /// In how many sentences each feature is.
    spread: Vec<u16>,
    names: Names,
    length: u32,
}

impl<'a> Text<'a> {
    fn read(prose: &'a str) -> Text<'a> {
        let mut text = Text {
            sentences: Vec::new(),
            features: Vec::with_capacity(prose.len() / 3),
            spread: Vec::with_capacity(prose.len() / 4),
            names: Names::new(prose.len()),
            length: 0,
        };
        let lines = prose.lines().filter(|line| !line.trim().is_empty());
        for (paragraph, line) in (0..).zip(lines) {
            for sentence in sentences(line) {
                if text.sentences.len() == LOOKED_AT {
                    return text;
                }
                text.add(sentence.text, paragraph, sentence.whole);
            }
        }
        text
    }

    fn add(&mut self, sentence: &'a str, paragraph: u32, whole: bool) {
        let start = self.features.len();
        let number = self.sentences.len() as u32 + 1;
        let mut letters = 0;
        let length = each_feature(sentence, |hash| {
            letters += 1;
            let (feature, seen) = self.names.number(hash, number);
            if usize::from(feature) == self.spread.len() {
                self.spread.push(0);
            }
            if !seen {
                self.spread[usize::from(feature)] += 1;
                self.features.push(feature);
            }
        });
        let fit =
            whole && letters > 3 && length >= SHORTEST && sentence.chars().nth(LONGEST).is_none();
        self.length += length;
        self.sentences.push(Unit {
            text: sentence,
            paragraph,
            features: start..self.features.len(),
            length,
            fit,
        });
    }

    fn features_of(&self, sentence: usize) -> &[Feature] {
        &self.features[self.sentences[sentence].features.clone()]
    }

    /// Puts near-duplicates, digests and what was written aside.
    fn put_aside(&mut self, beside: &Beside) {
        let pairs = self.near_duplicates();
        let first = |sentence: usize| self.sentences[sentence].paragraph == 0;
        let below = pairs.iter().filter(|(a, b)| first(*a) && !first(*b));
        let mut recurring: Vec<usize> = below.map(|(a, _)| *a).collect();
        recurring.dedup();
        let opening = (0..self.sentences.len())
            .take_while(|at| first(*at))
            .count();
        let is_digest = opening > 1 && recurring.len() * 2 >= opening;
        for (earlier, later) in pairs {
            if !(is_digest && self.sentences[earlier].paragraph == 0) {
                self.sentences[later].fit = false;
            }
        }
        if is_digest {
            self.sentences[..opening]
                .iter_mut()
                .for_each(|sentence| sentence.fit = false);
        }
        let title = std::iter::once(beside.title);
        let written = beside.written.iter().copied();
        for told in title.chain(
            written.flat_map(|text| sentences(text).into_iter().map(|sentence| sentence.text)),
        ) {
            let set = self.set(told);
            for at in 0..self.sentences.len() {
                if self.likeness(at, &set) >= SAME {
                    self.sentences[at].fit = false;
                }
            }
        }
    }

    /// Pairs of sentences, each later one with the first that it is like. Only sentences most of
    /// whose features recur are compared, by the few places where each feature stands.
    fn near_duplicates(&self) -> Vec<(usize, usize)> {
        const PLACES: usize = 4;
        let mut pairs = Vec::new();
        let recurring = |sentence: usize| {
            let features = self.features_of(sentence).iter();
            features
                .filter(|feature| self.spread[usize::from(**feature)] > 1)
                .count()
        };
        let suspects: Vec<usize> = (0..self.sentences.len())
            .filter(|at| recurring(*at) * 7 >= self.features_of(*at).len() * 3)
            .filter(|at| !self.features_of(*at).is_empty())
            .collect();
        if suspects.len() < 2 {
            return pairs;
        }
        const NONE: u16 = u16::MAX;
        let mut places = vec![[NONE; PLACES]; self.spread.len()];
        let mut shared = vec![0u32; self.sentences.len()];
        for later in suspects {
            shared.iter_mut().for_each(|count| *count = 0);
            for feature in self.features_of(later) {
                let feature = usize::from(*feature);
                if self.spread[feature] < 2 {
                    continue;
                }
                for place in &mut places[feature] {
                    if *place == NONE {
                        *place = later as u16;
                        break;
                    }
                    shared[usize::from(*place)] += 1;
                }
            }
            let own = self.features_of(later).len();
            let like = |earlier: &usize| {
                let all = own + self.features_of(*earlier).len();
                2.0 * shared[*earlier] as f32 >= SAME * all as f32
            };
            if let Some(earlier) = (0..later).find(like) {
                pairs.push((earlier, later));
            }
        }
        pairs.sort_unstable();
        pairs
    }

    /// The features of another text that this one has, and how many it has in all.
    fn set(&self, other: &str) -> Set {
        let mut set = Set::new(self.spread.len());
        each_feature(other, |hash| {
            set.size += 1;
            if let Some(feature) = self.names.known(hash) {
                set.insert(feature);
            }
        });
        set
    }

    /// F1 of a sentence and a set.
    fn likeness(&self, sentence: usize, set: &Set) -> f32 {
        let own = self.features_of(sentence);
        let shared = own.iter().filter(|feature| set.has(**feature)).count();
        2.0 * shared as f32 / (own.len() + set.size).max(1) as f32
    }

    fn scores(&self, beside: &Beside) -> Vec<f32> {
        let title = self.set(beside.title);
        let tags = self.set(&beside.tags.join(" "));
        let count = self.sentences.len() as f32;
        let central: Vec<f32> = (0..self.sentences.len())
            .map(|at| {
                let features = self.features_of(at);
                // A feature that stands here alone says nothing of the others.
                let shared: u32 = features
                    .iter()
                    .map(|feature| u32::from(self.spread[usize::from(*feature)]) - 1)
                    .sum();
                shared as f32 / (features.len().max(1) as f32).sqrt()
            })
            .collect();
        let most = central.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        let score = |(at, unit): (usize, &Unit)| {
            let overlap = |set: &Set| {
                let features = self.features_of(at).iter();
                let shared = features.filter(|feature| set.has(**feature)).count();
                shared as f32 / set.size.max(1) as f32
            };
            let leads = at == 0 || self.sentences[at - 1].paragraph != unit.paragraph;
            let position = 1.0 - 0.5 * at as f32 / count + if leads { 0.1 } else { 0.0 };
            let themes = 1.0 + 0.8 * overlap(&title).min(1.0) + 0.4 * overlap(&tags).min(1.0);
            let leans = if leans(unit.text) { 0.6 } else { 1.0 };
            let full = unit.length.min(FULL) as f32 / FULL as f32;
            (0.2 + central[at] / most) * position * themes * leans * full
        };
        self.sentences.iter().enumerate().map(score).collect()
    }

    /// The sentences by maximal marginal relevance, best first.
    ///
    /// What a sentence is worth only falls as others are picked, so a sentence is compared with
    /// those picked when it seems the best, and not before (Minoux, "Accelerated greedy algorithms
    /// for maximizing submodular set functions", 1978).
    fn picked(&self, scores: &[f32]) -> Vec<usize> {
        /// What likeness to a picked one costs.
        const COST: f32 = 0.7;
        let most = scores.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        let worth = |at: usize, nearest: f32| scores[at] / most - COST * nearest;
        let fit = (0..scores.len()).filter(|at| self.sentences[*at].fit);
        let mut open: Vec<Open> = fit
            .map(|at| Open {
                at,
                nearest: 0.0,
                compared: 0,
                worth: worth(at, 0.0),
            })
            .collect();
        let mut picked: Vec<usize> = Vec::new();
        let mut sets: Vec<Set> = Vec::new();
        let mut left = ALL;
        while picked.len() < KEPT {
            open.retain(|one| self.sentences[one.at].length <= left);
            // Among equals the first.
            let better = |a: usize, b: usize| if open[b].worth > open[a].worth { b } else { a };
            let Some(best) = (0..open.len()).reduce(better) else {
                break;
            };
            let one = &mut open[best];
            if one.compared < sets.len() {
                for set in &sets[one.compared..] {
                    one.nearest = one.nearest.max(self.likeness(one.at, set));
                }
                one.compared = sets.len();
                one.worth = worth(one.at, one.nearest);
                if one.nearest >= SAME {
                    open.remove(best);
                }
                continue;
            }
            let best = open.remove(best).at;
            picked.push(best);
            left -= self.sentences[best].length;
            let mut set = Set::new(self.spread.len());
            let own = self.features_of(best);
            own.iter().for_each(|feature| set.insert(*feature));
            set.size = own.len();
            sets.push(set);
        }
        picked
    }

    fn extract(&self, picked: &[usize]) -> Extract {
        let mut lines = String::new();
        for at in picked {
            let sentence = self.sentences[*at].text;
            if !lines.is_empty() {
                lines.push('\n');
            }
            match sentence.strip_suffix('；') {
                Some(clause) => lines.extend([clause, "。"]),
                None => lines.push_str(sentence),
            }
        }
        lines.shrink_to_fit();
        Extract {
            text: lines,
            order: picked.iter().map(|at| *at as u8).collect(),
        }
    }
}

/// Words that a sentence leans with on the one before it.
const LEANING: [&str; 34] = [
    "但", "然而", "不过", "不過", "因此", "所以", "此外", "同时", "同時", "而且", "并且", "並且",
    "其中", "另外", "对此", "對此", "他", "她", "它", "这", "這", "该", "該", "此", "例如", "But ",
    "However", "He ", "She ", "It ", "They ", "This ", "That ", "And ",
];

/// Whether a sentence says little without the one before it.
fn leans(sentence: &str) -> bool {
    let first = sentence.chars().next();
    let begins = |word: &&str| word.chars().next() == first && sentence.starts_with(*word);
    LEANING.iter().any(begins) || sentence.ends_with(['？', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    const BRIDGE: &str = "澜江大桥今天上午六点正式通车，第一批车辆从北岸驶上桥面。市交通局说，大桥把两岸的路程从四十分钟缩短到六分钟。\n\
        “我们等了十九年。这座桥终于通了。”北岸的一位摊主说。她每天凌晨三点推车出门，赶在轮渡开航前占到位置。\n\
        大桥全长四公里，设双向六条车道，两侧各有一条自行车道。工程用了五年，比计划提前两个月完成。\n\
        建设方介绍，拉索的颜色由市民投票选定，名叫“雾白”，比真正的白深一点。\n\
        交通局预计，大桥通车后每天有三万辆车过江，轮渡的客流会减少一半。轮渡公司说，船票不会涨价，夜里的班次也会保留。\n\
        周边的商户对通车看法不一。南岸的房租三个月里涨了两成，一些小店已经搬到更远的街上。\n\
        市政府表示，明年春天将公布两岸的新公交线路，并在桥头各建一座停车场。专家提醒，通车后的前三个月，路口的拥堵可能更严重。\n";

    fn picked(prose: &str, beside: &Beside) -> Vec<String> {
        let extract = extract(prose, beside).unwrap_or_default();
        extract.text.lines().map(str::to_string).collect()
    }

    fn beside(written: &'static [&'static str]) -> Beside<'static> {
        Beside {
            title: "澜江大桥通车",
            tags: &[],
            written,
        }
    }

    #[test]
    fn sentences_are_picked_whole_and_in_the_order_of_the_text() {
        let extract = extract(BRIDGE, &beside(&[])).expect("the text is long enough");
        let digest = extract.cut(100, 3);
        let summary = digest.summary.expect("there is room for a summary");
        assert!(
            summary.starts_with("澜江大桥今天上午六点正式通车"),
            "{summary}"
        );
        assert!(length_of(&summary) <= 100);
        let told = sentences(&summary).into_iter().map(|one| one.text);
        let told: Vec<&str> = told
            .chain(digest.points.iter().map(String::as_str))
            .collect();
        assert_eq!(told.len(), 6);
        for (at, sentence) in told.iter().enumerate() {
            assert!(BRIDGE.contains(sentence), "{sentence}");
            assert!(!told[..at].contains(sentence), "{sentence}");
        }
        let places: Vec<_> = digest
            .points
            .iter()
            .map(|one| BRIDGE.find(one.as_str()))
            .collect();
        assert!(places.is_sorted());
        assert_eq!(extract.cut(0, 0), Digest::default());
        assert_eq!(extract.cut(0, 2).points.len(), 2);
        assert_eq!(
            extract.cut(1, 0).summary.map(|text| sentences(&text).len()),
            Some(1)
        );
    }

    #[test]
    fn short_texts_have_no_extract() {
        assert_eq!(extract("大桥今天通车。", &beside(&[])), None);
        let long = format!("{}。", "大桥今天通车，".repeat(80));
        assert_eq!(extract(&long, &beside(&[])), None);
        assert_eq!(extract("", &beside(&[])), None);
    }

    #[test]
    fn near_duplicates_are_said_once() {
        let twice = format!("{BRIDGE}据市交通局说，大桥把两岸的路程从四十分钟缩短到六分钟。\n");
        let same = picked(&twice, &beside(&[]));
        let about = same.iter().filter(|one| one.contains("缩短到六分钟"));
        assert_eq!(about.count(), 1, "{same:?}");
    }

    #[test]
    fn digest_paragraphs_are_put_aside() {
        let digest = "澜江大桥今天上午六点通车，第一批车辆驶上桥面。交通局预计，通车后每天有三万辆车过江，轮渡的客流减少一半。\n";
        let all = picked(&format!("{digest}{BRIDGE}"), &beside(&[]));
        assert!(
            all.iter().all(|one| !digest.contains(one.as_str())),
            "{all:?}"
        );
        assert!(all.iter().any(|one| one.contains("三万辆车")), "{all:?}");
    }

    #[test]
    fn what_is_written_is_not_picked_again() {
        let written = &["交通局预计，通车后每天有三万辆车过江，轮渡的客流会减少一半。"];
        let all = picked(BRIDGE, &beside(written));
        assert!(!all.is_empty());
        assert!(all.iter().all(|one| !one.contains("三万辆车")), "{all:?}");
    }

    #[test]
    fn no_sentence_is_too_long_or_half_a_quote() {
        let long = "记".repeat(130);
        let text = format!("{long}。他说：“{BRIDGE}这句引语没有收尾。\n{BRIDGE}");
        for one in picked(&text, &beside(&[])) {
            assert!(one.chars().count() <= LONGEST, "{one}");
            let count = |c: char| one.matches(c).count();
            assert_eq!(count('“'), count('”'), "{one}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_the_same_extract_twice(
            parts in proptest::collection::vec(proptest::sample::select(vec![
                "大桥通车", "轮渡", "票价上涨三成", "，", "。", "！", "“", "”", "（", "）", "\n", "The port ",
                "opens at 7.30 ", ". ", "U.S. ", "；", "……", "他说：", "两岸的商户", "𠮷", "3.5%",
            ]), 0..400),
        ) {
            let text = parts.concat();
            let first = extract(&text, &beside(&["大桥通车。"]));
            proptest::prop_assert_eq!(&first, &extract(&text, &beside(&["大桥通车。"])));
            if let Some(extract) = first {
                let lines: Vec<&str> = extract.text.lines().collect();
                proptest::prop_assert_eq!(lines.len(), extract.order.len());
                proptest::prop_assert!(lines.len() <= KEPT);
                proptest::prop_assert!(lines.iter().map(|one| length_of(one)).sum::<u32>() <= ALL + 7);
            }
        }
    }
}
