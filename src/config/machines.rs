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

/// Which feeds there are, beside RSS, and what they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feeds {
    /// Whether those of the home list and of channels hold whole articles.
    pub full: bool,
    /// Whether there are Atom feeds.
    pub atom: bool,
    /// Whether there are JSON feeds.
    pub json: bool,
    /// The address of the hub that is told of news (WebSub).
    pub websub: Option<String>,
}

impl Default for Feeds {
    fn default() -> Feeds {
        Feeds {
            full: true,
            atom: true,
            json: true,
            websub: None,
        }
    }
}

/// What feeds can be in.
const FORMATS: [&str; 3] = ["rss", "atom", "json"];

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
        atom: formats.iter().any(|format| format == "atom"),
        json: formats.iter().any(|format| format == "json"),
        websub,
    }
}

/// Reads `formats`. RSS is always one of them: it is what pages lead to.
fn formats(inner: &mut Mapping, out: &mut Complaints) -> Vec<String> {
    let given = inner.texts("formats", out);
    let unknown = given
        .iter()
        .find(|format| !FORMATS.contains(&format.as_str()));
    if let Some(unknown) = unknown {
        let message = format!("there is no feed in the format `{unknown}`");
        let help = "formats are `rss`, `atom` and `json`";
        out.push(complain(inner, "formats", message, help));
    } else if !given.is_empty() && !given.iter().any(|format| format == "rss") {
        let message = "`formats` of feeds lacks `rss`, which all feeds are made in".to_string();
        let help = "write `formats: [rss]`, with what you want beside it";
        out.push(complain(inner, "formats", message, help));
    }
    match given.is_empty() || unknown.is_some() {
        true => FORMATS.map(String::from).to_vec(),
        false => given,
    }
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
