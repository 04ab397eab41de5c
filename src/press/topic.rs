//! The page of a topic.

use super::group::{enough, folded, plain};
use super::list::{description, extras, hub_pager, list_head, newest_first};
use super::view::{Fact, MilestoneView, Section, Text, TopicView};
use super::{Words, address, beijing_of};
use crate::site::card::CardImage;
use crate::site::{InEdition, List, Route};

/// Articles of a section.
const OF_SECTION: usize = 5;
/// The newest articles of a section among which copies are looked for.
const AMONG: usize = 50;

/// The hub of a topic; its leaves are those of any list.
pub fn topic<'a>(site: InEdition<'a>, words: &Words, n: u32) -> TopicView<'a> {
    let list = List::Topic(n);
    let topic = &site.site.topics[n as usize];
    let record = &topic.record;
    let mut page = list_head(site, words, list, Route::Hub(list));
    page.description = description(site, list);
    let src = |src: &str| match src.starts_with('/') {
        true => site.href_of(src),
        false => src.to_string(),
    };
    let image = record
        .image
        .as_ref()
        .map(|(path, alt)| CardImage::new(site.site, src(path), site.own(alt)));
    page.image = image.as_ref().map(|image| address(site, &image.src));
    page.image_alt = image.as_ref().map(|image| image.alt.clone());
    page.image_alt = page.image_alt.filter(|alt| !alt.is_empty());
    page.beijing = beijing_of(site, site.members(list).last());
    let name = site.list_name(list);
    TopicView {
        page,
        name: Text {
            lang: site.language_of(&name),
            text: name,
        },
        description: description(site, list),
        image,
        facts: record
            .facts
            .iter()
            .map(|(label, text)| Fact {
                label: site.own(label),
                text: site.own(text),
            })
            .collect(),
        milestones: record
            .milestones
            .iter()
            .map(|one| milestone(site, one, src))
            .collect(),
        sections: topic
            .sections
            .iter()
            .filter_map(|section| self::section(site, n, section))
            .collect(),
        hub: extras(site, list),
        groups: plain(site, &newest_first(site, list)),
        pager: hub_pager(site, list),
    }
}

fn milestone(
    site: InEdition,
    milestone: &crate::site::records::Milestone,
    src: impl Fn(&str) -> String,
) -> MilestoneView {
    let at = milestone.date.moment(&site.config.zone);
    MilestoneView {
        date: at.map(|at| site.shown_time(at, Some(milestone.date))),
        text: site.own(&milestone.text),
        url: milestone.url.as_deref().map(src),
    }
}

/// The topic's articles that have any of a section's tags.
fn section<'a>(
    site: InEdition<'a>,
    n: u32,
    (title, tags): &(String, Vec<u32>),
) -> Option<Section<'a>> {
    let own = site.topics[n as usize].named.members.iter().rev();
    let has = |n: &&u32| {
        site.articles[**n as usize]
            .tags
            .iter()
            .any(|tag| tags.contains(tag))
    };
    let own: Vec<u32> = own.filter(has).take(AMONG).copied().collect();
    let cards = folded(site, &enough(site, &own, OF_SECTION));
    (!cards.is_empty()).then(|| Section {
        title: site.own(title),
        cards,
    })
}
