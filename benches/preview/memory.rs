//! Whether the server grows with the edits that it has seen.

use crate::browser;
use crate::edits::{Chance, Edit, KINDS, Kind};
use crate::portal::Portal;
use crate::report::{Report, Row};
use crate::server::Server;

/// When memory is looked at first.
const FIRST: usize = 100;

/// Edits in quick succession, each as soon as the one before is seen. The portal stays of one
/// size: a new article is deleted at once, and so are new titles and tags.
pub fn measure(portal: &Portal, edits: usize, report: &mut Report) {
    let server = Server::start(portal);
    browser::get(server.address, "/");
    let mut chance = Chance(11);
    for count in 0..=edits {
        if [FIRST, 1_000, edits].contains(&count)
            && let Some(weight) = server.weight()
        {
            report.add(Row::new(portal, "memory", format!("after {count} edits")).weighs(weight));
        }
        let kind = KINDS[chance.below(KINDS.len())];
        let edit = Edit::new(&portal.spec, kind, count, &mut chance);
        edit.carry_out(portal.root(), &server);
        if matches!(kind, Kind::New | Kind::Title | Kind::Tags) {
            edit.take_back(portal.root(), &server);
        }
    }
}
