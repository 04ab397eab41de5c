//! `omit`: the pages that a portal does without.

use super::{Config, complain};
use crate::base::yaml::{Complaints, Mapping};

/// Pages that masthead makes by itself, and that a portal may do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// The archive: its years, months and days, and the page of all years.
    Archive,
    /// The days of the archive.
    Days,
    /// The pages of people, and the index of them.
    People,
    /// The pages of sources, their feeds, and the index of them.
    Sources,
}

impl Pages {
    const ALL: [Pages; 4] = [Pages::Archive, Pages::Days, Pages::People, Pages::Sources];

    /// What masthead.yaml calls them.
    pub fn name(self) -> &'static str {
        match self {
            Pages::Archive => "archive",
            Pages::Days => "days",
            Pages::People => "people",
            Pages::Sources => "sources",
        }
    }
}

impl Config {
    /// Whether the portal does without these pages. Without the archive there are no days either.
    pub fn omits(&self, pages: Pages) -> bool {
        let has = |pages: Pages| self.omit.contains(&pages);
        has(pages) || pages == Pages::Days && has(Pages::Archive)
    }
}

/// Reads `omit`. A word that means nothing leaves the others as they are.
pub fn omit(keys: &mut Mapping, out: &mut Complaints) -> Vec<Pages> {
    let given = keys.texts("omit", out);
    let known = |name: &String| Pages::ALL.into_iter().find(|pages| pages.name() == name);
    if let Some(unknown) = given.iter().find(|name| known(name).is_none()) {
        let message = format!("there are no pages `{unknown}` to omit");
        let help = "pages are `archive`, `days`, `people` and `sources`";
        out.push(complain(keys, "omit", message, help));
    }
    given.iter().filter_map(known).collect()
}

#[cfg(test)]
mod tests {
    use super::Pages;
    use crate::base::diagnostic::Lines;
    use crate::config::read;

    #[test]
    fn pages_are_omitted_by_name() {
        let check = |yaml: &str, expect: &[Pages], complaints: usize| {
            let mut said = Vec::new();
            let config = read(&Lines::new("masthead.yaml", yaml), &mut said);
            let omitted = Pages::ALL.into_iter().filter(|pages| config.omits(*pages));
            assert_eq!(omitted.collect::<Vec<_>>(), expect, "{yaml}");
            assert_eq!(said.len(), complaints, "{yaml}: {said:?}");
        };
        check("title: 港\n", &[], 0);
        check("omit: []\n", &[], 0);
        check("omit: [days]\n", &[Pages::Days], 0);
        check("omit: [archive]\n", &[Pages::Archive, Pages::Days], 0);
        check(
            "omit: [sources, people, people]\n",
            &[Pages::People, Pages::Sources],
            0,
        );
        check("omit: [tags, people]\n", &[Pages::People], 1);
        check("omit: days\n", &[], 1);
    }
}
