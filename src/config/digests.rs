//! What is made of an article that has no summary or highlights: named forms of a digest, and
//! which of them a site or a channel chooses.

use super::complain;
use crate::base::yaml::{Complaints, Mapping};
use std::collections::BTreeMap;

/// Written for a digest where none is to be made.
pub const OFF: &str = "off";

/// The form of a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    /// How long its summary is at most, in Han characters; without a summary where 0.
    pub length: u32,
    /// How many points it has at most.
    pub points: u32,
    /// Whether its points are led by an emoji.
    pub emoji: bool,
}

/// The forms by name, and which of them a site has where neither channel nor article says.
#[derive(Debug, Clone)]
pub struct Digests {
    /// The built-in forms and those of masthead.yaml.
    pub forms: BTreeMap<String, Digest>,
    /// The name of the site's own, or [`OFF`].
    pub chosen: String,
}

impl Default for Digests {
    fn default() -> Digests {
        let form = |name: &str, length, points, emoji| {
            let form = Digest {
                length,
                points,
                emoji,
            };
            (name.to_string(), form)
        };
        Digests {
            forms: BTreeMap::from([
                form("brief", 80, 0, false),
                form("points", 100, 3, false),
                form("deep", 160, 5, true),
            ]),
            chosen: "points".to_string(),
        }
    }
}

impl Digests {
    /// The form of a name; none where it is [`OFF`] or no form's.
    pub fn form(&self, name: &str) -> Option<Digest> {
        self.forms.get(name).copied()
    }

    /// Whether a name may be chosen.
    pub fn has(&self, name: &str) -> bool {
        name == OFF || self.forms.contains_key(name)
    }
}

/// Reads `digests` and `highlights`.
pub fn read(keys: &mut Mapping, out: &mut Complaints) -> Digests {
    let mut digests = Digests::default();
    if let Some(mut inner) = keys.mapping("digests", "{brief: {length: 60}}", out) {
        for name in inner.keys() {
            let Some(mut form) = inner.mapping_of(&name.text, "{length: 80, points: 3}", out)
            else {
                continue;
            };
            let base = digests.form(&name.text).unwrap_or(Digest {
                length: 100,
                points: 3,
                emoji: false,
            });
            let digest = Digest {
                length: number(&mut form, "length", base.length, 400, out),
                points: number(&mut form, "points", base.points, 7, out),
                emoji: form.boolean("emoji", out).unwrap_or(base.emoji),
            };
            form.finish(out);
            digests.forms.insert(name.text, digest);
        }
        inner.finish(out);
    }
    if let Some(name) = chosen(keys, &digests, out) {
        digests.chosen = name;
    }
    digests
}

fn number(
    keys: &mut Mapping,
    key: &'static str,
    default: u32,
    most: u32,
    out: &mut Complaints,
) -> u32 {
    let given = keys.integer(key, out).unwrap_or(i64::from(default));
    if let Some(given) = u32::try_from(given).ok().filter(|given| *given <= most) {
        return given;
    }
    let message = format!("`{key}` goes from 0 to {most}");
    out.push(complain(
        keys,
        key,
        message,
        &format!("write `{key}: {default}`"),
    ));
    default
}

/// The name under `highlights`, checked.
pub fn chosen(keys: &mut Mapping, digests: &Digests, out: &mut Complaints) -> Option<String> {
    let name = keys.text("highlights", out)?;
    if digests.has(&name) {
        return Some(name);
    }
    let message = format!("there is no digest `{name}`");
    let names: Vec<&str> = digests.forms.keys().map(String::as_str).collect();
    let help = format!("write `off` or one of `{}`", names.join("`, `"));
    out.push(complain(keys, "highlights", message, &help));
    None
}
