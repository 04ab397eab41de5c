//! Symbolic links inside a site: by which other names a changed file is known.

use std::collections::{BTreeMap, BTreeSet};

/// More names than this has no file, unless links lead in circles.
const MOST: usize = 64;

/// Links by their paths and by what they lead to, all from the site's root.
#[derive(Default)]
pub(super) struct Links {
    by_link: BTreeMap<String, String>,
    by_target: BTreeSet<(String, String)>,
}

impl Links {
    /// Whether it is a new one.
    pub(super) fn insert(&mut self, link: &str, target: &str) -> bool {
        let known = self.by_link.get(link).is_some_and(|old| old == target);
        if !known {
            self.forget(link);
            self.by_link.insert(link.to_string(), target.to_string());
            self.by_target
                .insert((target.to_string(), link.to_string()));
        }
        !known
    }

    /// Forgets the link at a path, and those below.
    pub(super) fn forget(&mut self, path: &str) {
        let by_target = &mut self.by_target;
        self.by_link.retain(|link, target| {
            let gone = below(link, path).is_some();
            if gone {
                by_target.remove(&(target.clone(), link.clone()));
            }
            !gone
        });
    }

    /// A path, and all that it is called by way of links.
    pub(super) fn names(&self, path: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::from([path.to_string()]);
        let mut next = vec![path.to_string()];
        while let Some(path) = next.pop() {
            for name in self.through(&path) {
                if names.len() < MOST && names.insert(name.clone()) {
                    next.push(name);
                }
            }
        }
        names
    }

    /// What a path is called by way of one link. Of a folder that links lead into, those links
    /// are as good as changed.
    fn through(&self, path: &str) -> Vec<String> {
        let ends = path.match_indices('/').map(|(at, _)| at);
        let mut names = Vec::new();
        for at in ends.chain([path.len()]) {
            let (target, rest) = path.split_at(at);
            let links = self.leading_to(target, |other| other == target);
            let straight = links.filter(|link| below(link, target).is_none());
            names.extend(straight.map(|link| format!("{link}{rest}")));
        }
        let inside = format!("{path}/");
        let links = self.leading_to(&inside, |other| other.starts_with(&inside));
        names.extend(links.map(str::to_string));
        names
    }

    fn leading_to<'a>(
        &'a self,
        from: &str,
        fits: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = &'a str> {
        let found = self.by_target.range((from.to_string(), String::new())..);
        let found = found.take_while(move |(target, _)| fits(target));
        found.map(|(_, link)| link.as_str())
    }
}

/// What follows a folder's path in one that is below it, or is it itself.
fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(folder)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(links: &[(&str, &str)], path: &str, expect: &[&str]) {
        let mut all = Links::default();
        for (link, target) in links {
            all.insert(link, target);
        }
        let names: Vec<String> = all.names(path).into_iter().collect();
        assert_eq!(names, expect, "{path}");
        links.iter().for_each(|(link, _)| all.forget(link));
        assert_eq!(all.names(path).len(), 1);
    }

    #[test]
    fn a_file_is_known_by_all_links_that_lead_to_it() {
        let links = [
            ("content/a.md", "data/a.md"),
            ("content/b", "data"),
            ("static/c", "content/b/x"),
        ];
        check(
            &links,
            "data/a.md",
            &["content/a.md", "content/b/a.md", "data/a.md"],
        );
        check(
            &links,
            "data/x/y",
            &["content/b/x/y", "data/x/y", "static/c/y"],
        );
        check(
            &links,
            "data",
            &["content/a.md", "content/b", "data", "static/c"],
        );
        check(&links, "data2/a.md", &["data2/a.md"]);
    }

    #[test]
    fn circles_come_to_an_end() {
        check(
            &[("content/a/up", "content")],
            "content/a/x",
            &["content/a/x"],
        );
        let mut links = Links::default();
        links.insert("content/a/b", "content/b");
        links.insert("content/b/a", "content/a");
        assert!(links.names("content/a/x").len() <= MOST);
    }
}
