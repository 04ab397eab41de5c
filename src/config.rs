//! masthead.yaml: what a site says of itself. Everything has a default.

use crate::base::date;
use crate::base::diagnostic::{Code, Diagnostic, Lines};
use crate::base::slug::percent_encoded;
use crate::base::yaml::{self, Complaints, Mapping};
use jiff::tz::TimeZone;
use serde::Serialize;

/// The languages that the built-in theme speaks.
pub const LANGUAGES: [&str; 3] = ["zh-Hans", "zh-Hant", "en"];

/// A site's configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The portal's name.
    pub title: String,
    /// One sentence on it.
    pub description: Option<String>,
    /// Where it will stand: scheme, host and perhaps a path, without a slash at the end.
    pub base_url: String,
    /// BCP 47 language of pages and of the theme's own words.
    pub language: String,
    /// The zone of dates without an offset.
    pub zone: TimeZone,
    /// Channels in the order of the navigation; folders that are not named here follow.
    pub channels: Vec<Channel>,
    /// Links in the navigation; the channels where it is empty.
    pub main_menu: Vec<MenuItem>,
    /// Links in the footer.
    pub footer_menu: Vec<MenuItem>,
    /// How readers reach the publisher.
    pub contact: Contact,
    /// Articles of a leaf.
    pub page_size: u32,
    /// The article's URL: `/{channel}/{slug}/`, with `{year}`, `{month}` and `{day}` to choose from.
    pub permalink: String,
    /// Anything, for templates.
    pub extra: serde_json::Value,
}

/// A channel as configured.
#[derive(Debug, Clone, Default)]
pub struct Channel {
    /// The folder's name.
    pub id: String,
    /// What readers see.
    pub name: Option<String>,
    /// One sentence on it.
    pub description: Option<String>,
    /// The template variant of the channel's pages and of its articles.
    pub template: Option<String>,
    /// Its colour, `#rrggbb`.
    pub accent: Option<String>,
}

/// A link in a menu.
#[derive(Debug, Clone, Serialize)]
pub struct MenuItem {
    /// Its text.
    pub name: String,
    /// A path from the site's root, or an address.
    pub url: String,
}

/// How readers reach the publisher; what is empty is not shown.
#[derive(Debug, Clone, Default, Serialize)]
#[allow(missing_docs)]
pub struct Contact {
    pub email: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            title: "masthead".to_string(),
            description: None,
            base_url: "http://localhost:4000".to_string(),
            language: "zh-Hans".to_string(),
            zone: date::zone("+08:00").unwrap_or(TimeZone::UTC),
            channels: Vec::new(),
            main_menu: Vec::new(),
            footer_menu: Vec::new(),
            contact: Contact::default(),
            page_size: 20,
            permalink: "/{channel}/{slug}/".to_string(),
            extra: serde_json::Value::Null,
        }
    }
}

impl Config {
    /// The path below which the site stands on its host: empty, or `/news`.
    pub fn base_path(&self) -> &str {
        let host = self.base_url.find("://").map_or(0, |at| at + 3);
        self.base_url[host..]
            .find('/')
            .map_or("", |at| &self.base_url[host + at..])
    }
}

/// Reads a configuration; what is wrong in it is said, and the default stands in for it.
pub fn read(lines: &Lines, out: &mut Complaints) -> Config {
    let mut keys = yaml::document(lines, out);
    let default = Config::default();
    let mut menus = keys.mapping("menus", "{main: [{name: …, url: …}]}", out);
    let config = Config {
        title: keys.text("title", out).unwrap_or(default.title),
        description: keys.text("description", out),
        base_url: base_url(&mut keys, out).unwrap_or(default.base_url),
        language: keys.text("language", out).unwrap_or(default.language),
        zone: zone(&mut keys, out).unwrap_or(default.zone),
        channels: channels(&mut keys, out),
        main_menu: menus
            .as_mut()
            .map_or_else(Vec::new, |menus| menu(menus, "main", out)),
        footer_menu: menus
            .as_mut()
            .map_or_else(Vec::new, |menus| menu(menus, "footer", out)),
        contact: contact(&mut keys, out),
        page_size: page_size(&mut keys, out).unwrap_or(default.page_size),
        permalink: permalink(&mut keys, out).unwrap_or(default.permalink),
        extra: keys.anything("extra", out).unwrap_or_default(),
    };
    if let Some(menus) = menus {
        menus.finish(out);
    }
    keys.finish(out);
    config
}

fn complain(keys: &Mapping, key: &str, message: String, help: &str) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(Code::BadValue, message).help(help);
    diagnostic.place = keys.place(key, "");
    diagnostic
}

fn in_item(keys: &Mapping, key: &str, item: &Mapping, message: String, help: &str) -> Diagnostic {
    let mut diagnostic = complain(keys, key, message, help);
    diagnostic.place = item.start().or(diagnostic.place);
    diagnostic
}

fn base_url(keys: &mut Mapping, out: &mut Complaints) -> Option<String> {
    let given = keys.text("base_url", out)?;
    let checked = checked_base_url(&given);
    if checked.is_none() {
        let message = format!("`base_url` is not a web address: `{given}`");
        out.push(complain(
            keys,
            "base_url",
            message,
            "write `base_url: https://example.org`",
        ));
    }
    checked
}

/// A base URL without a slash at its end, if it is one.
pub fn checked_base_url(given: &str) -> Option<String> {
    let rest = given
        .strip_prefix("https://")
        .or_else(|| given.strip_prefix("http://"))?;
    let fine = !rest.is_empty() && !rest.starts_with('/') && !given.contains(['?', '#', ' ']);
    let (scheme, rest) = given.split_at(given.len() - rest.len());
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let path = percent_encoded(path.trim_end_matches('/')).replace("%25", "%");
    fine.then(|| format!("{scheme}{host}{path}"))
}

fn zone(keys: &mut Mapping, out: &mut Complaints) -> Option<TimeZone> {
    let given = keys.text("timezone", out)?;
    let zone = date::zone(&given);
    if zone.is_none() {
        let message = format!("`timezone` is not a time zone: `{given}`");
        out.push(complain(
            keys,
            "timezone",
            message,
            "write `+08:00` or `Asia/Shanghai`",
        ));
    }
    zone
}

fn channels(keys: &mut Mapping, out: &mut Complaints) -> Vec<Channel> {
    let mut channels = Vec::new();
    for mut item in keys.mappings("channels", "[{id: …}]", out) {
        let id = item.text("id", out);
        let channel = Channel {
            id: id.clone().unwrap_or_default(),
            name: item.text("name", out),
            description: item.text("description", out),
            template: variant(&mut item, "template", out),
            accent: accent(&mut item, out),
        };
        if item.lacks("id") {
            let message = "a channel has no `id`".to_string();
            let help = "write `id: …`, the name of its folder";
            out.push(in_item(keys, "channels", &item, message, help));
        }
        item.finish(out);
        if id.is_some() {
            channels.push(channel);
        }
    }
    channels
}

fn variant(keys: &mut Mapping, key: &'static str, out: &mut Complaints) -> Option<String> {
    let given = keys.text(key, out)?;
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if !given.chars().all(fits) {
        let message = format!("`{key}` must be a name, not a path: `{given}`");
        out.push(complain(
            keys,
            key,
            message,
            "write the file's name without folder and `.html`",
        ));
        return None;
    }
    Some(given)
}

/// A colour goes into a style sheet, so it must be one.
fn accent(keys: &mut Mapping, out: &mut Complaints) -> Option<String> {
    let given = keys.text("accent", out)?;
    let digits = given.strip_prefix('#').unwrap_or("");
    if matches!(digits.len(), 3 | 6) && digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return Some(given);
    }
    let message = format!("`accent` is not a colour: `{given}`");
    out.push(complain(
        keys,
        "accent",
        message,
        "write `accent: \"#0a6e4f\"`",
    ));
    None
}

fn menu(keys: &mut Mapping, key: &'static str, out: &mut Complaints) -> Vec<MenuItem> {
    let mut items = Vec::new();
    for mut item in keys.mappings(key, "[{name: …, url: …}]", out) {
        let (name, url) = (item.text("name", out), item.text("url", out));
        if item.lacks("name") || item.lacks("url") {
            let message = "a menu's item needs `name` and `url`".to_string();
            let help = "write `{name: …, url: /about/}`";
            out.push(in_item(keys, key, &item, message, help));
        }
        match (name, url) {
            (Some(name), Some(url)) if url.starts_with('/') || url.contains(':') => {
                items.push(MenuItem { name, url });
            }
            (Some(_), Some(url)) => {
                let message = format!("a menu's `url` can't be `{url}`");
                let bare = url.trim_matches('/');
                let help = format!("write `url: /{bare}/`, or a whole address");
                out.push(complain(&item, "url", message, &help));
            }
            _ => {}
        }
        item.finish(out);
    }
    items
}

fn contact(keys: &mut Mapping, out: &mut Complaints) -> Contact {
    let Some(mut inner) = keys.mapping("contact", "{email: …}", out) else {
        return Contact::default();
    };
    let contact = Contact {
        email: inner.text("email", out),
        phone: inner.text("phone", out),
        address: inner.text("address", out),
    };
    inner.finish(out);
    contact
}

fn page_size(keys: &mut Mapping, out: &mut Complaints) -> Option<u32> {
    let given = keys.integer("page_size", out)?;
    if !(2..=200).contains(&given) {
        out.push(complain(
            keys,
            "page_size",
            "`page_size` goes from 2 to 200".into(),
            "write `page_size: 20`",
        ));
        return None;
    }
    u32::try_from(given).ok()
}

fn permalink(keys: &mut Mapping, out: &mut Complaints) -> Option<String> {
    let given = keys.text("permalink", out)?;
    let mut bare = given.clone();
    for part in ["{channel}", "{slug}", "{year}", "{month}", "{day}"] {
        bare = bare.replace(part, "");
    }
    let fine = given.starts_with('/')
        && given.ends_with('/')
        && given.contains("{slug}")
        && !bare.contains(['{', '}', '?', '#', '%'])
        && !given.contains("..");
    if !fine {
        let message = format!("`permalink` can't be `{given}`");
        out.push(complain(
            keys,
            "permalink",
            message,
            "write `/{channel}/{slug}/`, perhaps with {year}, {month} and {day}",
        ));
    }
    fine.then_some(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_lose_their_last_slash() {
        let check = |given: &str, url: Option<&str>, path: &str| {
            let base_url = checked_base_url(given);
            assert_eq!(base_url.as_deref(), url, "{given}");
            let config = Config {
                base_url: base_url.unwrap_or_default(),
                ..Config::default()
            };
            assert_eq!(config.base_path(), path, "{given}");
        };
        check("https://e.org", Some("https://e.org"), "");
        check("https://e.org/", Some("https://e.org"), "");
        check(
            "http://e.org:80/news/a/",
            Some("http://e.org:80/news/a"),
            "/news/a",
        );
        check(
            "https://e.org/新闻/",
            Some("https://e.org/%E6%96%B0%E9%97%BB"),
            "/%E6%96%B0%E9%97%BB",
        );
        check("e.org", None, "");
        check("https:///x", None, "");
    }
}
