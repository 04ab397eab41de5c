//! `masthead theme`: lists, shows and copies files of the built-in theme.

use super::command::Usage;
use super::{DONE, ERRORS, ThemeWish};
use crate::sink::fresh;
use crate::theme::eject::{BuiltIn, all, find};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// `masthead theme list`, `show NAME`, `eject NAME...`
pub fn theme(wish: &ThemeWish) -> Result<u8, Usage> {
    match wish {
        ThemeWish::List { root } => {
            for one in all() {
                let own = root.join(&one.path).exists();
                let mark = if own { " (the site has its own)" } else { "" };
                anstream::println!("{}{mark}", one.path);
            }
            Ok(DONE)
        }
        ThemeWish::Show { name } => {
            // A reader that has seen enough is no error.
            let _ = std::io::stdout().write_all(&find(name)?.copy());
            Ok(DONE)
        }
        ThemeWish::Eject { names, root } => eject(names, root),
    }
}

/// Copies files; all of them or, where one has no such name, none.
fn eject(names: &[String], root: &Path) -> Result<u8, Usage> {
    let found: Vec<BuiltIn> = names
        .iter()
        .map(|name| find(name))
        .collect::<Result<_, _>>()?;
    let mut status = DONE;
    for one in found {
        match fresh::create(&root.join(&one.path), &one.copy()) {
            Ok(()) => anstream::eprintln!("{}: yours to change now", one.path),
            Err(error) => {
                status = ERRORS;
                let why = match error.kind() {
                    ErrorKind::AlreadyExists => "the site has its own already".to_string(),
                    _ => error.to_string(),
                };
                anstream::eprintln!("error: {}: {why}", one.path);
            }
        }
    }
    Ok(status)
}
