//! Which paths can be sources, and which names are an editor's and not a writer's.

use super::{CONFIG, FOLDERS};
use std::path::{Component, Path};

/// Hidden files and backups; but `static/` may hold what hosts ask for, such as `.well-known/`.
pub(super) fn is_hidden(name: &str, folder: &str) -> bool {
    let litter = name == ".DS_Store" || name.starts_with("._") || name.starts_with(".git");
    let hidden = name.starts_with('.') && (folder != "static" || litter);
    hidden || is_temporary(name)
}

/// Whether a path, from the site's root with `/`, is one that a listing could show, or a folder
/// of such.
pub(super) fn is_source(path: &str) -> bool {
    let mut parts = path.split('/');
    let Some(folder) = parts.next() else {
        return false;
    };
    if folder == CONFIG {
        return path == CONFIG;
    }
    FOLDERS.contains(&folder) && is_plain(path) && !parts.any(|name| is_hidden(name, folder))
}

/// Neither absolute, nor with `.`, `..` or empty parts.
fn is_plain(path: &str) -> bool {
    let normal = |part| matches!(part, Component::Normal(_));
    let parts = Path::new(path).components();
    parts.clone().all(normal) && parts.count() == path.split('/').count()
}

/// Whether a file of this name is what an editor writes on the way to saving another: swap, lock
/// and probe files, and what is renamed to the real name at last.
pub(super) fn is_noise(name: &str) -> bool {
    // These are gone within milliseconds, and could be a writer's: they are no news, but shown.
    is_temporary(name) || name == "4913" || is_sed(name)
}

/// Whether the name says that an editor made it for himself. Some stay, after a crash.
fn is_temporary(name: &str) -> bool {
    let emacs = name.starts_with(".#") || (name.starts_with('#') && name.ends_with('#'));
    let jetbrains = name.ends_with("___jb_tmp___") || name.ends_with("___jb_old___");
    let others = name.starts_with(".goutputstream-") || name.ends_with(".tmp");
    is_swap(name) || emacs || jetbrains || others || name.ends_with('~')
}

/// `.bridge.md.swp`, and the names that vim takes where that one is taken.
fn is_swap(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    name.starts_with('.') && ending.len() == 3 && ending.starts_with("sw")
}

/// `sedAbC123`, into which `sed -i` writes.
fn is_sed(name: &str) -> bool {
    let rest = name.strip_prefix("sed").unwrap_or_default();
    rest.len() == 6 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str], test: fn(&str) -> bool, expect: bool) {
        for name in names {
            assert_eq!(test(name), expect, "{name}");
        }
    }

    #[test]
    fn sources_are_in_the_folders_of_a_site() {
        let sources = [
            "masthead.yaml",
            "content",
            "content/a.md",
            "data/国际 新闻/x",
            "static/.well-known/x",
        ];
        check(&sources, is_source, true);
        let others = [
            "",
            "/content",
            "content/",
            "content//a",
            "content/./a",
            "content/../a",
            "public/a",
            "contents/a",
            "masthead.yaml/a",
            "content/.a",
            "content/.a/b",
            "content/a~",
            "content/#a.md#",
            "static/.git/a",
            "static/.a.css.swx",
            "static/a.css.tmp",
        ];
        check(&others, is_source, false);
    }

    #[test]
    fn noise_is_what_editors_leave() {
        let noise = [
            ".a.md.swp",
            ".a.md.swx",
            ".a.md.swo",
            "4913",
            "a.md~",
            ".#a.md",
            "#a.md#",
            ".goutputstream-X1Y2Z3",
            "a.md___jb_tmp___",
            "a.md___jb_old___",
            "a.md.tmp",
            "sedAbC123",
        ];
        check(&noise, is_noise, true);
        let real = [
            "a.md",
            "49130",
            ".well-known",
            "#a.md",
            "sediment",
            ".htaccess",
            "海.swp",
        ];
        check(&real, is_noise, false);
    }
}
