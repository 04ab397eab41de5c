//! What masthead.yaml says of machines: which programs robots.txt keeps out, which host serves the
//! portal, and how much feeds hold.

use super::complain;
use crate::base::yaml::{Complaints, Mapping, one_of};

/// Which programs that serve AI may fetch the portal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ai {
    /// All of them.
    #[default]
    Allow,
    /// Those that look pages up for an answer that names them; not those that collect texts to
    /// train models on.
    SearchOnly,
    /// None.
    Deny,
}

/// Programs that collect texts to train models on, or names by which robots.txt forbids that use
/// (`Google-Extended`, `Applebot-Extended`): they fetch nothing themselves.
const COLLECTORS: [&str; 14] = [
    "AI2Bot",
    "Amazonbot",
    "Applebot-Extended",
    "Bytespider",
    "CCBot",
    "ClaudeBot",
    "Diffbot",
    "GPTBot",
    "Google-Extended",
    "Meta-ExternalAgent",
    "PanguBot",
    "Timpibot",
    "anthropic-ai",
    "cohere-training-data-crawler",
];

/// Programs that look pages up to answer what somebody asks.
const SEEKERS: [&str; 10] = [
    "ChatGPT-User",
    "Claude-SearchBot",
    "Claude-User",
    "DuckAssistBot",
    "Meta-ExternalFetcher",
    "MistralAI-User",
    "OAI-SearchBot",
    "Perplexity-User",
    "PerplexityBot",
    "YouBot",
];

impl Ai {
    /// The programs that are kept out.
    pub fn denied(self) -> Vec<&'static str> {
        match self {
            Ai::Allow => Vec::new(),
            Ai::SearchOnly => COLLECTORS.to_vec(),
            Ai::Deny => [&COLLECTORS[..], &SEEKERS].concat(),
        }
    }
}

/// A host that reads `_headers` and `_redirects` from the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Hosting {
    Cloudflare,
    Netlify,
}

/// Reads `hosting`.
pub fn hosting(keys: &mut Mapping, out: &mut Complaints) -> Option<Hosting> {
    let words = [
        ("cloudflare", Hosting::Cloudflare),
        ("netlify", Hosting::Netlify),
    ];
    one_of(keys, "hosting", &words, out)
}

/// A form of feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Format {
    Rss,
    Atom,
    Json,
}

impl Format {
    /// All forms.
    const ALL: [Format; 3] = [Format::Rss, Format::Atom, Format::Json];

    /// What masthead.yaml and templates call it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Rss => "rss",
            Format::Atom => "atom",
            Format::Json => "json",
        }
    }

    /// The name of a feed's file, and of the template that prints it.
    pub fn file(self) -> &'static str {
        match self {
            Format::Rss => "feed.xml",
            Format::Atom => "atom.xml",
            Format::Json => "feed.json",
        }
    }
}

/// Which feeds there are, and what they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feeds {
    /// Whether those of the home list and of channels hold whole articles.
    pub full: bool,
    /// The forms that lists have feeds in, RSS among them.
    pub formats: Vec<Format>,
    /// The address of the hub that is told of news (WebSub).
    pub websub: Option<String>,
}

impl Default for Feeds {
    fn default() -> Feeds {
        Feeds {
            full: true,
            formats: Format::ALL.to_vec(),
            websub: None,
        }
    }
}

/// Reads `feeds`.
pub fn feeds(keys: &mut Mapping, out: &mut Complaints) -> Feeds {
    let Some(mut inner) = keys.mapping("feeds", "{content: summary}", out) else {
        return Feeds::default();
    };
    let words = [("full", true), ("summary", false)];
    let full = one_of(&mut inner, "content", &words, out);
    let websub = inner.text("websub", out).filter(|url| {
        let fits = url.starts_with("https://") || url.starts_with("http://");
        if !fits {
            let message = format!("`websub` is not a web address: `{url}`");
            let help = "write `websub: https://hub.example.org/`";
            out.push(complain(&inner, "websub", message, help));
        }
        fits
    });
    let formats = formats(&mut inner, out);
    inner.finish(out);
    Feeds {
        full: full.unwrap_or(true),
        formats,
        websub,
    }
}

/// Reads `formats`. RSS is always one of them: it is what pages lead to.
fn formats(inner: &mut Mapping, out: &mut Complaints) -> Vec<Format> {
    let given = inner.texts("formats", out);
    let has = |format: &Format| given.iter().any(|name| name == format.name());
    let is_known = |name: &&String| Format::ALL.iter().any(|format| format.name() == *name);
    let unknown = given.iter().find(|name| !is_known(name));
    if let Some(unknown) = unknown {
        let message = format!("there is no feed in the format `{unknown}`");
        let help = "formats are `rss`, `atom` and `json`";
        out.push(complain(inner, "formats", message, help));
    } else if !given.is_empty() && !has(&Format::Rss) {
        let message = "`formats` of feeds lacks `rss`, which all feeds are made in".to_string();
        let help = "write `formats: [rss]`, with what you want beside it";
        out.push(complain(inner, "formats", message, help));
    }
    let all = given.is_empty() || unknown.is_some();
    let is_made = |format: &Format| all || *format == Format::Rss || has(format);
    Format::ALL.into_iter().filter(is_made).collect()
}

/// Reads `robots`.
pub fn robots(keys: &mut Mapping, out: &mut Complaints) -> Ai {
    let Some(mut inner) = keys.mapping("robots", "{ai: search-only}", out) else {
        return Ai::default();
    };
    let words = [
        ("allow", Ai::Allow),
        ("search-only", Ai::SearchOnly),
        ("deny", Ai::Deny),
    ];
    let ai = one_of(&mut inner, "ai", &words, out);
    inner.finish(out);
    ai.unwrap_or_default()
}
