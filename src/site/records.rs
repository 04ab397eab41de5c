//! What data files say of tags, sources and people: a mapping from names to what is known.

use crate::base::diagnostic::{Code, Diagnostic, Lines, Place};
use crate::base::yaml::{self, Complaints, Mapping};
use std::collections::BTreeMap;

/// What is known of a channel, tag, source or person. What a kind doesn't have stays empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// A sentence or three.
    pub description: Option<String>,
    /// Other names for the same.
    pub aliases: Vec<String>,
    /// The last part of its URL, where it is not its name.
    pub slug: Option<String>,
    /// What a tag stands for: 人物, 公司, 地点, 概念 …
    pub kind: Option<String>,
    /// Where a source or person is at home.
    pub url: Option<String>,
    /// What a person does.
    pub role: Option<String>,
    /// A channel's folder.
    pub id: Option<String>,
    /// The template variant of a channel and of its articles.
    pub template: Option<String>,
    /// A channel's colour.
    pub accent: Option<String>,
}

/// Records by name.
pub type Records = BTreeMap<String, Record>;

/// The data files that hold records, and the keys that each takes.
pub const FILES: [&str; 3] = ["data/tags.yaml", "data/sources.yaml", "data/people.yaml"];

/// Reads one of [`FILES`].
pub fn read(lines: &Lines, out: &mut Complaints) -> Records {
    let mut names = yaml::document(lines, out);
    let mut records = Records::new();
    let mut aliases = Vec::new();
    for name in names.keys() {
        let Some(mut keys) = names.mapping_of(&name.text, "{description: …}", out) else {
            continue;
        };
        let record = match lines.file() {
            "data/tags.yaml" => tag(&mut keys, out),
            "data/sources.yaml" => source(&mut keys, out),
            _ => person(&mut keys, out),
        };
        for alias in &record.aliases {
            let place = keys.item_place("aliases", alias);
            aliases.push((alias.clone(), name.text.clone(), place));
        }
        keys.finish(out);
        records.insert(name.text, record);
    }
    check_aliases(&records, aliases, out);
    records
}

/// An alias leads to one name.
fn check_aliases(
    records: &Records,
    aliases: Vec<(String, String, Option<Place>)>,
    out: &mut Complaints,
) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (alias, name, place) in aliases {
        let message = if alias == name {
            Some(format!("`{alias}` is given as an alias of itself"))
        } else if records.contains_key(&alias) {
            Some(format!(
                "`{alias}` is an alias of `{name}` and has an entry of its own"
            ))
        } else {
            let other = seen.get(&alias).filter(|other| **other != name);
            other.map(|other| format!("`{alias}` is an alias of both `{other}` and `{name}`"))
        };
        if let Some(message) = message {
            let diagnostic = Diagnostic::new(Code::BadValue, message).help("leave it out here");
            out.push(Diagnostic {
                place,
                ..diagnostic
            });
        }
        seen.entry(alias).or_insert(name);
    }
}

fn tag(keys: &mut Mapping, out: &mut Complaints) -> Record {
    Record {
        description: keys.text("description", out),
        aliases: keys.texts("aliases", out),
        slug: keys.text("slug", out),
        kind: keys.text("kind", out),
        ..Record::default()
    }
}

fn source(keys: &mut Mapping, out: &mut Complaints) -> Record {
    Record {
        description: keys.text("description", out),
        aliases: keys.texts("aliases", out),
        slug: keys.text("slug", out),
        url: keys.text("url", out),
        ..Record::default()
    }
}

fn person(keys: &mut Mapping, out: &mut Complaints) -> Record {
    Record {
        description: keys.text("bio", out),
        aliases: keys.texts("aliases", out),
        slug: keys.text("slug", out),
        url: keys.text("url", out),
        role: keys.text("role", out),
        ..Record::default()
    }
}
