//! Bodies that were set while their facts were read.
//!
//! The facts of an article and its body come from the same walk through its text, but the body is
//! wanted later, when the site is known, and all bodies together are too large to be held. So what
//! a text says of its body by itself is put aside (a galley, as printers call it), and filled in
//! where its page is made. A text that needs more of the site than where its links lead has no
//! galley (markdown/galley.rs), and is walked through once more.

use super::{Facts, markdown};
use crate::base::fingerprint::{Fingerprint, Fold};
use crate::sink::scratch::Scratch;
use foldhash::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// How many bytes of galleys are kept at most: those of a million articles.
const ROOM: u64 = 8 << 30;

/// The galleys of a run.
pub struct Galleys {
    kept: Option<Kept>,
}

struct Kept {
    scratch: Box<dyn Scratch>,
    /// How many bytes there may be.
    room: u64,
    /// How many bytes there are.
    taken: AtomicU64,
    /// By path and bytes of the source: where its galley begins, and how long it is.
    places: Mutex<HashMap<Fingerprint, (u64, u32)>>,
}

impl Galleys {
    /// No galleys, and no room for any.
    pub const NONE: Galleys = Galleys { kept: None };

    /// Room for galleys.
    pub fn on(scratch: Box<dyn Scratch>) -> Galleys {
        Galleys {
            kept: Some(Kept {
                room: scratch.room().min(ROOM),
                scratch,
                taken: AtomicU64::new(0),
                places: Mutex::default(),
            }),
        }
    }

    /// Whether there is room.
    pub fn has_room(&self) -> bool {
        let kept = self.kept.as_ref();
        kept.is_some_and(|kept| kept.taken.load(Ordering::Relaxed) < kept.room)
    }

    /// Puts the galley of a source aside. One that can't be kept is made again, as its body.
    pub(super) fn put(&self, facts: &Facts, galley: &str) {
        let Some(kept) = &self.kept else { return };
        let length = galley.len() as u64;
        let before = kept.taken.fetch_add(length, Ordering::Relaxed);
        if before + length > kept.room {
            return;
        }
        if let (Ok(at), Ok(length)) = (kept.scratch.put(galley.as_bytes()), length.try_into()) {
            let mut places = kept.places.lock().unwrap_or_else(PoisonError::into_inner);
            places.insert(key(facts), (at, length));
        }
    }

    /// The body of a source whose links lead to `hrefs`, if it has a galley. It is the one that
    /// [`super::bodies`] makes where raw HTML stays as it is, code has its colours, and texts stay
    /// as written.
    pub fn body(&self, facts: &Facts, hrefs: &[String]) -> Option<String> {
        let kept = self.kept.as_ref()?;
        let (at, length) = {
            let places = kept.places.lock().unwrap_or_else(PoisonError::into_inner);
            *places.get(&key(facts))?
        };
        let galley = kept.scratch.take(at, length as usize).ok()?;
        let text = simdutf8::basic::from_utf8(&galley).ok()?;
        Some(markdown::filled(text, hrefs))
    }
}

fn key(facts: &Facts) -> Fingerprint {
    let mut fold = Fold::new();
    fold.add(facts.path.as_bytes()).add_print(facts.digest);
    fold.finish()
}

#[cfg(test)]
mod tests {
    use super::super::{Around, Picks, bodies, facts_for, of_bytes};
    use super::*;
    use crate::sink::scratch::InMemory;
    use proptest::prelude::*;

    const HEADS: [&str; 7] = [
        "title: 港口扩建\n",
        "title: Harbour\nlang: en\n",
        "title: \"\"\n",
        "kind: flash\n",
        "lang: zh-Hant\n",
        "math: true\n",
        "",
    ];
    const PIECES: [&str; 42] = [
        "港口扩建工程于周五动工，",
        "總投資三億元。",
        "The quay opens on Friday and will be longer.",
        "\n",
        "\n\n",
        "# 港口扩建\n",
        "# \n",
        "## 小标题\n\n",
        "#### Where it stands {#own}\n\n",
        "**重点**在“这里”，",
        "*斜*体",
        "~~删~~",
        "[站内](/keji/a/)",
        "[同页](#own)",
        "[下一篇](../b.md?x=1\"2)",
        "[外](https://a.example/?x=~)",
        "<https://a.example/b>",
        "[信](mailto:a@b.example)",
        "[坏](javascript:alert(1))",
        "[引][r]\n\n[r]: /guoji/r/\n\n",
        "![图](/a.png)",
        "- 一\n- 二\n  - 三\n\n",
        "1. 一\n2. 二\n\n",
        "- [x] 完\n",
        "| 甲 | 乙 |\n|:-:|--:|\n| 1 | [二](/t/) |\n\n",
        "> 引文\n> [在](/q/)内\n\n",
        "> [!NOTE]\n> 注\n\n",
        "> [!video]\n> [片](/v.mp4)\n\n",
        "脚注[^1]\n\n[^1]: 注[链](/f/)\n\n",
        "词\n: 义\n\n",
        "```\n[码](/c/)\n```\n\n",
        "```rust\nfn a() {}\n```\n\n",
        "`码`",
        "<b>粗</b>",
        "\n<div>块</div>\n\n",
        "$港湾 (688001.SH)$",
        "$5 ",
        "AT&T &#36;港湾 (1.SH)&#36;",
        "```python\ndef a(): return \"<b>\"\n```\n\n",
        "\n---\n\n",
        "masthead~link~here",
        "masthead\\~link\\~here",
    ];

    fn check(text: &str) -> bool {
        let galleys = Galleys::on(Box::new(InMemory::default()));
        let path = "content/keji/a.md";
        let digest = of_bytes(text.as_bytes());
        let facts = facts_for(path, text.as_bytes(), digest, Picks::ALL, &galleys);
        let number = |n: usize| format!("/到/{n}/?a=\"b\"&c#d");
        let hrefs: Vec<String> = (0..facts.outline.links.len()).map(number).collect();
        let Some(galley) = galleys.body(&facts, &hrefs) else {
            return false;
        };
        let around = Around {
            hrefs: &hrefs,
            tickers: "/tickers/",
            trusted: true,
            leads: true,
            colours: true,
            ..Around::default()
        };
        let body = bodies(&facts, text.as_bytes(), &[around]).remove(0);
        assert_eq!(galley, body, "{text}");
        true
    }

    #[test]
    fn a_galley_is_of_words_and_links_alone() {
        let has = |body: &str| check(&format!("---\ntitle: 题\n---\n{body}\n"));
        assert!(has(
            "港口[扩建](/a/)，见[下](#x)。\n\n## 表\n\n| 甲 |\n|:-:|\n| 1 |"
        ));
        assert!(has("`码`\n\n```\n无名\n```"));
        assert!(!has("![图](/a.png)"));
        assert!(!has("一<b>二</b>"));
        assert!(has("```rust\nfn a() { 1 << 2 }\n```"));
        assert!(has("五 $ 与 AT&T&#36;"));
        assert!(!has("$港湾 (688001.SH)$"));
        assert!(!has("> [!video]\n> [片](/v.mp4)"));
        assert!(!has("masthead~link~here [a](/b/)"));
        assert!(!has("masthead\\~link\\~here [a](/b/)"));
    }

    /// A disk that can't be written, and how many bytes it said that there are.
    struct Full(u64);

    impl Scratch for Full {
        fn put(&self, _bytes: &[u8]) -> std::io::Result<u64> {
            Err(std::io::ErrorKind::StorageFull.into())
        }

        fn take(&self, _at: u64, _length: usize) -> std::io::Result<Vec<u8>> {
            Err(std::io::ErrorKind::UnexpectedEof.into())
        }

        fn room(&self) -> u64 {
            self.0
        }
    }

    #[test]
    fn a_galley_that_has_no_room_is_none() {
        let text = "---\ntitle: 题\n---\n港口扩建。\n".as_bytes();
        let read = |galleys: &Galleys| {
            facts_for("content/a/x.md", text, of_bytes(text), Picks::ALL, galleys)
        };
        let full = Galleys::on(Box::new(Full(1000)));
        assert!(full.has_room());
        assert_eq!(full.body(&read(&full), &[]), None);
        assert!(!Galleys::on(Box::new(Full(0))).has_room());
        assert!(!Galleys::NONE.has_room());
        let roomy = Galleys::on(Box::new(InMemory::default()));
        let facts = read(&roomy);
        assert_eq!(
            roomy.body(&facts, &[]).as_deref(),
            Some("<p>港口扩建。</p>\n")
        );
        // Another version of the file, or another file of the same bytes, has none.
        let other = |path: &str, digest| {
            let mut facts = facts.clone();
            (facts.path, facts.digest) = (path.to_string(), digest);
            facts
        };
        for facts in [
            other("content/a/x.md", of_bytes(b"else")),
            other("content/a/y.md", facts.digest),
        ] {
            assert_eq!(roomy.body(&facts, &[]), None);
        }
    }

    proptest! {
        #[test]
        fn a_galley_is_the_body(
            head in prop::sample::select(&HEADS[..]),
            pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..14),
        ) {
            check(&format!("---\n{head}---\n{}", pieces.concat()));
        }
    }
}
