//! Topics: pages that gather the articles of several tags.

use super::names::Names;
use super::records::TopicRecord;
use super::{Named, Site};
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::slug::slug;

/// A topic and its articles.
#[derive(Debug)]
pub struct Topic {
    /// Name, slug and articles.
    pub named: Named,
    /// What data/topics.yaml says.
    pub record: TopicRecord,
    /// Numbers of its tags.
    pub tags: Vec<u32>,
    /// Title and numbers of the tags of each section.
    pub sections: Vec<(String, Vec<u32>)>,
}

/// Finds the tags of each topic; a tag that no article has is a warning.
pub fn with_tags(
    records: Vec<TopicRecord>,
    tags: (&Names, &[Named]),
    out: &mut Vec<Diagnostic>,
) -> Vec<Topic> {
    let topic = |record: TopicRecord| {
        let mut find = |names: &[String]| -> Vec<u32> {
            let number = |name: &String| {
                let found = tags.0.find(name, tags.1);
                if found.is_none() {
                    out.push(unknown(&record, name));
                }
                found
            };
            names.iter().filter_map(number).collect()
        };
        let own = find(&record.tags);
        let sections = record
            .sections
            .iter()
            .map(|(title, tags)| (title.clone(), find(tags)))
            .collect();
        let named = Named {
            name: record.name.clone(),
            slug: slug(&record.id),
            ..Named::default()
        };
        Topic {
            named,
            tags: own,
            sections,
            record,
        }
    };
    records.into_iter().map(topic).collect()
}

fn unknown(record: &TopicRecord, name: &str) -> Diagnostic {
    let message = format!(
        "the topic `{}` names the tag `{name}`, which no article has",
        record.id
    );
    let diagnostic = Diagnostic::new(Code::UnknownName, message);
    match &record.place {
        Some(place) => diagnostic.at(place.clone()),
        None => diagnostic.in_file(super::records::TOPICS),
    }
    .help("mend its spelling, or leave it out")
}

/// Gives each topic its articles: those of any of its tags, each once.
pub fn enlist(site: &mut Site) {
    for at in 0..site.topics.len() {
        let members = site.articles_of(&site.topics[at].tags);
        site.topics[at].named.members = members;
    }
}

impl Site {
    /// The articles with any of these tags, oldest first.
    pub fn articles_of(&self, tags: &[u32]) -> Vec<u32> {
        let all = tags
            .iter()
            .flat_map(|tag| &self.tags[*tag as usize].members);
        let mut members: Vec<u32> = all.copied().collect();
        members.sort_unstable();
        members.dedup();
        members
    }
}
