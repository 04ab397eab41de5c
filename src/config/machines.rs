//! What masthead.yaml says of machines: which programs robots.txt keeps out, and which host serves
//! the portal.

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
