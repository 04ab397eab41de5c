//! Layer 6: the preview: renders the page that a browser asks for, and tells it what changed.
//!
//! [`Portal`] is all that the HTTP side knows of a site: a function from a URL to an answer, and
//! the fingerprint of a page. What changed comes as an [`Update`]; each open tab's page is asked
//! for its fingerprint again, and the tab reloads only where that is another one.

mod bind;
mod events;
mod hint;
mod host;
pub mod http;
pub mod hub;
mod kind;
pub mod live;
pub mod path;
mod range;
mod reply;
mod router;
mod scripts;
pub mod session;

/// What stands at a URL.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// Status code of HTTP: 200, 308, 404 or 500.
    pub status: u16,
    /// The output path that it is the file of (`guoji/index.html`), which tells its type.
    pub path: String,
    /// The fingerprint of the page; an opaque word of letters and digits.
    pub print: String,
    /// The bytes, as a build writes them.
    pub body: Vec<u8>,
    /// Where a redirect leads, with the base path, percent-encoded.
    pub location: Option<String>,
}

/// A site, as far as HTTP knows it. A URL is a path below the site's base path, starts with `/`
/// and is percent-decoded; it holds no control character, no backslash, no `//` and no `..`
/// ([`path::url`]).
pub trait Portal: Send + Sync + 'static {
    /// The path that the site lies below, percent-encoded and without a slash at its end; empty for the root.
    fn base_path(&self) -> String;

    /// What stands at a URL. What isn't there is an answer as well: the site's error page.
    fn answer(&self, url: &str) -> Answer;

    /// The fingerprint that [`Portal::answer`] would give now.
    fn print(&self, url: &str) -> String;

    /// What is wrong now, for the overlay: the same for all pages.
    fn trouble(&self) -> Vec<Trouble>;
}

/// A mistake, as the overlay shows it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Trouble {
    /// `error` or `warning`.
    pub severity: &'static str,
    /// What is wrong.
    pub message: String,
    /// File, line and column, as `content/a.md:3:7`; empty where it has no place.
    pub place: String,
    /// The whole report, as the terminal shows it: excerpt, notes and help.
    pub report: String,
}

/// What changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Update {
    /// Counts up with every update.
    pub revision: u64,
    /// URLs (below the base path, decoded) of files whose bytes changed and that pages name
    /// without a digest: style sheets, scripts, pictures.
    pub files: Vec<String>,
    /// Where `--follow` takes the browser: the page of the article that was just saved.
    pub follow: Option<String>,
}
