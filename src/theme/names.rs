//! What a template rests on: the files that it extends and includes, and the names in them.
//!
//! A template edit touches the pages of the templates that rest on it, and no others. Components
//! are everybody's: each template rests on all files that have any.
//!
//! A variable can only be asked for by its name, so what is named nowhere needs not be made: a
//! theme that shows no related articles does not pay for their cards. What stands in comments or
//! texts counts as well; a name too many costs a little time.

use crate::base::fingerprint::{Fingerprint, Fold};
use foldhash::{HashSet, HashSetExt};
use std::collections::{BTreeMap, BTreeSet};

/// A word that gives a template everything there is.
const EVERYTHING: &str = "__tera_context";

/// The names in a template and in what it extends and includes, and the hash of all that.
#[derive(Debug, Default)]
pub struct Names {
    words: HashSet<String>,
    /// The hash of the files.
    pub digest: Fingerprint,
}

impl Names {
    /// Those of one template. `sources` are all templates under `site/…` and `theme/…`.
    pub fn of(
        sources: &BTreeMap<String, String>,
        everywhere: &Everywhere,
        template: &str,
    ) -> Names {
        let mut words = HashSet::new();
        let (mut seen, mut next) = (BTreeSet::new(), vec![template.to_string()]);
        while let Some(name) = next.pop() {
            let found = ["", "site/", "theme/"].iter().find_map(|prefix| {
                let name = format!("{prefix}{name}");
                sources.get(&name).map(|text| (name, text))
            });
            let Some((_, text)) = found.filter(|(name, _)| seen.insert(name.clone())) else {
                continue;
            };
            words.extend(identifiers(text).map(str::to_string));
            next.extend(text.split(['"', '\'', '`']).map(str::to_string));
        }
        let mut fold = Fold::new();
        for (name, text) in sources {
            if seen.contains(name) || everywhere.components.contains(name) {
                fold.add(name.as_bytes()).add(text.as_bytes());
            }
        }
        words.extend(everywhere.declared.iter().cloned());
        Names {
            words,
            digest: fold.finish(),
        }
    }

    /// Whether a variable may be asked for.
    pub fn has(&self, name: &str) -> bool {
        self.words.contains(name) || self.words.contains(EVERYTHING)
    }
}

/// What every template of a theme rests on. A component sees what it is given, and what it
/// declares with `@`.
#[derive(Debug, Default)]
pub struct Everywhere {
    components: BTreeSet<String>,
    declared: BTreeSet<String>,
}

impl Everywhere {
    /// That of all templates.
    pub fn of(sources: &BTreeMap<String, String>) -> Everywhere {
        let with_component = sources
            .iter()
            .filter(|(_, text)| text.contains("component"));
        let declared = sources.values().flat_map(|text| text.split('@').skip(1));
        let declared = declared.filter_map(|rest| identifiers(rest).next());
        Everywhere {
            components: with_component.map(|(name, _)| name.clone()).collect(),
            declared: declared.map(str::to_string).collect(),
        }
    }
}

fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_template_and_of_what_it_rests_on() {
        let sources = [
            (
                "site/a.html",
                "{% extends \"base.html\" %}{{ title }}{% include 'part.html' %}",
            ),
            ("site/base.html", "{% extends \"theme/base.html\" %}"),
            ("theme/a.html", "{{ related }}"),
            ("theme/base.html", "{{ page.title | default(value=body) }}"),
            (
                "theme/part.html",
                "{% for card in top %}{{ <card of={card} /> }}{% endfor %}",
            ),
            (
                "theme/components.html",
                "{% component card(of, @kind) %}{{ of.flash }}{% endcomponent card %}",
            ),
            ("theme/all.html", "{{ __tera_context }}"),
        ];
        let sources = sources.map(|(name, text)| (name.to_string(), text.to_string()));
        let sources = BTreeMap::from(sources);
        let of = |sources: &BTreeMap<String, String>, template: &str| {
            Names::of(sources, &Everywhere::of(sources), template)
        };
        let names = of(&sources, "a.html");
        for name in ["title", "page", "body", "top", "kind"] {
            assert!(names.has(name), "{name}");
        }
        for name in ["related", "flash", "previous"] {
            assert!(!names.has(name), "{name}");
        }
        let changed = |path: &str| {
            let mut sources = sources.clone();
            sources.insert(path.to_string(), "{{ other }}".to_string());
            of(&sources, "a.html").digest != names.digest
        };
        for path in [
            "site/a.html",
            "site/base.html",
            "theme/base.html",
            "theme/part.html",
        ] {
            assert!(changed(path), "{path}");
        }
        assert!(changed("theme/components.html") && changed("site/part.html"));
        assert!(!changed("theme/a.html") && !changed("site/b.html"));
        assert!(of(&sources, "theme/a.html").has("related"));
        assert!(of(&sources, "all.html").has("anything"));
    }
}
