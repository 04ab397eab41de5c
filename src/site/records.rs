//! What data files say: of tags, sources, people and tickers a mapping from names to what is known
//! of them; the topics; and what is read most.

use super::names::key;
use crate::base::date::Stamp;
use crate::base::diagnostic::{Code, Diagnostic, Lines, Place, Severity};
use crate::base::text::pinyin::written;
use crate::base::text::ticker::is_ticker;
use crate::base::yaml::{self, Complaints, Mapping};
use crate::config::is_target;
use crate::facts::front_matter::{picture, web_address};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a channel, tag, source or person. What a kind doesn't have stays empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// A security's name; the others are known by theirs.
    pub name: Option<String>,
    /// A sentence or three.
    pub description: Option<String>,
    /// Other names for the same.
    pub aliases: Vec<String>,
    /// The last part of its URL, where it is not its name.
    pub slug: Option<String>,
    /// How its name is read, where that can't be told from the characters.
    pub pinyin: Option<String>,
    /// The name that it is only another name of, kept as an entry of its own.
    pub merge_into: Option<String>,
    /// What a tag stands for: 人物, 公司, 地点, 概念 …
    pub kind: Option<String>,
    /// Where a source or person is at home.
    pub url: Option<String>,
    /// What a person does.
    pub role: Option<String>,
    /// A security's tag.
    pub tag: Option<String>,
    /// A channel's folder.
    pub id: Option<String>,
    /// The template variant of a channel and of its articles.
    pub template: Option<String>,
    /// A channel's colour.
    pub accent: Option<String>,
}

/// Records by name.
pub type Records = BTreeMap<String, Record>;

/// The data files that hold records, in the order of [`Data::records`].
pub const FILES: [&str; 4] = [
    "data/tags.yaml",
    "data/sources.yaml",
    "data/people.yaml",
    "data/tickers.yaml",
];

/// The file of topics.
pub const TOPICS: &str = "data/topics.yaml";

/// The file of what is read most.
pub const HOT: &str = "data/hot.json";

/// What data files say of names, topics and hot articles.
#[derive(Debug, Clone, Default)]
pub struct Data {
    /// What is known of tags, sources, people and tickers.
    pub records: [Records; 4],
    /// The topics, in their order.
    pub topics: Vec<TopicRecord>,
    /// Paths of what is read most, most first.
    pub hot: Vec<String>,
    /// How the site turns its own words between scripts.
    pub glossary: crate::base::text::convert::Glossary,
}

/// A topic: a page that gathers articles of several tags.
#[derive(Debug, Clone, Default)]
pub struct TopicRecord {
    /// The last part of its URL.
    pub id: String,
    /// What readers see.
    pub name: String,
    /// A sentence or three.
    pub description: Option<String>,
    /// Path of its picture, and what it shows.
    pub image: Option<(String, String)>,
    /// Articles with any of these tags belong to it.
    pub tags: Vec<String>,
    /// Sections, each of the topic's articles with any of these tags.
    pub sections: Vec<(String, Vec<String>)>,
    /// What happened when.
    pub milestones: Vec<Milestone>,
    /// Facts in short: a label and a text.
    pub facts: Vec<(String, String)>,
    /// Where its tags are listed.
    pub place: Option<Place>,
}

/// What happened when.
#[derive(Debug, Clone)]
pub struct Milestone {
    /// The day.
    pub date: Stamp,
    /// What happened.
    pub text: String,
    /// Where to read more.
    pub url: Option<String>,
}

/// Reads data/topics.yaml.
pub fn topics(lines: &Lines, out: &mut Complaints) -> Vec<TopicRecord> {
    let mut ids = yaml::document(lines, out);
    let mut topics = Vec::new();
    for id in ids.keys() {
        let Some(mut keys) = ids.mapping_of(&id.text, "{name: …, tags: […]}", out) else {
            continue;
        };
        let topic = TopicRecord {
            name: keys.text("name", out).unwrap_or_else(|| id.text.clone()),
            description: keys.text("description", out),
            image: image(&mut keys, out),
            place: keys.place("tags", ""),
            tags: keys.texts("tags", out),
            sections: sections(&mut keys, out),
            milestones: milestones(&mut keys, out),
            facts: facts(&mut keys, out),
            id: id.text,
        };
        keys.finish(out);
        topics.push(topic);
    }
    topics
}

fn image(keys: &mut Mapping, out: &mut Complaints) -> Option<(String, String)> {
    let mut inner = keys.mapping("image", "{src: …, alt: …}", out)?;
    let image = (
        inner.spanned("src", out).and_then(|src| picture(src, out)),
        inner.text("alt", out).unwrap_or_default(),
    );
    inner.finish(out);
    image.0.map(|src| (src, image.1))
}

/// A path of the site or an address under `url`: never a script.
fn target(keys: &mut Mapping, out: &mut Complaints) -> Option<String> {
    let given = keys.spanned("url", out)?;
    if is_target(&given.text) {
        return Some(given.text);
    }
    let message = format!("`url` can't be `{}`", given.text);
    out.push(
        Diagnostic::new(Code::BadValue, message)
            .at(given.place)
            .help("write `url: https://…`, or a path that begins with `/`"),
    );
    None
}

fn incomplete(keys: &Mapping, key: &str, help: &str) -> Diagnostic {
    let message = format!("an item of `{key}` is incomplete");
    let mut diagnostic = Diagnostic::new(Code::BadValue, message).help(help);
    diagnostic.place = keys.place(key, "");
    diagnostic
}

fn sections(keys: &mut Mapping, out: &mut Complaints) -> Vec<(String, Vec<String>)> {
    let mut all = Vec::new();
    for mut item in keys.mappings("sections", "[{title: …, tags: […]}]", out) {
        let (title, tags) = (item.text("title", out), item.texts("tags", out));
        item.finish(out);
        match title {
            Some(title) if !tags.is_empty() => all.push((title, tags)),
            _ => out.push(incomplete(
                keys,
                "sections",
                "write `{title: …, tags: […]}`",
            )),
        }
    }
    all
}

fn milestones(keys: &mut Mapping, out: &mut Complaints) -> Vec<Milestone> {
    let mut all = Vec::new();
    for mut item in keys.mappings("milestones", "[{date: 2026-11-24, text: …}]", out) {
        let date = crate::facts::front_matter::stamp(&mut item, "date", out);
        let (text, url) = (item.text("text", out), target(&mut item, out));
        item.finish(out);
        match (date, text) {
            (Some(date), Some(text)) => all.push(Milestone { date, text, url }),
            _ => out.push(incomplete(
                keys,
                "milestones",
                "write `{date: 2026-11-24, text: …}`",
            )),
        }
    }
    all
}

fn facts(keys: &mut Mapping, out: &mut Complaints) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for mut item in keys.mappings("facts", "[{label: …, text: …}]", out) {
        let (label, text) = (item.text("label", out), item.text("text", out));
        item.finish(out);
        match (label, text) {
            (Some(label), Some(text)) => all.push((label, text)),
            _ => out.push(incomplete(keys, "facts", "write `{label: …, text: …}`")),
        }
    }
    all
}

/// Reads data/hot.json: a list of URL paths.
pub fn hot(lines: &Lines, out: &mut Complaints) -> Vec<String> {
    match serde_json::from_str(lines.text()) {
        Ok(paths) => paths,
        Err(error) => {
            let column = error.column().max(1) as u32;
            let place = lines.place(error.line() as u32, column, 1, "");
            let message = "data/hot.json must be a list of paths; it is left out";
            let diagnostic = Diagnostic::new(Code::WrongType, message).at(place);
            // A counter writes this file, again and again: its slip must not stop the portal.
            let diagnostic = Diagnostic {
                severity: Severity::Warning,
                ..diagnostic
            };
            out.push(diagnostic.help("write `[\"/guoji/x/\", …]`"));
            Vec::new()
        }
    }
}

/// Reads one of [`FILES`].
pub fn read(lines: &Lines, out: &mut Complaints) -> Records {
    let mut names = yaml::document(lines, out);
    let mut records = Records::new();
    let mut aliases = Vec::new();
    let mut entries = Vec::new();
    for name in names.keys() {
        let Some(mut keys) = names.mapping_of(&name.text, "{description: …}", out) else {
            continue;
        };
        let place = keys
            .place("merge_into", "")
            .or_else(|| Some(name.place.clone()));
        let record = match lines.file() {
            "data/tags.yaml" => tag(&mut keys, out),
            "data/sources.yaml" => source(&mut keys, out),
            "data/tickers.yaml" => {
                check_code(&name, out);
                ticker(&mut keys, out)
            }
            _ => person(&mut keys, out),
        };
        for alias in &record.aliases {
            let place = keys.item_place("aliases", alias);
            aliases.push((alias.clone(), name.text.clone(), place));
        }
        keys.finish(out);
        entries.push((name.text.clone(), place));
        records.insert(name.text, record);
    }
    check_aliases(&records, aliases, out);
    check_merges(&mut records, entries, out);
    records
}

/// Entries that stand for one thing: two spellings of a name, and what `merge_into` says.
fn check_merges(
    records: &mut Records,
    entries: Vec<(String, Option<Place>)>,
    out: &mut Complaints,
) {
    let owners = records.keys().map(|name| (key(name), name.clone()));
    let owners: BTreeMap<String, String> = owners.collect();
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (name, place) in entries {
        let spelled = seen.insert(key(&name), name.clone());
        let (message, help) = if let Some(other) = spelled {
            let message = format!("`{name}` and `{other}` are spellings of one name");
            (message, "keep one of the two entries".to_string())
        } else if is_circle(records, &owners, &name) {
            let message = format!("`merge_into` leads from `{name}` back to `{name}`");
            if let Some(record) = records.get_mut(&name) {
                record.merge_into = None;
            }
            (message, "take it out of one of the entries".to_string())
        } else {
            continue;
        };
        let diagnostic = Diagnostic::new(Code::BadValue, message).help(help);
        out.push(Diagnostic {
            place,
            ..diagnostic
        });
    }
}

/// Whether `merge_into` leads from a name back to it; `owners` are the entries by the keys of
/// their names.
fn is_circle(records: &Records, owners: &BTreeMap<String, String>, name: &str) -> bool {
    let mut at = name;
    for _ in 0..=records.len() {
        let record = records.get(at);
        let Some(next) = record.and_then(|record| record.merge_into.as_deref()) else {
            return false;
        };
        if key(next) == key(name) {
            return true;
        }
        at = owners.get(&key(next)).map_or(next, String::as_str);
    }
    false
}

/// An alias leads to one name.
fn check_aliases(
    records: &Records,
    aliases: Vec<(String, String, Option<Place>)>,
    out: &mut Complaints,
) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let keys: BTreeSet<String> = records.keys().map(|name| key(name)).collect();
    let owns = |alias: &str| keys.contains(&key(alias));
    for (alias, name, place) in aliases {
        let message = if alias == name {
            Some(format!("`{alias}` is given as an alias of itself"))
        } else if key(&alias) != key(&name) && owns(&alias) {
            Some(format!(
                "`{alias}` is an alias of `{name}` and has an entry of its own"
            ))
        } else {
            let other = seen.get(&key(&alias)).filter(|other| **other != name);
            other.map(|other| format!("`{alias}` is an alias of both `{other}` and `{name}`"))
        };
        if let Some(message) = message {
            let diagnostic = Diagnostic::new(Code::BadValue, message).help("leave it out here");
            out.push(Diagnostic {
                place,
                ..diagnostic
            });
        }
        seen.entry(key(&alias)).or_insert(name);
    }
}

/// How a name is read: syllables in Latin letters.
fn pinyin(keys: &mut Mapping, out: &mut Complaints) -> Option<String> {
    let given = keys.spanned("pinyin", out)?;
    if !written(&given.text).is_empty() {
        return Some(given.text);
    }
    let message = format!("`pinyin` can't be `{}`", given.text);
    out.push(
        Diagnostic::new(Code::BadValue, message)
            .at(given.place)
            .help("write its syllables, such as `pinyin: chong qing`"),
    );
    None
}

fn tag(keys: &mut Mapping, out: &mut Complaints) -> Record {
    Record {
        description: keys.text("description", out),
        aliases: keys.texts("aliases", out),
        slug: keys.text("slug", out),
        pinyin: pinyin(keys, out),
        merge_into: keys.text("merge_into", out),
        kind: keys.text("kind", out),
        ..Record::default()
    }
}

fn source(keys: &mut Mapping, out: &mut Complaints) -> Record {
    Record {
        description: keys.text("description", out),
        aliases: keys.texts("aliases", out),
        slug: keys.text("slug", out),
        pinyin: pinyin(keys, out),
        merge_into: keys.text("merge_into", out),
        url: web_address(keys, "url", out),
        ..Record::default()
    }
}

fn check_code(name: &yaml::Spanned, out: &mut Complaints) {
    if !is_ticker(&name.text) {
        let message = format!("`{}` is not a ticker", name.text);
        out.push(
            Diagnostic::new(Code::BadValue, message)
                .at(name.place.clone())
                .help("write code and market, such as `BABA.US` or `09988.HK`"),
        );
    }
}

fn ticker(keys: &mut Mapping, out: &mut Complaints) -> Record {
    Record {
        name: keys.text("name", out),
        description: keys.text("description", out),
        tag: keys.text("tag", out),
        url: web_address(keys, "url", out),
        ..Record::default()
    }
}

fn person(keys: &mut Mapping, out: &mut Complaints) -> Record {
    Record {
        description: keys.text("bio", out),
        aliases: keys.texts("aliases", out),
        slug: keys.text("slug", out),
        pinyin: pinyin(keys, out),
        merge_into: keys.text("merge_into", out),
        url: web_address(keys, "url", out),
        role: keys.text("role", out),
        ..Record::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_pages_and_run_no_script() {
        let check = |url: &str, kept: bool| {
            let text = format!(
                "bridge: {{tags: [桥], milestones: [{{date: 2026-11-24, text: 通车, url: \"{url}\"}}]}}\n"
            );
            let mut out = Vec::new();
            let topics = topics(&Lines::new(TOPICS, &text), &mut out);
            assert_eq!(topics[0].milestones[0].url.is_some(), kept, "{url}");
            assert_eq!(out.is_empty(), kept, "{url}");
        };
        check("https://e.org/", true);
        check("/about/", true);
        check("mailto:a@e.org", true);
        check("javascript:alert(1)", false);
        check(" javascript:alert(1)", false);
        check("//e.org/", false);
        check("e.org", false);
    }
}
