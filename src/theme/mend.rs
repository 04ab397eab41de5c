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
    let text = match error.kind() {
        ErrorKind::Msg(text) => text,
        ErrorKind::MissingParent { current, parent } => {
            return vec![missing_parent(sources, current, parent)];
        }
        _ => return vec![diagnostic(sources, "", error)],
    };
    let reports = text
        .split("\n\n")
        .filter_map(|report| reported(sources, report));
    let mut found: Vec<Diagnostic> = reports.collect();
    // A block that is nowhere is one mistake, however many built-in templates fill it.
    let mut said = Vec::new();
    found.retain(|diagnostic| {
        let built_in = diagnostic.help.is_some() && diagnostic.message.contains(NO_PLACE);
        let again = built_in && said.contains(&diagnostic.message);
        if built_in && !again {
            said.push(diagnostic.message.clone());
        }
        !again
    });
    if found.is_empty() {
        vec![diagnostic(sources, "", error)]
    } else {
        found
    }
}

/// The blocks of built-in templates, by the template's name, that no parent of theirs has.
pub fn blocks_without_place(errors: &[tera::Error]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for error in errors {
        let ErrorKind::Msg(text) = error.kind() else {
            continue;
        };
        for report in text
            .split("\n\n")
            .filter(|report| report.contains(NO_PLACE))
        {
            let name = locus(report).map(|(name, _, _)| name);
            let block = report.split('`').nth(1);
            if let Some((name, block)) = name.zip(block)
                && name.starts_with("theme/")
            {
                found.push((name.to_string(), block.to_string()));
            }
        }
    }
    found
}

/// The same without the engine, as far as a block's name stands nowhere in the site's templates
/// that are parents of a built-in one. In their order.
pub fn blocks_nowhere(sources: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, text) in sources.range("theme/".to_string()..) {
        let Some(parents) = parents(sources, text) else {
            continue;
        };
        // A block inside another may be new.
        let mut depth = 0u32;
        for tag in tags(text) {
            if tag.starts_with("endblock") {
                depth = depth.saturating_sub(1);
            }
            let Some(block) = tag.strip_prefix("block ") else {
                continue;
            };
            let block = block.split_ascii_whitespace().next().unwrap_or_default();
            if depth == 0 && !parents.iter().any(|parent| may_have(parent, block)) {
                found.push((name.clone(), block.to_string()));
            }
            depth += 1;
        }
    }
    found
}

/// The texts of the parents of a built-in template, where the last of them is the site's own and
/// has no parent itself.
fn parents<'s>(sources: &'s BTreeMap<String, String>, text: &str) -> Option<Vec<&'s str>> {
    let mut parents: Vec<&str> = Vec::new();
    let mut parent = parent_of(text)?;
    loop {
        let names = [""].iter().chain(&super::PREFIXES);
        let mut found =
            names.filter_map(|prefix| sources.get_key_value(&format!("{prefix}{parent}")));
        let (name, text) = found.next()?;
        parents.push(text);
        if name.starts_with("site/") {
            return (!text.contains("extends")).then_some(parents);
        }
        parent = parent_of(text).filter(|_| parents.len() < MOST_PARENTS)?;
    }
}

/// More parents than a built-in template has.
const MOST_PARENTS: usize = 8;

fn parent_of(text: &str) -> Option<&str> {
    let named = tags(text).find_map(|tag| tag.strip_prefix("extends "))?;
    named.split(['"', '\'']).nth(1)
}

/// Whether a template may have a block.
fn may_have(text: &str, block: &str) -> bool {
    tags(text).any(|tag| tag.starts_with("block") && tag.contains(block))
}

/// The tags of a template, without what opens and closes them.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    let tags = text.split("{%").skip(1);
    let tags = tags.map(|tag| tag.split("%}").next().unwrap_or(tag));
    tags.map(|tag| tag.trim_start_matches('-').trim_start())
}

/// What the engine says of a block that no parent of a template has.
const NO_PLACE: &str = "not defined in any parent";

/// Blanks a block of a built-in template, so that all else keeps its place. Says whether there was
/// one.
pub fn leave_out(text: &mut String, block: &str) -> bool {
    let tag = |word: &str, from: usize| {
        let at = from + text[from..].find(&format!("{word} {block} "))?;
        let start = text[..at].rfind("{%")?;
        let end = at + text[at..].find("%}")? + 2;
        Some((start, end))
    };
    let range = tag("block", 0).and_then(|(start, after)| Some(start..tag("endblock", after)?.1));
    let Some(range) = range else {
        return false;
    };
    let blank: String = text[range.clone()]
        .chars()
        .map(|c| if c == '\n' { c } else { ' ' })
        .collect();
    text.replace_range(range, &blank);
    true
}

/// Where a report of the engine says that something is: the template's name, line and column.
fn locus(report: &str) -> Option<(&str, u32, u32)> {
    let locus = report
        .lines()
        .find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let mut parts = locus.rsplitn(3, ':');
    let column = parts.next()?.parse().ok()?;
    let line = parts.next()?.parse().ok()?;
    Some((parts.next()?, line, column))
}

/// One report of the engine: `error: …`, `--> name:line:column`, the line, carets.
fn reported(sources: &BTreeMap<String, String>, report: &str) -> Option<Diagnostic> {
    let message = report.strip_prefix("error: ")?.lines().next()?;
    let (name, line, column) = locus(report)?;
    let width = report.lines().last()?.matches('^').count() as u32;
    let path = path(name);
    let lines = Lines::new(&path, sources.get(name).map_or("", String::as_str));
    let diagnostic = Diagnostic::new(Code::Template, lower_first(message.trim_end_matches('.')))
        .at(lines.place(line, column, width, ""));
    let overridden = name.starts_with("theme/") && message.contains(NO_PLACE);
    let unknown = message.strip_prefix("Unknown template `");
    Some(match unknown.and_then(|rest| rest.split_once('`')) {
        Some((name, _)) => diagnostic.help(near_template(sources, name)),
        None if overridden => {
            diagnostic.help("a template of your own stands in for its parent: give it this block")
        }
        None => diagnostic,
    })
}

/// The engine says which template extends one that there isn't, but not where.
fn missing_parent(sources: &BTreeMap<String, String>, name: &str, parent: &str) -> Diagnostic {
    let (path, text) = (path(name), sources.get(name).map_or("", String::as_str));
    let diagnostic = Diagnostic::new(Code::Template, format!("unknown template `{parent}`"))
        .help(near_template(sources, parent));
    match text.find(parent) {
        Some(at) => {
            let lines = Lines::new(&path, text);
            diagnostic.at(lines.place_of(at..at + parent.len(), ""))
        }
        None => diagnostic.in_file(&path),
    }
}

fn near_template(sources: &BTreeMap<String, String>, name: &str) -> String {
    let (prefix, bare) = match name.strip_prefix("theme/") {
        Some(bare) => ("theme/", bare),
        None => ("", name),
    };
    let names = sources.keys().filter_map(|name| name.split_once('/'));
    // After `theme/` stand built-in ones alone.
    let names = names.filter(|(place, _)| prefix.is_empty() || *place == "theme");
    match nearest(bare, names.map(|(_, bare)| bare)) {
        Some(near) => format!("did you mean `{prefix}{near}`?"),
        None if !prefix.is_empty() => {
            "`masthead theme list` names the built-in ones; your own have no `theme/`".to_string()
        }
        None => format!("add templates/{bare}"),
    }
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
    let place = lines.place_of(span.range.clone(), "");
    let missing = missing_name(&message);
    let mut diagnostic = Diagnostic::new(Code::Template, lower_first(&message)).at(place);
    if let Some(available) = &available {
        diagnostic = diagnostic.note(format!("available: {}", available.join(", ")));
    }
    if message == "Unexpected end of input" {
        return diagnostic
            .help("close what is open: `{% endif %}`, `{% endfor %}`, `{% endblock %}`");
    }
    let near = missing.as_ref().zip(available.as_ref());
    let near = near.and_then(|(missing, all)| nearest(missing, all.iter().map(String::as_str)));
    match near {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::{TEMPLATES, built_in, engine};

    /// What is told without the engine is what the engine says.
    fn check(own: &[(&str, &str)], expect: bool) {
        let mut sources = built_in(&TEMPLATES, "theme/");
        sources.retain(|name, _| !name.ends_with(".yaml"));
        let own = own
            .iter()
            .map(|(name, text)| (name.to_string(), text.to_string()));
        sources.extend(own);
        let told = blocks_nowhere(&sources);
        let said = match engine(&sources) {
            Ok(_) => Vec::new(),
            Err(errors) => blocks_without_place(&errors),
        };
        assert_eq!(!told.is_empty(), expect, "{told:?}");
        assert!(
            told.iter().all(|one| said.contains(one)),
            "{told:?} {said:?}"
        );
    }

    #[test]
    fn blocks_are_nowhere_as_the_engine_says() {
        let main = "{% block main %}{% endblock main %}";
        let all = "{% block main %}{% block title %}{% endblock title %}{% endblock main %}";
        check(&[], false);
        check(&[("site/base.html", main)], true);
        check(&[("site/base.html", all)], true);
        check(&[("site/list.html", all)], true);
        let inside = "{% extends \"theme/base.html\" %}";
        check(&[("site/base.html", inside)], false);
        let wide = "{% extends \"article.html\" %}{% block layout %}wide{% endblock layout %}";
        check(
            &[("site/base.html", inside), ("site/article/wide.html", wide)],
            false,
        );
    }
}
