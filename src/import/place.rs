//! Where an imported article goes: its channel, its year's folder and its name.

use super::Options;
use crate::base::diagnostic::{Code, Diagnostic, Severity};
use crate::base::slug::slug;
use crate::facts::{Meta, Name, year};
use std::collections::HashMap;

/// A dump, and where it lies.
pub struct Raw {
    /// Its path, as reports show it.
    pub name: String,
    /// The folders above the file or folder that was named, and that folder itself.
    pub above: Vec<String>,
    /// The folders below it.
    pub below: Vec<String>,
    /// The file's name without its ending.
    pub stem: String,
    /// Its path from the folder that Markdown goes to, where it lies in there itself.
    pub inside: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Raw {
    /// The path that it would have as a source of the site, by which it is read.
    pub(super) fn inner_path(&self, channel: &str) -> String {
        let mut folders = self.below.clone();
        // The first that is no year is the channel.
        if let Some(at) = folders.iter().position(|folder| year(folder).is_none()) {
            folders.remove(at);
        }
        let dated = folders.iter().any(|folder| year(folder).is_some());
        let above = self.above.last().filter(|folder| year(folder).is_some());
        if let Some(above) = above.filter(|_| !dated) {
            folders.insert(0, above.clone());
        }
        folders.insert(0, channel.to_string());
        format!("content/{}/{}.txt", folders.join("/"), self.stem)
    }
}

/// A channel, and what told it.
pub struct Channel {
    /// Its id.
    pub id: String,
    /// What told it.
    pub by: String,
    /// Whether nothing did.
    guessed: bool,
}

/// The channels that the site has: those of masthead.yaml, then folders with sources.
pub fn known(options: &Options) -> Vec<String> {
    let configured = options
        .config
        .channels
        .iter()
        .map(|channel| channel.id.clone());
    let mut known: Vec<String> = configured.collect();
    for path in options.existing {
        let folder = Name::of(&format!("content/{path}")).folder;
        known.extend(folder.filter(|folder| !known.contains(folder)));
    }
    known
}

/// The channel of a dump: the first folder below the one that was named; else the folder that it
/// lies in, where the site has such a channel; else the one that was given; else the first.
/// Folders named by a year are passed over.
pub fn channel(raw: &Raw, known: &[String], given: Option<&str>) -> Channel {
    let is_name = |folder: &&String| year(folder).is_none();
    let told = |id: &str, by: &str| Channel {
        id: id.to_string(),
        by: by.to_string(),
        guessed: false,
    };
    if let Some(folder) = raw.below.iter().find(is_name) {
        return told(folder, "its folder");
    }
    let nearest = raw.above.iter().rev().find(is_name);
    if let Some(folder) = nearest.filter(|folder| known.contains(folder)) {
        return told(folder, "its folder");
    }
    if let Some(given) = given {
        return told(given, "`--channel`");
    }
    let first = known.first().map_or("news", String::as_str);
    Channel {
        guessed: true,
        ..told(first, "a guess")
    }
}

/// The note on the dumps whose channel nothing tells.
pub fn by_default(channels: &[Channel]) -> Option<Diagnostic> {
    let first = channels.iter().find(|channel| channel.guessed)?;
    let count = channels.iter().filter(|channel| channel.guessed).count();
    let dumps = match count {
        1 => "one dump is".to_string(),
        count => format!("{count} dumps are"),
    };
    let message = format!(
        "{dumps} in no folder that is a channel; `{}` is taken",
        first.id
    );
    Some(Diagnostic::new(Code::Guess, message).help("name another one with `--channel ID`"))
}

/// The names that are taken, by channel and slug: these make the URL.
pub struct Names<'a> {
    to: &'a str,
    existing: HashMap<(String, String), String>,
    own: HashMap<(String, String), String>,
}

impl<'a> Names<'a> {
    /// Those of the files that are there, but for dumps that are imported where they lie.
    pub fn new(raws: &[Raw], options: &Options<'a>) -> Names<'a> {
        let moved: Vec<&str> = raws
            .iter()
            .filter_map(|raw| raw.inside.as_deref())
            .collect();
        let others = options
            .existing
            .iter()
            .filter(|path| !moved.contains(&path.as_str()));
        Names {
            to: options.to,
            existing: others.map(|path| (key(path), path.clone())).collect(),
            own: HashMap::new(),
        }
    }

    /// Where an article goes, from the folder that Markdown goes to; `None` where that is taken.
    pub fn target(
        &mut self,
        raw: &Raw,
        channel: &Channel,
        meta: &Meta,
        stem: &str,
        out: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        let folder = match meta.date.and_then(|date| date.year) {
            Some(year) => format!("{}/{year:04}", channel.id),
            None => channel.id.clone(),
        };
        // `index` would be named by its folder.
        let title = || slug(meta.title.as_deref().unwrap_or("article"));
        let plain = |name: &String| name != "index" && name != "-";
        let name = Some(stem.to_string()).filter(plain).unwrap_or_else(title);
        let name = Some(name)
            .filter(plain)
            .unwrap_or_else(|| "article".to_string());
        let path = |name: &str| format!("{folder}/{name}.md");
        let (mut own, mut number) = (path(&name), 1);
        while let Some(first) = self.own.get(&key(&own)) {
            number += 1;
            let next = path(&format!("{}-{number}", shortened(&name)));
            if !self.own.contains_key(&key(&next)) {
                let message = format!(
                    "`{name}` is the name of {first} already; this one is `{name}-{number}`"
                );
                out.push(Diagnostic::new(Code::Guess, message).in_file(&raw.name));
            }
            own = next;
        }
        self.own.insert(key(&own), raw.name.clone());
        if let Some(taken) = self.existing.get(&key(&own)) {
            out.push(self.refused(raw, taken, &own));
            return None;
        }
        out.extend(raw.inside.as_ref().map(|_| self.stays(raw, &own)));
        Some(own)
    }

    fn refused(&self, raw: &Raw, taken: &str, own: &str) -> Diagnostic {
        let to = self.to;
        let message = match taken == own {
            true => format!("{to}/{own} is there already; it is not overwritten"),
            false => format!("{to}/{taken} is there already, and {to}/{own} would claim its URL"),
        };
        Diagnostic::new(Code::UrlClash, message)
            .in_file(&raw.name)
            .help("rename the dump, or remove the file that is there")
    }

    fn stays(&self, raw: &Raw, own: &str) -> Diagnostic {
        let message = format!("this dump and {}/{own} claim the same URL", self.to);
        let mut warning = Diagnostic::new(Code::UrlClash, message);
        warning.severity = Severity::Warning;
        warning
            .in_file(&raw.name)
            .help("remove the dump when the Markdown is right")
    }
}

/// Channel and slug of a file.
fn key(path: &str) -> (String, String) {
    let name = Name::of(&format!("content/{path}"));
    (
        name.folder.map(|folder| slug(&folder)).unwrap_or_default(),
        slug(&name.stem),
    )
}

/// Short enough that a number behind it stays part of the slug.
fn shortened(name: &str) -> &str {
    let ends = name.char_indices().map(|(at, c)| at + c.len_utf8());
    &name[..ends.take_while(|end| *end <= 190).last().unwrap_or(0)]
}
