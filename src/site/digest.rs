//! What an article says of itself in short: what was written, else what was picked from its text.
//!
//! Which sentences can be picked, its facts know; how many are shown, the form of the article, of
//! its channel or of the site says. A written summary or point is never replaced.

use super::{Article, Site};
use crate::base::diagnostic::{Code, Diagnostic, nearest};
use crate::base::text::extract;
use crate::config::digests;

/// An article in short, as far as it was picked.
#[derive(Debug, Clone, Default)]
pub struct Picked {
    /// A summary, where none is written.
    pub summary: Option<String>,
    /// Points, where none are written.
    pub points: Vec<String>,
}

impl Site {
    /// What is picked of an article's text.
    pub fn picked(&self, article: &Article) -> Picked {
        let (Some(extract), Some(form)) = (&article.facts.extract, self.form(article)) else {
            return Picked::default();
        };
        let meta = &article.facts.meta;
        let length = if meta.is_told() { 0 } else { form.length };
        let points = match meta.highlights.is_empty() {
            true => form.points as usize,
            false => 0,
        };
        let extract::Digest { summary, points } = extract.cut(length, points);
        let lead = |point: String| match form.emoji {
            true => format!("{} {point}", emoji(&point)),
            false => point,
        };
        Picked {
            summary,
            points: points.into_iter().map(lead).collect(),
        }
    }

    /// The form of an article's digest; none where it is to have none.
    fn form(&self, article: &Article) -> Option<digests::Digest> {
        let digests = &self.config.digests;
        let own = article.facts.meta.more.digest.as_deref();
        let own = own.filter(|name| digests.has(name));
        let channel = || {
            let id = self.channels[article.channel as usize].record.id.as_ref()?;
            let channel = self.config.channels.iter().find(|one| one.id == *id)?;
            channel.digest.as_deref()
        };
        digests.form(own.or_else(channel).unwrap_or(&digests.chosen))
    }

    /// Warnings of articles that name a digest which the site doesn't have.
    pub fn unknown_digests(&self) -> Vec<Diagnostic> {
        let digests = &self.config.digests;
        let unknown = |article: &Article| {
            let name = article.facts.meta.more.digest.as_deref()?;
            if digests.has(name) {
                return None;
            }
            let message = format!("there is no digest `{name}`; the channel's is used");
            let diagnostic = Diagnostic::new(Code::UnknownName, message)
                .at_key(&article.facts.path, "highlights");
            Some(
                match nearest(name, digests.forms.keys().map(String::as_str)) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic.help("add it to `digests` in masthead.yaml"),
                },
            )
        };
        self.articles.iter().filter_map(unknown).collect()
    }
}

/// The emoji that leads a picked point: by what it has, figures, someone's words or neither.
fn emoji(point: &str) -> &'static str {
    if point.contains(['“', '「', '"']) {
        "💬"
    } else if point.contains(|c: char| c.is_ascii_digit()) {
        "📊"
    } else {
        "📌"
    }
}
