//! Finds the dead links of a built site, by reading what was written and nothing else.
//!
//! A link is internal if it is relative, starts with `/`, or with the site's own address. It must
//! lead to a file, and its fragment to an `id` there. Looked at: `href`, `src`, `srcset` and
//! `poster`, `meta refresh`, any `meta` whose content is an address of the site (`og:image`), and
//! in XML `<loc>`, `<link>` and the attributes `href` and `url`. What is inside comments, scripts
//! and styles is no link. Links to other sites are not followed.
#![allow(dead_code)] // each test binary that includes this file uses its own part of it

use masthead::base::fingerprint::of_bytes;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// All HTML files below `public`, sorted.
pub fn pages(public: &Path) -> Vec<PathBuf> {
    files(public)
        .into_iter()
        .filter(|file| has_extension(file, "html"))
        .collect()
}

/// All files below `public`, sorted.
pub fn files(public: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![public.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry
                .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
                .path();
            if path.is_dir() {
                folders.push(path)
            } else {
                found.push(path)
            }
        }
    }
    found.sort();
    found
}

/// One line `page: link` for each dead link below `public`, sorted, without repeats. `base_path`
/// is the path that the site is served at (`/` or `/news/`), `base_url` its whole address
/// (`https://example.org/news/`, empty for none).
pub fn dead_links(public: &Path, base_path: &str, base_url: &str) -> Vec<String> {
    let site = Site {
        base_path: base_path.trim_end_matches('/'),
        base_url: base_url.trim_end_matches('/'),
        files: Files::read(public),
    };
    let mut dead = BTreeSet::new();
    for (page, found) in &site.files.0 {
        for link in &found.links {
            if !site.leads_somewhere(page, link) {
                dead.insert(format!("{page}: {link}"));
            }
        }
    }
    dead.into_iter().collect()
}

/// What a reader comes to who starts at the home page and follows every link.
#[derive(Debug, Default)]
pub struct Reached {
    pub files: BTreeSet<String>,
    /// Links that lead to no file: the page, and the path that it leads to.
    pub dead: BTreeSet<(String, String)>,
}

/// Follows links in sites that have many pages in common: each version of a page is read once.
#[derive(Default)]
pub struct Reader(HashMap<(String, u128), Vec<String>>);

impl Reader {
    /// What is reached in a site that is served at `/`, by the bytes of its files.
    pub fn reach(&mut self, files: &BTreeMap<String, Vec<u8>>) -> Reached {
        let mut reached = Reached::default();
        let mut next = vec!["index.html".to_string()];
        while let Some(page) = next.pop() {
            let Some(bytes) = files.get(&page).filter(|_| !reached.files.contains(&page)) else {
                continue;
            };
            reached.files.insert(page.clone());
            for path in self.links(&page, bytes) {
                match file_at(path, &|path| files.contains_key(path)) {
                    Some(file) => next.push(file),
                    None => drop(reached.dead.insert((page.clone(), path.clone()))),
                }
            }
        }
        reached
    }

    /// The paths in the site that a page links to.
    pub fn links(&mut self, page: &str, bytes: &[u8]) -> &[String] {
        let version = (page.to_string(), of_bytes(bytes).0);
        self.0.entry(version).or_insert_with(|| {
            let site = Site {
                base_path: "",
                base_url: "",
                files: Files(HashMap::new()),
            };
            let below = |link: &String| {
                let address = link.trim().split(['#', '?']).next().unwrap_or_default();
                match site.below_root(page, address) {
                    Place::Below(path) if !address.is_empty() => percent_decoded(&path),
                    _ => None,
                }
            };
            let mut paths: Vec<String> = found(Path::new(page), bytes)
                .links
                .iter()
                .filter_map(below)
                .collect();
            paths.sort();
            paths.dedup();
            paths
        })
    }
}

/// The file that a server shows for a path, where `is_file` says what there is.
pub fn file_at(path: &str, is_file: &dyn Fn(&str) -> bool) -> Option<String> {
    let folder = path.trim_end_matches('/');
    let index = match folder {
        "" => "index.html".to_string(),
        folder => format!("{folder}/index.html"),
    };
    let itself = !path.is_empty() && !path.ends_with('/') && is_file(path);
    match itself {
        true => Some(path.to_string()),
        false => is_file(&index).then_some(index),
    }
}

/// What a file holds. `ids` is `None` where a fragment can't be checked (PDF, pictures).
#[derive(Default)]
struct Found {
    links: Vec<String>,
    ids: Option<HashSet<String>>,
}

/// The files by their path below the root, with `/` between the parts.
struct Files(HashMap<String, Found>);

impl Files {
    fn read(public: &Path) -> Self {
        let read = |file: PathBuf| {
            let below = file.strip_prefix(public).unwrap_or(&file);
            let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
            (parts.join("/"), found_in(&file))
        };
        Files(files(public).into_iter().map(read).collect())
    }

    /// The file that a server shows for this path: itself, or the index of a folder.
    fn at(&self, path: &str) -> Option<&Found> {
        let folder = path.trim_end_matches('/');
        let index = if folder.is_empty() {
            "index.html".into()
        } else {
            format!("{folder}/index.html")
        };
        if path.is_empty() || path.ends_with('/') {
            return self.0.get(&index);
        }
        self.0.get(path).or_else(|| self.0.get(&index))
    }
}

fn found_in(file: &Path) -> Found {
    let bytes = fs::read(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    found(file, &bytes)
}

fn found(file: &Path, bytes: &[u8]) -> Found {
    let xml = has_extension(file, "xml");
    if !xml && !has_extension(file, "html") && !has_extension(file, "svg") {
        return Found::default();
    }
    let text = String::from_utf8_lossy(bytes);
    if xml { in_xml(&text) } else { in_html(&text) }
}

fn has_extension(file: &Path, wanted: &str) -> bool {
    file.extension()
        .is_some_and(|extension| extension == wanted)
}

// ------------------------------------------------------------------------------------- resolving

struct Site<'a> {
    base_path: &'a str,
    base_url: &'a str,
    files: Files,
}

impl Site<'_> {
    fn leads_somewhere(&self, page: &str, link: &str) -> bool {
        let link: String = link
            .trim()
            .chars()
            .filter(|c| !matches!(c, '\n' | '\r' | '\t'))
            .collect();
        let (address, fragment) = link.split_once('#').unwrap_or((&link, ""));
        let (address, query) = address.split_once('?').unwrap_or((address, ""));
        let target = if address.is_empty() && query.is_empty() {
            self.files.0.get(page)
        } else {
            match self.below_root(page, address) {
                Place::Elsewhere => return true,
                Place::Outside => return false,
                Place::Below(path) => match percent_decoded(&path) {
                    Some(path) => self.files.at(&path),
                    None => return false,
                },
            }
        };
        target.is_some_and(|found| has_fragment(found, fragment))
    }

    fn is_own(&self, link: &str) -> bool {
        !self.base_url.is_empty() && link.starts_with(self.base_url)
    }

    /// The path below the site's root that an address without query and fragment means on a page.
    fn below_root(&self, page: &str, address: &str) -> Place {
        if self.is_own(address) {
            let rest = &address[self.base_url.len()..];
            if rest.is_empty() || rest.starts_with('/') {
                return Place::Below(without_dots(rest));
            }
        }
        if address.starts_with("//") || has_scheme(address) {
            return Place::Elsewhere;
        }
        if address.starts_with('/') {
            let path = format!("/{}", without_dots(address));
            return match path.strip_prefix(self.base_path) {
                Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                    Place::Below(rest[rest.len().min(1)..].into())
                }
                _ => Place::Outside,
            };
        }
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        // On a page, its own path is not percent-encoded: a `%` in a file's name is one.
        let folder = folder.replace('%', "%25");
        if address.is_empty() {
            return Place::Below(page.replace('%', "%25")); // `?q=` on the page itself
        }
        Place::Below(without_dots(&format!("{folder}/{address}")))
    }
}

/// Where an address leads.
enum Place {
    /// To another site, or to no page at all (`mailto:`).
    Elsewhere,
    /// To this host, but not below the path that the site is served at.
    Outside,
    Below(String),
}

fn has_scheme(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

/// Takes `.` and `..` out as a browser does; a final `/` stays, a leading one goes.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let parts: Vec<&str> = path.split('/').collect();
    for part in &parts {
        match *part {
            "" | "." => {}
            ".." => drop(kept.pop()),
            name => kept.push(name),
        }
    }
    let folder = matches!(parts.last(), Some(&"" | &"." | &".."));
    let end = if folder && !kept.is_empty() { "/" } else { "" };
    format!("{}{end}", kept.join("/"))
}

fn has_fragment(found: &Found, fragment: &str) -> bool {
    let fragment = fragment.split(":~:").next().unwrap_or_default(); // a text fragment is no id
    let Some(ids) = &found.ids else { return true };
    fragment.is_empty()
        || fragment.eq_ignore_ascii_case("top")
        || ids.contains(fragment)
        || percent_decoded(fragment).is_some_and(|id| ids.contains(&id))
}

/// `None` where the result is not UTF-8. A `%` without two digits stands for itself.
fn percent_decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.as_bytes();
    while let Some((&first, rest)) = bytes.split_first() {
        let digits = rest
            .get(..2)
            .filter(|_| first == b'%')
            .and_then(|d| std::str::from_utf8(d).ok());
        let byte = digits
            .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|d| u8::from_str_radix(d, 16).ok());
        out.push(byte.unwrap_or(first));
        bytes = if byte.is_some() { &rest[2..] } else { rest };
    }
    String::from_utf8(out).ok()
}

// --------------------------------------------------------------------------------------- reading

fn in_html(text: &str) -> Found {
    let mut links = BTreeSet::new();
    let mut ids = HashSet::new();
    let mut rest = text;
    while let Some((tag, after)) = next_tag(rest) {
        let refresh = tag
            .attribute("http-equiv")
            .is_some_and(|v| v.eq_ignore_ascii_case("refresh"));
        for (name, value) in &tag.attributes {
            match name.as_str() {
                "href" | "src" | "poster" | "xlink:href" => drop(links.insert(value.clone())),
                "srcset" | "imagesrcset" => links.extend(srcset(value)),
                "id" => drop(ids.insert(value.clone())),
                "name" if tag.name == "a" => drop(ids.insert(value.clone())),
                "content" if refresh => links.extend(refresh_target(value)),
                // Only an address of this site is judged; `has_scheme` lets all others pass.
                "content"
                    if tag.name == "meta" && value.starts_with("http") && !value.contains(' ') =>
                {
                    links.insert(value.clone());
                }
                _ => {}
            }
        }
        rest = match tag.name.as_str() {
            name @ ("script" | "style" | "textarea" | "title") => after_closing(after, name),
            _ => after,
        };
    }
    Found {
        links: links.into_iter().collect(),
        ids: Some(ids),
    }
}

fn in_xml(text: &str) -> Found {
    let mut links = BTreeSet::new();
    let mut rest = text;
    while let Some((tag, after)) = next_tag(rest) {
        for (name, value) in &tag.attributes {
            if matches!(name.as_str(), "href" | "url" | "src") {
                links.insert(value.clone());
            }
        }
        let local = tag.name.rsplit(':').next().unwrap_or_default();
        if matches!(local, "loc" | "link") && !tag.closed {
            let content = after
                .split_once("</")
                .map_or(after, |(content, _)| content)
                .trim();
            let literal = content
                .strip_prefix("<![CDATA[")
                .and_then(|c| c.strip_suffix("]]>"));
            let link = literal.map_or_else(|| entities_decoded(content), |c| c.trim().to_string());
            if !link.is_empty() {
                links.insert(link);
            }
        }
        rest = after;
    }
    Found {
        links: links.into_iter().collect(),
        ids: None,
    }
}

/// An opening tag: its name and its attributes' names in lower case, values decoded.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    /// Ends in `/>`, as an empty element of XML does.
    closed: bool,
}

impl Tag {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The next opening tag and what follows it (`<?xml-stylesheet` counts as one); passes over
/// comments, CDATA, closing tags, `<!`, and a `<` that opens nothing.
fn next_tag(mut text: &str) -> Option<(Tag, &str)> {
    loop {
        text = &text[text.find('<')? + 1..];
        if let Some(comment) = text.strip_prefix("!--") {
            text = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if let Some(literal) = text.strip_prefix("![CDATA[") {
            text = literal.split_once("]]>").map_or("", |(_, after)| after);
        } else {
            text = text.strip_prefix('?').unwrap_or(text);
            if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
                return Some(tag(text));
            }
        }
    }
}

/// Reads a tag from its name on.
fn tag(text: &str) -> (Tag, &str) {
    let end = text
        .find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/')
        .unwrap_or(text.len());
    let mut tag = Tag {
        name: text[..end].to_ascii_lowercase(),
        attributes: Vec::new(),
        closed: false,
    };
    let mut rest = &text[end..];
    loop {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return (tag, rest);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (tag, after);
        }
        if let Some(after) = rest.strip_prefix('/') {
            tag.closed = after.starts_with('>');
            rest = after;
            continue;
        }
        let (name, value, after) = attribute(rest);
        if tag.attribute(&name).is_none() {
            tag.attributes.push((name, value));
        }
        rest = after;
    }
}

/// Reads one attribute: its name, its value (empty if it has none), and what follows.
fn attribute(text: &str) -> (String, String, &str) {
    let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/');
    let first = text.chars().next().map_or(0, char::len_utf8); // even a stray `=` is a name
    let end = text[first..].find(ends).map_or(text.len(), |at| first + at);
    let name = text[..end].to_ascii_lowercase();
    let Some(value) = text[end..].trim_ascii_start().strip_prefix('=') else {
        return (name, String::new(), &text[end..]);
    };
    let value = value.trim_ascii_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = value.strip_prefix(quote) {
            let (value, after) = quoted.split_once(quote).unwrap_or((quoted, ""));
            return (name, entities_decoded(value), after);
        }
    }
    let end = value
        .find(|c: char| c.is_ascii_whitespace() || c == '>')
        .unwrap_or(value.len());
    (name, entities_decoded(&value[..end]), &value[end..])
}

/// What follows the closing tag of an element whose content is no markup.
fn after_closing<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest
            .get(..name.len())
            .is_some_and(|n| n.eq_ignore_ascii_case(name))
        {
            return rest;
        }
    }
    ""
}

/// The addresses of a `srcset`: each ends at white space, its descriptors at a comma.
fn srcset(value: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = value;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return found;
        }
        let end = rest
            .find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(rest.len());
        let address = &rest[..end];
        let bare = address.trim_end_matches(',');
        found.push(bare.to_string());
        rest = &rest[end..];
        if bare.len() == address.len() {
            rest = rest.split_once(',').map_or("", |(_, after)| after);
        }
    }
}

/// The address in `0; url=/there/`.
fn refresh_target(value: &str) -> Option<String> {
    let at = value.to_ascii_lowercase().find("url=")?;
    Some(value[at + 4..].trim().trim_matches(['\'', '"']).to_string())
}

/// Decodes numbers and the names that occur in addresses; leaves others as they are.
fn entities_decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let name = rest[1..].split_once(';').map_or("", |(name, _)| name);
        match entity(name) {
            Some(c) => {
                out.push(c);
                rest = &rest[name.len() + 2..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => return None,
    })
}
