//! Bringing the live site up to date with what changed.

use super::{Live, MANY, State, by_path};
use crate::base::diagnostic::Diagnostic;
use crate::build::{self, ENGINE, Settings};
use crate::facts::cache::{self, Known};
use crate::facts::galley::Galleys;
use crate::facts::picture::Format;
use crate::facts::{Facts, Picks, is_source};
use crate::press;
use crate::serve::Update;
use crate::site::{Parts, Site, assemble};
use crate::source::{CONFIG, Listing, is_below};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What became of some paths.
#[derive(Default)]
struct Found {
    /// New or changed files, and those that are gone.
    files: BTreeMap<String, Option<Known>>,
    unreadable: BTreeMap<String, Diagnostic>,
}

impl Found {
    fn any(&self, folder: &str) -> bool {
        let inside = |path: &String| path.starts_with(folder);
        self.files.keys().any(inside)
    }
}

impl Live {
    /// Looks at paths again, and brings the site up to date with what is there now. `None` where
    /// nothing changed.
    pub fn update(&self, paths: &BTreeSet<String>) -> Option<Update> {
        let found = self.find(paths);
        let said_before = self.unreadable_below(paths);
        if found.files.is_empty() && found.unreadable == said_before {
            return None;
        }
        Some(self.apply(paths, found, false))
    }

    /// Brings everything up to date: events may have been lost, or an embargo ended.
    pub fn rescan(&self) -> Update {
        let mut paths: BTreeSet<String> = crate::source::FOLDERS.map(str::to_string).into();
        paths.insert(CONFIG.to_string());
        let found = self.find(&paths);
        self.apply(&paths, found, true)
    }

    fn unreadable_below(&self, paths: &BTreeSet<String>) -> BTreeMap<String, Diagnostic> {
        let state = self.look();
        let below = state.unreadable.iter().filter(|(path, _)| {
            let inside = |above: &String| is_below(path, above);
            paths.iter().any(inside)
        });
        below
            .map(|(path, said)| (path.clone(), said.clone()))
            .collect()
    }

    /// What is there now, where it differs from what is known.
    fn find(&self, paths: &BTreeSet<String>) -> Found {
        let mut found = Found::default();
        let mut entries = Vec::new();
        let mut there = BTreeSet::new();
        for path in paths {
            let listing = self.source.below(path);
            found.unreadable.extend(by_path(listing.diagnostics).0);
            there.extend(listing.entries.iter().map(|entry| entry.path.clone()));
            entries.extend(listing.entries);
        }
        let state = self.look();
        let picks = Picks::of(&state.settings.config);
        for path in paths {
            let known = state.files.range(path.clone()..).map(|(path, _)| path);
            let known = known.take_while(|known| known.starts_with(path.as_str()));
            let gone = known.filter(|known| is_below(known, path) && !there.contains(*known));
            found.files.extend(gone.map(|path| (path.clone(), None)));
        }
        let known: Vec<Option<Known>> = entries
            .iter()
            .map(|entry| state.files.get(&entry.path).cloned())
            .collect();
        drop(state);
        let look = |(entry, known): (&crate::source::Entry, &Option<Known>)| {
            cache::look(&*self.source, entry, known.clone(), picks, &Galleys::NONE)
        };
        let looked: Vec<cache::Looked> = match entries.len() {
            0..8 => entries.iter().zip(&known).map(look).collect(),
            _ => entries.par_iter().zip(&known).map(look).collect(),
        };
        for ((entry, known), look) in entries.into_iter().zip(known).zip(looked) {
            match look {
                Ok((now, _)) => {
                    if !known.is_some_and(|known| known.is_same(&now)) {
                        found.files.insert(entry.path, Some(now));
                    }
                }
                Err(diagnostic) => {
                    if known.is_some() {
                        found.files.insert(entry.path.clone(), None);
                    }
                    found.unreadable.insert(entry.path, *diagnostic);
                }
            }
        }
        found
    }

    /// Brings the site up to date with what was found; `anew` says that it is to be assembled in
    /// any case.
    fn apply(&self, paths: &BTreeSet<String>, found: Found, anew: bool) -> Update {
        let mut update = Update {
            files: self.file_urls(&found),
            ..Update::default()
        };
        let settings = found.any("data/") || found.files.contains_key(CONFIG);
        let theme = found.any("templates/") || found.any("static/");
        let beside = |path: &&String| {
            let is_picture = || Format::of_path(path).is_some();
            path.starts_with("content/") && !is_source(path)
                || path.starts_with("static/") && is_picture()
        };
        let beside = found.files.keys().any(|path| beside(&path));
        let (sources, saved) = self.note(paths, found);
        let picks = || Picks::of(&self.look().settings.config);
        let before = picks();
        if settings && self.read_settings() {
            update.files.push("/accents.css".to_string());
            if picks() != before {
                let content = BTreeSet::from(["content".to_string()]);
                let picked = self.find(&content);
                self.note(&content, picked);
            }
        }
        let statics = theme && self.read_theme();
        match anew || settings || statics || beside || sources.len() > MANY {
            true => self.assemble_anew(),
            false => self.amend(sources),
        }
        let mut state = self.change();
        state.revision += 1;
        update.revision = state.revision;
        let shown = saved.and_then(|path| state.site.page_of(&path));
        update.follow = shown.map(|route| state.site.url(route));
        drop(state);
        let trouble = self.find_trouble();
        self.change().trouble = trouble;
        update
    }

    /// The URLs of changed files that pages name without a digest.
    fn file_urls(&self, found: &Found) -> Vec<String> {
        let url = |path: &String| {
            let inside = match is_source(path) {
                true => None,
                false => path.strip_prefix("content/"),
            };
            let inside = inside.or_else(|| path.strip_prefix("static/"))?;
            Some(format!("/{inside}"))
        };
        found.files.keys().filter_map(url).collect()
    }

    /// Enters what was found in the table of files. Gives the sources among it with what they said
    /// before and say now, and the source that was saved, if it is but one.
    fn note(&self, paths: &BTreeSet<String>, found: Found) -> (Vec<Change>, Option<String>) {
        let mut state = self.change();
        state.noted += 1;
        state
            .unreadable
            .retain(|path, _| !paths.iter().any(|above| is_below(path, above)));
        state.unreadable.extend(found.unreadable);
        let mut sources = Vec::new();
        for (path, now) in found.files {
            let facts = now.as_ref().and_then(|known| known.facts.clone());
            let old = match now {
                Some(known) => state.files.insert(path.clone(), known),
                None => state.files.remove(&path),
            };
            if is_source(&path) {
                let old = old.and_then(|known| known.facts);
                sources.push((path, old, facts));
            }
        }
        let mut saved = sources.iter().filter(|(_, _, now)| now.is_some());
        let saved = match (saved.next(), saved.next()) {
            (Some((path, _, _)), None) => Some(path.clone()),
            _ => None,
        };
        (sources, saved)
    }

    /// Reads configuration and data anew; with errors the old ones stay in use.
    fn read_settings(&self) -> bool {
        let mut listing = self.source.below(CONFIG);
        listing.entries.extend(self.source.below("data").entries);
        listing.entries.sort_by(|a, b| a.path.cmp(&b.path));
        let mut said = Vec::new();
        let base_url = self.wishes.base_url.as_deref();
        let settings = build::settings(&*self.source, &listing, base_url, &mut said);
        let good = !said.iter().any(build::is_about_the_whole);
        let mut state = self.change();
        state.settings_said = said;
        if good {
            state.settings = settings;
        }
        good
    }

    /// Loads the theme anew; with errors the old one stays in use. Says whether there are other
    /// static files now.
    fn read_theme(&self) -> bool {
        let mut listing: Listing = self.source.below("static");
        let templates = self.source.below("templates");
        listing.entries.extend(templates.entries);
        let mut said = Vec::new();
        let loaded = {
            let state = self.look();
            build::theme(&*self.source, &listing, &state.files, &mut said)
        };
        let mut state = self.change();
        match loaded {
            Ok(mut theme) => {
                let state = &mut *state;
                state.common = press::common(&mut state.site, &mut theme, ENGINE);
                state.theme = theme;
                state.theme_said = said;
                state.theme.statics() != state.site.statics
            }
            Err(complaints) => {
                said.extend(complaints);
                state.theme_said = said;
                false
            }
        }
    }

    /// Amends the site by some sources, or has it assembled anew where that can't be done. Nobody
    /// may look in between: a site that is half amended lacks pages.
    fn amend(&self, sources: Vec<Change>) {
        let mut state = self.change();
        self.work[0].fetch_add(sources.len() as u64, Ordering::Relaxed);
        let is_amended = sources.into_iter().all(|(path, old, now)| {
            let amended = state.site.amend(&path, old.as_deref(), now);
            amended.is_ok()
        });
        if !is_amended {
            let site = self.assembled(self.parts(&state));
            let old = state.take(site);
            drop(state);
            drop(old);
        }
    }

    fn assembled(&self, parts: Parts) -> Site {
        self.work[1].fetch_add(1, Ordering::Relaxed);
        assemble(parts)
    }

    fn assemble_anew(&self) {
        let parts = self.parts(&self.look());
        let site = self.assembled(parts);
        let old = self.change().take(site);
        // Taking a large site apart takes time, and nobody should wait for it.
        drop(old);
    }

    fn parts(&self, state: &State) -> Parts {
        let Settings {
            config,
            known,
            data,
            font,
        } = state.settings.clone();
        let facts = state.files.values();
        Parts {
            config,
            known,
            data,
            facts: facts.filter_map(|known| known.facts.clone()).collect(),
            unreadable: state.unreadable.keys().cloned().collect(),
            statics: state.theme.statics(),
            attachments: build::attachments(&state.files),
            pictures: build::pictures(&state.files),
            font,
            now: (self.wishes.now)(),
            drafts: self.wishes.drafts,
        }
    }
}

/// A source, what it said before, and what it says now.
type Change = (String, Option<Arc<Facts>>, Option<Arc<Facts>>);
