//! The body of a source as Markdown, for readers that are programs: as it is written, with whole
//! addresses in its links into the site.

use super::dump;
use super::{Facts, Link, decode, front_matter};

/// The Markdown of a source's body. `addresses` are where its links into the site lead, in their
/// order; a link that is not found where the outline saw it keeps what was written. Paragraphs of
/// a dump that are promotion are left out, by their numbers.
pub fn source_text(facts: &Facts, bytes: &[u8], addresses: &[String], left_out: &[u32]) -> String {
    let Ok(decoded) = decode(&facts.path, bytes) else {
        return String::new();
    };
    let text = decoded.text.as_ref();
    if facts.path.ends_with(".txt") {
        let dump = dump::parse(text);
        let shown = dump.body.iter().enumerate();
        let shown = shown.filter(|(at, _)| !left_out.contains(&(*at as u32)));
        let paragraphs: Vec<&str> = shown.map(|(_, block)| block.text.as_str()).collect();
        return paragraphs.join("\n\n");
    }
    let mut written = front_matter::body_start(text);
    // The title stands above the body.
    let heading = format!("# {}\n", facts.title);
    let body = text[written..].trim_start_matches(['\r', '\n']);
    if body.starts_with(&heading) {
        written = text.len() - body.len() + heading.len();
    }
    let starts = text.match_indices('\n').map(|(at, _)| at + 1);
    let starts: Vec<usize> = std::iter::once(0).chain(starts).collect();
    let mut out = String::with_capacity(text.len() + addresses.len() * 32);
    for (link, address) in facts.outline.links.iter().zip(addresses) {
        let at = place(text, &starts, &link).filter(|at| *at >= written);
        let Some(at) = at else { continue };
        out.push_str(&text[written..at]);
        out.push_str(address);
        written = at + link.target.len();
    }
    out.push_str(&text[written..]);
    out.trim().to_string()
}

/// Where the target of a link is written.
fn place(text: &str, starts: &[usize], link: &Link) -> Option<usize> {
    let line = *starts.get((link.spot.line as usize).checked_sub(1)?)?;
    let column = (link.spot.column as usize).checked_sub(1)?;
    let (at, _) = text[line..].char_indices().nth(column)?;
    let at = line + at;
    text[at..].starts_with(link.target).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_get_whole_addresses() {
        let check = |path: &str, text: &str, addresses: &[&str], expect: &str| {
            let facts = crate::facts::facts(path, text.as_bytes());
            let addresses: Vec<String> = addresses.iter().map(|one| one.to_string()).collect();
            let made = source_text(&facts, text.as_bytes(), &addresses, &[1]);
            assert_eq!(made, expect, "{text}");
        };
        check(
            "content/a/x.md",
            "---\ntitle: 题\n---\n\n# 题\n\n海 **[港](b.md)**，![图](a b.png)![图](<c d.png> \"t\")\n\n[e]: b.md\n[x][e] `[y](b.md)`\n",
            &[
                "https://e.org/b/",
                "https://e.org/c.png",
                "https://e.org/b/",
            ],
            "海 **[港](https://e.org/b/)**，![图](a b.png)![图](<https://e.org/c.png> \"t\")\n\n[e]: b.md\n[x][e] `[y](b.md)`",
        );
        let dump = "题目在这里\n\n第一段说的是海港里的船，和船上的人。\n\n第二段说的是别的事情，没有什么好看。\n\n第三段又说回到海港里来。\n";
        let facts = crate::facts::facts("content/a/x.txt", dump.as_bytes());
        let made = source_text(&facts, dump.as_bytes(), &[], &[1]);
        assert!(
            made.contains("第一段") && !made.contains("第二段"),
            "{made}"
        );
        assert!(made.contains("。\n\n第三段"), "{made}");
    }
}
