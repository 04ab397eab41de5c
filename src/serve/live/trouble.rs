//! What is wrong with the live site.

use super::{Live, held};
use crate::base::diagnostic::{Diagnostic, Severity, paint};
use crate::build;
use crate::press::cards;
use crate::serve::Trouble;

impl Live {
    /// Everything that is wrong, in the order of a report.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut all = self.said();
        build::in_order(&mut all, &*self.source);
        all
    }

    /// Puts a report in order, with excerpts of what is there now.
    pub fn in_order(&self, diagnostics: &mut Vec<Diagnostic>) {
        build::in_order(diagnostics, &*self.source);
    }

    /// Everything that is wrong, in no order and without excerpts.
    pub fn said(&self) -> Vec<Diagnostic> {
        let state = self.look();
        let mut all: Vec<Diagnostic> = state.unreadable.values().cloned().collect();
        all.extend(state.settings_said.iter().chain(&state.theme_said).cloned());
        all.extend(state.site.diagnostics());
        all.extend(state.press(0).unknown_templates());
        all.extend(cards::lacking(&state.site));
        all.extend(state.press(0).unknown_variables());
        drop(state);
        all.extend(held(&self.swept).said.values().flatten().cloned());
        all.extend(self.still_failed());
        all
    }

    /// What keeps pages from being made as they are now.
    pub(super) fn still_failed(&self) -> Vec<Diagnostic> {
        let mut failed = held(&self.failed);
        let state = self.look();
        failed.retain(|url, (print, _)| {
            let found = state.site.find(url);
            found.is_some_and(|(edition, route)| state.press(edition).print(route) == *print)
        });
        let mut said: Vec<Diagnostic> = Vec::new();
        for (_, diagnostic) in failed.values() {
            let same = |other: &Diagnostic| {
                (&other.message, &other.place) == (&diagnostic.message, &diagnostic.place)
            };
            // One template's mistake breaks many pages.
            if !said.iter().any(same) {
                said.push(diagnostic.clone());
            }
        }
        said
    }

    pub(super) fn find_trouble(&self) -> Vec<Trouble> {
        let state = self.look();
        let said = state.unreadable.values().chain(&state.settings_said);
        let said = said.chain(&state.theme_said);
        let is_error = |said: &&Diagnostic| said.severity == Severity::Error;
        let mut all: Vec<Diagnostic> = said.filter(is_error).cloned().collect();
        all.extend(state.site.errors().cloned());
        drop(state);
        build::in_order(&mut all, &*self.source);
        all.iter().map(trouble).collect()
    }
}

pub(super) fn trouble(diagnostic: &Diagnostic) -> Trouble {
    let place = diagnostic.place.as_ref().map(|place| match place.line {
        0 => place.file.clone(),
        line => format!("{}:{line}:{}", place.file, place.column),
    });
    Trouble {
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        message: diagnostic.message.clone(),
        place: place.unwrap_or_default(),
        report: paint(diagnostic, false),
    }
}
