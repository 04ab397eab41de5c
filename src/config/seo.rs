//! `publisher`, `seo`, `reprint_policy` and `csp`: what the heads of pages tell machines.

use super::{complain, is_target};
use crate::base::diagnostic::nearest;
use crate::base::yaml::{Complaints, Mapping, one_of};

/// Who publishes the portal, as search engines want to know it. Addresses are paths of the site or
/// whole ones.
#[derive(Debug, Clone, Default)]
pub struct Publisher {
    /// The publisher's name; the portal's where it is not given.
    pub name: Option<String>,
    /// The address of its logo.
    pub logo: Option<String>,
    /// The page with its principles of publishing.
    pub principles: Option<String>,
    /// The page that says how it corrects mistakes.
    pub corrections: Option<String>,
    /// The page on ethics.
    pub ethics: Option<String>,
    /// The page that names the editors.
    pub masthead: Option<String>,
    /// Its profiles elsewhere.
    pub profiles: Vec<String>,
}

/// What search engines are told of an article that first appeared elsewhere, at `source_url`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reprints {
    /// The same as of any other.
    #[default]
    Index,
    /// Not to show it.
    Noindex,
    /// That its address of record is the other one.
    Canonical,
}

/// The content security policy: directives and their sources. Empty, there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy(Vec<(&'static str, String)>);

/// The directives and their defaults: pages load what the site has, and pictures, sound and film
/// from wherever a writer links to by `https`. What a directive does not name is not loaded.
/// `frame-ancestors`, `report-uri` and `sandbox` have no effect in a page, so they can't be given.
const DIRECTIVES: [(&str, &str); 13] = [
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
    ("img-src", "'self' data: https:"),
    ("media-src", "'self' https:"),
    ("font-src", "'self'"),
    ("connect-src", "'self'"),
    ("manifest-src", "'self'"),
    ("form-action", "'self'"),
    ("base-uri", "'none'"),
    ("frame-src", ""),
    ("object-src", ""),
    ("worker-src", ""),
];

impl Default for Policy {
    fn default() -> Policy {
        let own = DIRECTIVES.iter();
        Policy(own.map(|(name, own)| (*name, own.to_string())).collect())
    }
}

impl Policy {
    /// Lets frames from another host in, where there is a policy at all.
    pub fn allow_frames(&mut self, origin: &str) {
        let own = self.0.iter_mut().find(|(name, _)| *name == "frame-src");
        if let Some((_, sources)) = own {
            if !matches!(sources.as_str(), "" | "'none'") {
                sources.push(' ');
                sources.push_str(origin);
            } else {
                *sources = origin.to_string();
            }
        }
    }

    /// The policy as text; none where the site wants none.
    pub fn text(&self) -> Option<String> {
        let given = self.0.iter().filter(|(_, sources)| !sources.is_empty());
        let all: Vec<String> = given
            .map(|(name, sources)| format!("{name} {sources}"))
            .collect();
        (!all.is_empty()).then(|| all.join("; "))
    }
}

/// Reads `publisher`.
pub fn publisher(keys: &mut Mapping, out: &mut Complaints) -> Publisher {
    let Some(mut inner) = keys.mapping("publisher", "{logo: /logo.png}", out) else {
        return Publisher::default();
    };
    let publisher = Publisher {
        name: inner.text("name", out),
        logo: target(&mut inner, "logo", out),
        principles: target(&mut inner, "principles", out),
        corrections: target(&mut inner, "corrections", out),
        ethics: target(&mut inner, "ethics", out),
        masthead: target(&mut inner, "masthead", out),
        profiles: profiles(&mut inner, out),
    };
    inner.finish(out);
    publisher
}

fn target(keys: &mut Mapping, key: &'static str, out: &mut Complaints) -> Option<String> {
    let given = keys.text(key, out)?;
    if is_place(&given) {
        return Some(given);
    }
    let message = format!("`{key}` is neither a path nor a web address: `{given}`");
    let help = format!("write `{key}: /{}`", given.trim_start_matches('/'));
    out.push(complain(keys, key, message, &help));
    None
}

/// Whether a text is a path of the site or a web address.
fn is_place(given: &str) -> bool {
    let spaced = given.contains(char::is_whitespace);
    is_target(given) && !given.starts_with("mailto:") && !given.starts_with("tel:") && !spaced
}

fn profiles(keys: &mut Mapping, out: &mut Complaints) -> Vec<String> {
    let (fine, wrong): (Vec<_>, Vec<_>) = keys
        .texts("profiles", out)
        .into_iter()
        .partition(|given| is_place(given) && !given.starts_with('/'));
    for given in wrong {
        let message = format!("a profile is not a web address: `{given}`");
        let help = "write `profiles: [https://…]`";
        out.push(complain(keys, "profiles", message, help));
    }
    fine
}

/// Reads `seo`: whether pages have the metadata of Baidu and Toutiao, and the picture of those that
/// have none of their own.
pub fn seo(keys: &mut Mapping, out: &mut Complaints) -> (bool, Option<String>) {
    let Some(mut inner) = keys.mapping("seo", "{cn: true}", out) else {
        return (false, None);
    };
    let cn = inner.boolean("cn", out).unwrap_or(false);
    let image = target(&mut inner, "image", out);
    inner.finish(out);
    (cn, image)
}

/// Reads `reprint_policy`; none where nobody chose.
pub fn reprints(keys: &mut Mapping, out: &mut Complaints) -> Option<Reprints> {
    const POLICIES: [(&str, Reprints); 3] = [
        ("index", Reprints::Index),
        ("noindex", Reprints::Noindex),
        ("canonical", Reprints::Canonical),
    ];
    one_of(keys, "reprint_policy", &POLICIES, out)
}

/// Reads `csp`: `false` for none, or the directives that are other than by default.
pub fn policy(keys: &mut Mapping, out: &mut Complaints) -> Policy {
    let default = Policy::default();
    if !keys.is_mapping("csp") {
        return match keys.boolean("csp", out) {
            Some(false) => Policy(Vec::new()),
            _ => default,
        };
    }
    let Some(mut inner) = keys.mapping("csp", "{img-src: \"'self' data:\"}", out) else {
        return default;
    };
    let Policy(mut all) = default;
    for (name, value) in inner.whole(out) {
        let known = all.iter_mut().find(|(known, _)| *known == name);
        let sources = value.as_str().map(str::trim);
        match (known, sources.filter(|text| is_sources(text))) {
            (Some((_, own)), Some(sources)) => *own = sources.to_string(),
            (Some(_), None) => {
                let message = format!("`{name}` must be sources with spaces between them");
                let help = format!("write `{name}: \"'self' https://example.org\"`");
                out.push(complain(&inner, &name, message, &help));
            }
            (None, _) => {
                let message = format!("there is no directive `{name}` for a page");
                let names = DIRECTIVES.map(|(name, _)| name);
                let help = match nearest(&name, names) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known here: {}", names.join(", ")),
                };
                out.push(complain(&inner, &name, message, &help));
            }
        }
    }
    Policy(all)
}

fn is_sources(text: &str) -> bool {
    let fine = |c: char| c.is_ascii_graphic() && !matches!(c, ';' | ',' | '"' | '<' | '>' | '&');
    !text.is_empty() && text.chars().all(|c| c == ' ' || fine(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::diagnostic::Lines;
    use crate::config::{Config, read};

    fn check(yaml: &str) -> (Config, Vec<String>) {
        let mut out = Vec::new();
        let config = read(&Lines::new("masthead.yaml", yaml), &mut out);
        (config, out.into_iter().map(|one| one.message).collect())
    }

    #[test]
    fn a_policy_is_the_default_but_for_what_is_given() {
        let (config, said) = check("csp: {script-src: \"'self' https://e.org\"}\n");
        assert_eq!(said, Vec::<String>::new());
        assert_eq!(
            config.policy.text().unwrap(),
            "default-src 'none'; script-src 'self' https://e.org; style-src 'self'; \
             img-src 'self' data: https:; media-src 'self' https:; font-src 'self'; \
             connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'"
        );
        assert_eq!(check("csp: false\n").0.policy.text(), None);
        assert_eq!(check("csp: true\n").0.policy, Policy::default());
    }

    #[test]
    fn what_is_no_directive_or_no_source_is_said() {
        let (config, said) = check(
            "csp:\n  frame-ancestors: \"'none'\"\n  img-src: \"a; script-src *\"\n  font-src: 3\n",
        );
        assert_eq!(said.len(), 3, "{said:?}");
        assert_eq!(config.policy, Policy::default());
    }

    #[test]
    fn a_publisher_has_addresses() {
        let yaml = "publisher: {logo: logo.png, ethics: 'mailto:a@e.org', masthead: /we/, \
                    profiles: [/x/, 'https://e.org/we']}\n";
        let (config, said) = check(yaml);
        assert_eq!(said.len(), 3, "{said:?}");
        let publisher = config.publisher;
        assert_eq!(publisher.masthead.as_deref(), Some("/we/"));
        assert_eq!((publisher.logo, publisher.ethics), (None, None));
        assert_eq!(publisher.profiles, ["https://e.org/we"]);
    }

    #[test]
    fn a_picture_for_all_pages_is_a_place() {
        let (config, said) = check("seo: {image: /share.png}\n");
        assert_eq!(
            (config.image.as_deref(), said.len()),
            (Some("/share.png"), 0)
        );
        let (config, said) = check("seo: {image: share.png}\n");
        assert_eq!((config.image, said.len()), (None, 1));
    }

    #[test]
    fn switches_are_off_by_default() {
        let (config, _) = check("title: 门户\n");
        assert!(!config.cn);
        assert_eq!(config.reprints, Reprints::Index);
        assert!(!config.has_reprint_policy);
        let (config, said) = check("seo: {cn: true}\nreprint_policy: canonical\n");
        assert!(config.cn && config.has_reprint_policy && said.is_empty());
        assert_eq!(config.reprints, Reprints::Canonical);
        assert_eq!(check("reprint_policy: never\n").1.len(), 1);
    }
}
