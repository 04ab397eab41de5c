//! What `check --scripts` tells: the characters of Simplified articles whose Traditional form can
//! only be guessed, each with its place.
//!
//! Reads the sources anew, whatever the caches hold, and walks what readers see of them: the lines
//! of front matter that are prose, and the text of Markdown without its code and addresses. A
//! block is looked at as one text, as it is when it is converted.

use crate::base::text::convert::Converter;
use crate::base::text::encoding::decode;
use crate::base::text::script::language;
use crate::facts::front_matter::body_start;
use crate::facts::{is_read, is_source};
use crate::source::Source;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use rayon::prelude::*;
use serde::Serialize;

/// A character that an editor may want to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unsure {
    /// The source, from the site's root.
    pub file: String,
    /// Its line, from 1.
    pub line: u32,
    /// Its column in characters, from 1.
    pub column: u32,
    /// The character.
    pub character: char,
    /// Its Traditional forms; the first is what it becomes.
    pub candidates: Vec<char>,
    /// The text around it, with the character between brackets.
    pub excerpt: String,
}

/// The unsure characters of all Simplified articles, in the order of their paths and places.
pub fn unsure(source: &dyn Source, converter: &Converter) -> Vec<Unsure> {
    let mut paths: Vec<String> = source
        .list()
        .entries
        .into_iter()
        .map(|entry| entry.path)
        .filter(|path| is_source(path) && is_read(path))
        .collect();
    paths.sort();
    let of_file = |path: &String| {
        let bytes = source.read(path).unwrap_or_default();
        let decoded = decode(path, &bytes);
        decoded.map_or_else(|_| Vec::new(), |text| of_text(path, &text.text, converter))
    };
    paths.par_iter().flat_map(of_file).collect()
}

/// Keys of front matter whose values are no prose.
const NO_PROSE: [&str; 9] = [
    "slug",
    "aliases",
    "image",
    "src",
    "source_url",
    "canonical",
    "template",
    "related",
    "extra",
];

fn of_text(path: &str, text: &str, converter: &Converter) -> Vec<Unsure> {
    if language(text) != Some("zh-Hans") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for block in blocks(path, text) {
        if !matches!(language(&block.text), None | Some("zh-Hans")) {
            continue;
        }
        for doubt in converter.doubts(&block.text) {
            let at = block.place(doubt.at);
            let before = &text[..at];
            let start = before.rfind('\n').map_or(0, |end| end + 1);
            found.push(Unsure {
                file: path.to_owned(),
                line: 1 + before.bytes().filter(|byte| *byte == b'\n').count() as u32,
                column: 1 + text[start..at].chars().count() as u32,
                character: doubt.character,
                candidates: doubt.candidates,
                excerpt: excerpt(text, at, doubt.character),
            });
        }
    }
    found
}

/// So many characters are shown on either side, as far as the line goes.
const AROUND: usize = 10;

fn excerpt(text: &str, at: usize, character: char) -> String {
    let before = text[..at].rsplit('\n').next().unwrap_or_default();
    let skipped = before.chars().count().saturating_sub(AROUND);
    let before: String = before.chars().skip(skipped).collect();
    let after = text[at..].chars().skip(1).take(AROUND);
    let after: String = after.take_while(|c| !matches!(c, '\n' | '\r')).collect();
    format!("{before}[{character}]{after}")
}

/// A block of text, made of pieces of a source.
#[derive(Default)]
struct Block {
    text: String,
    /// Where each piece begins, in the block and in the source.
    pieces: Vec<(usize, usize)>,
}

impl Block {
    fn push(&mut self, piece: &str, at: usize) {
        self.pieces.push((self.text.len(), at));
        self.text.push_str(piece);
    }

    /// The place in the source of a place in the block.
    fn place(&self, at: usize) -> usize {
        let after = self.pieces.partition_point(|(start, _)| *start <= at);
        let (start, source) = self.pieces[after.saturating_sub(1)];
        source + at - start
    }
}

/// The blocks of a source that readers see.
fn blocks(path: &str, text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !path.ends_with(".md") {
        lines(text, 0, &mut blocks);
        return blocks;
    }
    let body = body_start(text);
    let mut prose = true;
    let mut at = 0;
    for line in text[..body].split_inclusive('\n') {
        if let Some((key, _)) = line.split_once(':')
            && !line.starts_with([' ', '-', '#'])
        {
            prose = !NO_PROSE.contains(&key);
        }
        if prose {
            lines(line, at, &mut blocks);
        }
        at += line.len();
    }
    markdown(&text[body..], body, &mut blocks);
    blocks
}

/// Each line as a block of its own.
fn lines(text: &str, offset: usize, blocks: &mut Vec<Block>) {
    let mut at = offset;
    for line in text.split_inclusive('\n') {
        let mut block = Block::default();
        block.push(line.trim_end(), at);
        blocks.push(block);
        at += line.len();
    }
}

fn markdown(text: &str, offset: usize, blocks: &mut Vec<Block>) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let mut block = Block::default();
    let mut code = false;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            // An entity is not what stands in the source, and no Han character.
            Event::Text(piece) if !code && *piece == text[range.clone()] => {
                block.push(&piece, offset + range.start);
            }
            Event::Code(_) | Event::InlineHtml(_) | Event::HardBreak => {
                block.push(" ", offset + range.start);
            }
            Event::End(
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link,
            ) => {}
            Event::End(_) => blocks.push(std::mem::take(&mut block)),
            _ => {}
        }
    }
    blocks.push(block);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::convert::{Glossary, Scheme};
    use crate::source::memory::Memory;

    #[test]
    fn unsure_characters_are_told_with_their_places() {
        let mut source = Memory::new();
        let article = "---\ntitle: 收市后公布\nslug: 收市后\n---\n# 新闻发布会\n\n\
            这是**收市后**公布的，见`收市后`与[头\n发](https://a.cn/收市后)。\n\n\
            臺灣的發展，收市后\n\n```\n收市后\n```\n";
        source.put("content/a/x.md", article);
        source.put(
            "content/a/y.md",
            "---\ntitle: 港口的發展\n---\n收市后，這裡\n",
        );
        source.put("content/a/z.txt", "富途\n这里说收市后公布\n");
        let converter = Converter::new(Scheme::S2t, &Glossary::default());
        let found = unsure(&source, &converter);
        let told: Vec<String> = found
            .iter()
            .map(|one| {
                let forms: String = one.candidates.iter().collect();
                format!(
                    "{}:{}:{} {forms} {}",
                    one.file, one.line, one.column, one.excerpt
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "content/a/x.md:2:10 後后 title: 收市[后]公布",
                "content/a/x.md:7:7 後后 这是**收市[后]**公布的，见`收市",
                "content/a/z.txt:2:6 後后 这里说收市[后]公布",
            ]
        );
    }
}
