//! What conversion between Simplified and Traditional Chinese costs, and whether it is that of
//! OpenCC.
//!
//! ```sh
//! cargo run --release --example convert -- speed FILE      # MB/s, load, memory
//! cargo run --release --example convert -- sentences 1000  # made of dictionary phrases
//! cargo run --release --example convert -- lines < FILE    # scheme, tab, text
//! ```
//!
//! `benches/opencc/` does the last with opencc-fmmseg: its output must be the same.

use std::io::{BufWriter, Write};
use std::time::Instant;

use masthead::base::text::convert::{Converter, Glossary, Scheme};

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let second = arguments.get(1).map_or("", |argument| argument);
    match arguments.first().map_or("", |argument| argument) {
        "speed" => speed(&std::fs::read_to_string(second)?),
        "sentences" => sentences(second.parse().unwrap_or(1000)),
        "lines" => lines(&std::io::read_to_string(std::io::stdin())?),
        _ => {
            eprintln!("speed FILE, sentences COUNT, or lines");
            Ok(())
        }
    }
}

/// Converts some 4 MB by each scheme. The first row of a round tells what loading it costs.
fn speed(text: &str) -> std::io::Result<()> {
    let text = text.repeat(4_000_000 / text.len().max(1) + 1);
    for (name, scheme) in Scheme::ALL {
        let converter = Converter::new(scheme, &Glossary::default());
        let start = Instant::now();
        converter.convert("一");
        let load = start.elapsed().as_secs_f64() * 1e3;
        let start = Instant::now();
        let length = converter.convert(&text).len();
        let rate = text.len() as f64 / 1e6 / start.elapsed().as_secs_f64();
        println!("{name:6} {rate:5.0} MB/s  ({length} bytes; load {load:.1} ms)");
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmRSS"));
    println!("{}", peak.unwrap_or_default());
    Ok(())
}

fn lines(text: &str) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in text.lines() {
        let (name, text) = line.split_once('\t').unwrap_or_default();
        let scheme = Scheme::named(name).unwrap_or(Scheme::S2t);
        let converter = Converter::new(scheme, &Glossary::default());
        writeln!(out, "{}", converter.convert(text))?;
    }
    out.flush()
}

/// Sentences of phrases, characters and others' pieces, by a generator with a fixed seed.
fn sentences(count: usize) -> std::io::Result<()> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/base/text/convert/tables");
    let mut files: Vec<_> = std::fs::read_dir(folder)?.flatten().collect();
    files.sort_by_key(|file| file.path());
    let mut words: Vec<Vec<String>> = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file.path())?;
        let parts = text
            .split([' ', '\t', '\n'])
            .filter(|part| !part.is_empty());
        words.push(parts.map(str::to_owned).collect());
    }
    let signs = ["，", "。", " ", "GDP", "“", "”", "的", "3.5%", "！", "、"].map(str::to_owned);
    words.push(signs.to_vec());
    let mut state = 0x853C_49E6_748F_EA9B_u64;
    let mut random = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % below
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    for number in 0..count {
        let (name, _) = Scheme::ALL[number % Scheme::ALL.len()];
        write!(out, "{name}\t")?;
        for _ in 0..1 + random(12) {
            let list = &words[random(words.len())];
            let word: Vec<char> = list[random(list.len())].chars().collect();
            // A cut phrase makes phrases meet that no dictionary has side by side.
            let start = if random(4) == 0 {
                random(word.len())
            } else {
                0
            };
            write!(out, "{}", word[start..].iter().collect::<String>())?;
        }
        writeln!(out)?;
    }
    out.flush()
}
