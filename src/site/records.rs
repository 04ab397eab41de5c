//! What data files say of tags, sources and people: a mapping from names to what is known.

use crate::base::diagnostic::{Code, Diagnostic, Lines};
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
    for name in names.keys() {
        let Some(mut keys) = names.mapping_of(&name.text, out) else {
            continue;
        };
        let record = match lines.file() {
            "data/tags.yaml" => tag(&mut keys, out),
            "data/sources.yaml" => source(&mut keys, out),
            _ => person(&mut keys, out),
        };
        keys.finish(out);
        check_aliases(&name, &record, out);
        records.insert(name.text, record);
    }
    records
}

fn check_aliases(name: &yaml::Spanned, record: &Record, out: &mut Complaints) {
    if record.aliases.contains(&name.text) {
        let message = format!("`{}` is given as an alias of itself", name.text);
        out.push(
            Diagnostic::new(Code::BadValue, message)
                .at(name.place.clone())
                .help("leave it out of `aliases`"),
        );
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
