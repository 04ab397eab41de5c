//! Template errors, as a site's designer sees them.
//!
//! The engine knows the span and what was available; its own report counts characters, so that
//! its carets stand wrong under Han. Ours are painted like every other diagnostic.

use crate::base::diagnostic::{Code, Diagnostic, Lines, nearest};
use std::collections::BTreeMap;
use tera::{ErrorKind, ReportError};

/// All complaints about templates that don't load.
pub fn load_errors(
    sources: &BTreeMap<String, String>,
    errors: Vec<tera::Error>,
) -> Vec<Diagnostic> {
    errors
        .iter()
        .flat_map(|error| loading(sources, error))
        .collect()
}

/// The engine checks names in one go and hands its finds over as one text of reports.
fn loading(sources: &BTreeMap<String, String>, error: &tera::Error) -> Vec<Diagnostic> {
    let ErrorKind::Msg(text) = error.kind() else {
        return vec![diagnostic(sources, "", error)];
    };
    let reports = text
        .split("\n\n")
        .filter_map(|report| reported(sources, report));
    let found: Vec<Diagnostic> = reports.collect();
    if found.is_empty() {
        vec![diagnostic(sources, "", error)]
    } else {
        found
    }
}

/// One report of the engine: `error: …`, `--> name:line:column`, the line, carets.
fn reported(sources: &BTreeMap<String, String>, report: &str) -> Option<Diagnostic> {
    let message = report.strip_prefix("error: ")?.lines().next()?;
    let locus = report
        .lines()
        .find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let mut parts = locus.rsplitn(3, ':');
    let column = parts.next()?.parse().ok()?;
    let line = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let width = report.lines().last()?.matches('^').count() as u32;
    let path = path(name);
    let lines = Lines::new(&path, sources.get(name).map_or("", String::as_str));
    let diagnostic = Diagnostic::new(Code::Template, lower_first(message.trim_end_matches('.')))
        .at(lines.place(line, column, width, ""));
    let overridden = name.starts_with("theme/") && message.contains("not defined in any parent");
    Some(if overridden {
        diagnostic.help("a template of your own stands in for its parent: give it this block")
    } else {
        diagnostic
    })
}

/// A template error, placed in its template.
pub fn diagnostic(
    sources: &BTreeMap<String, String>,
    template: &str,
    error: &tera::Error,
) -> Diagnostic {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let causes = causes(error);
            causes
                .into_iter()
                .fold(placed(sources, report), Diagnostic::note)
        }
        ErrorKind::TemplateNotFound(name) => {
            Diagnostic::new(Code::Template, format!("there is no template `{name}`"))
                .help(format!("add templates/{name}"))
        }
        kind => {
            let message = lower_first(&kind.to_string());
            let diagnostic = Diagnostic::new(Code::Template, message);
            if template.is_empty() {
                diagnostic
            } else {
                diagnostic.in_file(&path(template))
            }
        }
    }
}

/// What lies behind an error: a filter's or function's own complaint.
fn causes(error: &tera::Error) -> Vec<String> {
    let mut causes = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        causes.push(lower_first(cause.to_string().lines().next().unwrap_or("")));
        source = cause.source();
    }
    causes
}

fn placed(sources: &BTreeMap<String, String>, report: &ReportError) -> Diagnostic {
    let (message, available) = split_available(report.message());
    let path = path(report.filename());
    let text = sources.get(report.filename()).map_or("", String::as_str);
    let lines = Lines::new(&path, text);
    let span = report.span();
    let mut place = lines.place_of(span.range.clone(), "");
    place.line = place.line.max(span.start_line as u32);
    let missing = missing_name(&message);
    let mut diagnostic = Diagnostic::new(Code::Template, lower_first(&message)).at(place);
    if let Some(available) = &available {
        diagnostic = diagnostic.note(format!("available: {}", available.join(", ")));
    }
    match (missing, available) {
        (Some(missing), Some(available)) => {
            match nearest(&missing, available.iter().map(String::as_str)) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic,
            }
        }
        _ => diagnostic,
    }
}

/// The engine's message, and the names that it says are available.
fn split_available(message: &str) -> (String, Option<Vec<String>>) {
    for mark in ["Available fields: ", "Available variables: "] {
        if let Some((head, tail)) = message.split_once(mark) {
            let names = tail
                .trim_end_matches('.')
                .split(", ")
                .map(str::to_string)
                .collect();
            return (head.trim().trim_end_matches('.').to_string(), Some(names));
        }
    }
    (message.trim_end_matches('.').to_string(), None)
}

fn missing_name(message: &str) -> Option<String> {
    let rest = message
        .strip_prefix("Field `")
        .or_else(|| message.strip_prefix("Variable `"))?;
    rest.split_once('`').map(|(name, _)| name.to_string())
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

/// Where a template lies: the site's own under templates/, a built-in one under its engine's name.
fn path(name: &str) -> String {
    match name.split_once('/') {
        Some(("site", rest)) => format!("templates/{rest}"),
        Some(("theme", rest)) => format!("(built-in) templates/{rest}"),
        _ => format!("templates/{name}"),
    }
}
