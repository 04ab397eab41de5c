//! Built-in files that a site takes over to change them.
//!
//! A copy begins with a line that says which file it was made from, and a hash of what that file
//! was. So a build can tell when the built-in file has become another one since; a site's own files
//! without that line are its own business.

use super::{STATIC, TEMPLATES, each_file};
use crate::base::diagnostic::{Code, Diagnostic, Lines, nearest};
use crate::base::fingerprint::of_bytes;
use include_dir::Dir;

/// How the first line of a copy is known.
const MARK: &str = "masthead theme: ";
/// How many digits of a file's hash stand there.
const DIGITS: usize = 12;

/// A file of the built-in theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltIn {
    /// Where a site has its own: `templates/article.html`, `static/site.css`.
    pub path: String,
    /// What it is.
    pub bytes: &'static [u8],
}

/// The folders of a site that the built-in theme has files for.
const FOLDERS: [(&str, &Dir); 2] = [("static", &STATIC), ("templates", &TEMPLATES)];

/// All files of the built-in theme, by path.
pub fn all() -> Vec<BuiltIn> {
    let mut all = Vec::new();
    for (folder, files) in FOLDERS {
        each_file(files, &mut |path, bytes| {
            all.push(BuiltIn {
                path: format!("{folder}/{path}"),
                bytes,
            });
        });
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

/// Whether a path of a site takes the place of a built-in file.
pub fn is_built_in(path: &str) -> bool {
    let is_here = |folder: &str, files: &Dir| {
        let inside = path.strip_prefix(folder).and_then(|p| p.strip_prefix('/'));
        inside.is_some_and(|inside| files.get_file(inside).is_some())
    };
    FOLDERS.iter().any(|(folder, files)| is_here(folder, files))
}

/// The built-in file of a name: its path in a site, or the part of it after the first folder.
///
/// # Errors
/// What to say where there is none.
pub fn find(name: &str) -> Result<BuiltIn, String> {
    let found = FOLDERS.iter().find_map(|(folder, files)| {
        let inside = name.strip_prefix(folder).and_then(|n| n.strip_prefix('/'));
        let inside = inside.unwrap_or(name);
        Some(BuiltIn {
            path: format!("{folder}/{inside}"),
            bytes: files.get_file(inside)?.contents(),
        })
    });
    found.ok_or_else(|| {
        let all = all();
        let names = all.iter().filter_map(|one| one.path.split_once('/'));
        let near = nearest(name, names.map(|(_, name)| name));
        let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        format!("the built-in theme has no file `{name}`{near}")
    })
}

impl BuiltIn {
    /// Its bytes under the line that says what they are a copy of.
    pub fn copy(&self) -> Vec<u8> {
        let said = format!("{MARK}{} {}", self.path, self.digest());
        let line = match self.path.rsplit_once('.').map(|(_, ending)| ending) {
            Some("yaml") => format!("# {said}\n"),
            // A template takes the blanks after such a comment away, and prints nothing for it.
            _ if self.path.starts_with("templates/") => format!("{{#- {said} -#}}\n"),
            Some("svg") => format!("<!-- {said} -->\n"),
            _ => format!("/* {said} */\n"),
        };
        [line.as_bytes(), self.bytes].concat()
    }

    fn digest(&self) -> String {
        let whole = of_bytes(self.bytes).to_string();
        whole.chars().take(DIGITS).collect()
    }
}

/// What is to be said of a site's file that was copied from a built-in one.
pub fn outdated(path: &str, text: &str) -> Option<Diagnostic> {
    let first = text.lines().next()?;
    let at = first.find(MARK)?;
    let mut words = first[at + MARK.len()..].split_whitespace();
    let (name, digest) = (words.next()?, words.next()?);
    let place = Lines::new(path, text).place_of(at..at + MARK.len() - 1, "");
    let say = |message: String, help: String| {
        let diagnostic = Diagnostic::new(Code::OutdatedCopy, message);
        Some(diagnostic.at(place).help(help))
    };
    let Ok(now) = find(name) else {
        return say(
            format!("this was copied from the built-in {name}, which is no more"),
            "take its first line out if you want to keep it".to_string(),
        );
    };
    if now.digest() == digest {
        return None;
    }
    say(
        format!("this was copied from the built-in {name}, which is another one now"),
        format!(
            "compare it with what `masthead theme show {name}` prints, and take over its first line"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_file_is_found_and_its_copy_is_up_to_date() {
        let all = all();
        assert!(all.len() > 30);
        for one in all {
            assert_eq!(find(&one.path), Ok(one.clone()));
            assert!(is_built_in(&one.path) && !is_built_in(&format!("{}x", one.path)));
            let copy = String::from_utf8(one.copy()).expect("the theme is text");
            assert!(copy.lines().next().is_some_and(|line| line.contains(MARK)));
            assert_eq!(outdated(&one.path, &copy), None, "{}", one.path);
            let old = copy.replacen(&one.digest(), "000000000000", 1);
            assert!(outdated(&one.path, &old).is_some(), "{}", one.path);
        }
    }

    #[test]
    fn names_are_short_or_whole_and_mistakes_are_near_some() {
        assert_eq!(
            find("article.html").map(|one| one.path),
            find("templates/article.html").map(|one| one.path)
        );
        let said = find("artikle.html").expect_err("there is none");
        assert_eq!(
            said,
            "the built-in theme has no file `artikle.html`; did you mean `article.html`?"
        );
    }
}
