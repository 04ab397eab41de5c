//! The portals: the corpus as a site of masthead and as a site of Hugo, what is changed in them
//! between builds, and the commands that build them.

use crate::MASTHEAD;
use crate::corpus::{self, Spec};
use crate::measure::{Sample, read, run};
use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The theme of the site of masthead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// benches/theme/.
    Bench,
    /// The same, with related articles below each article.
    Related,
    /// The one in the binary.
    BuiltIn,
    /// The same, with a search.
    Search,
    /// The one in the binary, in Simplified and Traditional Chinese.
    Editions,
}

impl Theme {
    /// What masthead.yaml says for it. Hugo makes no search and picks no key points from a text, so
    /// masthead beside it doesn't either. Feeds are in RSS, as Hugo makes them by itself; Hugo has no
    /// archive, and neither has pages of people and sources.
    fn config(self) -> String {
        let own = match self {
            Theme::Search => "",
            Theme::Editions => "search: false\neditions: [zh-Hans, zh-Hant]\n",
            Theme::BuiltIn => "search: false\n",
            Theme::Bench | Theme::Related => "search: false\nhighlights: off\n",
        };
        let shared = "feeds: {formats: [rss]}\nomit: [archive, people, sources]\n";
        format!("{}{shared}{own}", corpus::config())
    }
}

/// The same articles twice.
pub struct Portal {
    pub articles: usize,
    pub spec: Spec,
    /// The site of masthead.
    pub root: PathBuf,
    /// The site of Hugo, if Hugo is measured.
    pub hugo: Option<PathBuf>,
    /// How many different tags its articles have.
    pub tags: usize,
    /// What was there before a change; nothing where a file is new.
    changed: Vec<(PathBuf, Option<Vec<u8>>)>,
}

fn bench(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("benches")
        .join(folder)
}

/// What stands below each article with related articles.
const RELATED_HERE: &str = "{% for card in related %}\n{{ card.html }}\n{%- endfor %}\n";
const RELATED_THERE: &str = "{{- range first 6 (site.RegularPages.Related .) }}\n{{ partial \"card.html\" . }}\n{{- end }}\n";

impl Portal {
    /// Writes both sites below `folder`.
    pub fn write(folder: &Path, articles: usize, hugo: Option<&Hugo>) -> io::Result<Portal> {
        let spec = Spec {
            articles,
            ..Spec::default()
        };
        let root = folder.join("site");
        let hugo = hugo.map(|_| folder.join("hugo"));
        if let Some(there) = &hugo {
            copy(&bench("hugo"), there)?;
        }
        for site in std::iter::once(&root).chain(&hugo) {
            for channel in corpus::CHANNELS {
                fs::create_dir_all(site.join("content").join(channel))?;
            }
        }
        fs::write(root.join("masthead.yaml"), Theme::Bench.config())?;
        let mut tags = HashSet::new();
        for n in 0..articles {
            let (path, text) = corpus::article(&spec, n);
            let line = text.lines().find_map(|line| line.strip_prefix("tags: ["));
            for tag in line.unwrap_or_default().trim_end_matches(']').split(", ") {
                if !tags.contains(tag) {
                    tags.insert(tag.to_string());
                }
            }
            if let Some(there) = &hugo {
                fs::write(there.join(&path), for_hugo(&text))?;
            }
            fs::write(root.join(path), text)?;
        }
        Ok(Portal {
            articles,
            spec,
            root,
            hugo,
            tags: tags.len(),
            changed: Vec::new(),
        })
    }

    /// Puts a theme into the site of masthead.
    pub fn theme(&self, theme: Theme) -> io::Result<()> {
        fs::write(self.root.join("masthead.yaml"), theme.config())?;
        let templates = self.root.join("templates");
        if templates.exists() {
            fs::remove_dir_all(&templates)?;
        }
        if !matches!(theme, Theme::Bench | Theme::Related) {
            return Ok(());
        }
        copy(&bench("theme"), &templates)?;
        if theme == Theme::Related {
            let article = templates.join("article.html");
            put_before(&article, "{% endblock main %}", RELATED_HERE)?;
        }
        Ok(())
    }

    /// Gives Hugo's site its theme, with or without related articles.
    pub fn hugo_related(&self, related: bool) -> io::Result<()> {
        let Some(there) = &self.hugo else {
            return Ok(());
        };
        copy(&bench("hugo"), there)?;
        if related {
            let mut settings = read(&there.join("hugo.toml"))?;
            settings.extend(read(&there.join("related.toml"))?);
            fs::write(there.join("hugo.toml"), settings)?;
            let page = there.join("layouts/page.html");
            let text = fs::read_to_string(&page)?;
            let at = text.rfind("{{ end }}").unwrap_or(text.len());
            fs::write(
                page,
                format!("{}{RELATED_THERE}{}", &text[..at], &text[at..]),
            )?;
        }
        Ok(())
    }

    /// Changes both sites.
    pub fn change(&mut self, what: &str) -> io::Result<()> {
        match what {
            "edit" => {
                let (path, _) = corpus::article(&self.spec, self.articles / 2);
                self.append(&path, "\n\n编者补充：本文在发布后增加了这一句。\n")
            }
            "publish" => self.publish(),
            "template" => {
                let sites = self.sites();
                for (site, template) in sites.iter().zip(["templates", "layouts"]) {
                    let name = ["article.html", "page.html"][usize::from(template == "layouts")];
                    let path = site.join(template).join(name);
                    let text = fs::read_to_string(&path)?;
                    self.set(path, text.replace("<article>", "<article class=\"story\">"))?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// An article that joins six lists: home, channel and four tags, all well filled.
    fn publish(&mut self) -> io::Result<()> {
        let (_, text) = corpus::article(&self.spec, self.articles);
        let date = text.lines().find(|line| line.starts_with("date: "));
        let body = text.splitn(3, "---\n").nth(2).unwrap_or_default();
        let text = format!(
            "---\ntitle: 刚刚发布的一篇\n{}\nsource: 晨星社\ntags: [{}, {}, {}, {}]\nsummary: 它加入六个列表。\n---\n{body}",
            date.unwrap_or_default(),
            corpus::tag(0),
            corpus::tag(5),
            corpus::tag(11),
            corpus::tag(17),
        );
        for (number, site) in self.sites().into_iter().enumerate() {
            let text = if number == 0 {
                text.clone()
            } else {
                for_hugo(&text)
            };
            self.set(site.join("content/keji/a-new.md"), text)?;
        }
        Ok(())
    }

    fn append(&mut self, path: &str, more: &str) -> io::Result<()> {
        for site in self.sites() {
            let path = site.join(path);
            let text = fs::read_to_string(&path)?;
            self.set(path, text + more)?;
        }
        Ok(())
    }

    fn sites(&self) -> Vec<PathBuf> {
        std::iter::once(self.root.clone())
            .chain(self.hugo.clone())
            .collect()
    }

    fn set(&mut self, path: PathBuf, text: String) -> io::Result<()> {
        self.changed.push((path.clone(), fs::read(&path).ok()));
        fs::write(path, text)
    }

    /// Takes all changes back.
    pub fn undo(&mut self) -> io::Result<()> {
        while let Some((path, before)) = self.changed.pop() {
            match before {
                Some(bytes) => fs::write(path, bytes)?,
                None => fs::remove_file(path)?,
            }
        }
        Ok(())
    }
}

/// The same article as Hugo reads it: links to source files as addresses, a summary as plain text,
/// and `lang` under a name that means nothing to Hugo, which would look for a site of that language.
fn for_hugo(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut opened = 0;
    for line in text.split_inclusive('\n') {
        opened += usize::from(line == "---\n");
        match line {
            _ if opened > 1 => out.push_str(line),
            "summary:\n" => out.push_str("summary: "),
            "  method: ai\n" => {}
            _ if line.starts_with("  reviewed_by: ") => {}
            _ if line.starts_with("  text: ") => out.push_str(&line["  text: ".len()..]),
            "lang: en\n" => out.push_str("language: en\n"),
            _ => out.push_str(line),
        }
    }
    let mut linked = String::with_capacity(out.len());
    let mut rest = out.as_str();
    while let Some((before, after)) = rest.split_once("](../") {
        linked.push_str(before);
        linked.push_str("](/");
        match after.split_once(".md)") {
            Some((path, after)) => {
                linked.push_str(path);
                linked.push_str("/)");
                rest = after;
            }
            None => rest = after,
        }
    }
    linked.push_str(rest);
    linked
}

fn put_before(path: &Path, mark: &str, more: &str) -> io::Result<()> {
    let text = fs::read_to_string(path)?;
    fs::write(path, text.replace(mark, &format!("{more}{mark}")))
}

/// Copies a folder with all below it.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Builds a site with masthead; fails where there is an error in it.
pub fn masthead(root: &Path, output: &Path) -> io::Result<Sample> {
    run(&[
        MASTHEAD.into(),
        "build".into(),
        "--quiet".into(),
        "--root".into(),
        root.into(),
        "--output".into(),
        output.into(),
    ])
}

/// A Hugo that runs.
pub struct Hugo {
    path: PathBuf,
    pub version: String,
}

impl Hugo {
    /// Asks a Hugo for its version. The package of PyPI puts a script in front of it, which costs
    /// the start of a Python; it says where the program itself lies.
    pub fn find(path: &Path) -> Result<Hugo, String> {
        let done = Command::new(path)
            .arg("version")
            .output()
            .map_err(|error| format!("`{}` does not run: {error}", path.display()))?;
        let said = String::from_utf8_lossy(&done.stdout);
        let own = said
            .split_once("hugo-python-distributions at ")
            .and_then(|(_, rest)| rest.lines().next())
            .map(|line| line.trim_end_matches("\u{1b}[0m").trim())
            .map(PathBuf::from)
            .filter(|own| own.is_file());
        let version = said
            .lines()
            .find(|line| line.starts_with("hugo v"))
            .and_then(|line| line.split([' ', '-']).nth(1))
            .ok_or("it does not tell its version")?;
        Ok(Hugo {
            path: own.unwrap_or_else(|| path.to_path_buf()),
            version: version.to_string(),
        })
    }

    /// Builds the site of Hugo.
    pub fn build(&self, portal: &Portal, output: &Path) -> io::Result<Sample> {
        let there = portal.hugo.clone().unwrap_or_default();
        let caches = there.join(".caches");
        let words: [OsString; 9] = [
            self.path.clone().into(),
            "--quiet".into(),
            "--noBuildLock".into(),
            "--source".into(),
            there.into(),
            "--destination".into(),
            output.into(),
            "--cacheDir".into(),
            caches.into(),
        ];
        run(&words)
    }
}
