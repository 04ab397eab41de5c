//! Code in colours: which words of a fenced block are keywords, strings, comments and so on.
//!
//! The grammars are Sublime Text's, as `bat` collects them, loaded when the first block is met.
//! Their scopes, of which there are thousands, become ten classes; what has none of them stays
//! plain text. A block in an unknown language stays plain, and so does one that is wider than
//! people write: what a grammar costs grows faster than a line. (How deep scopes lie in one
//! another, syntect bounds.) How much code of an article is highlighted, `press/code.rs` says,
//! which keeps it between builds as well.

use std::fmt::Write;
use std::sync::OnceLock;
use syntect::parsing::{ClearAmount, ParseState, Scope, ScopeStackOp, SyntaxSet};

/// The longest line, in bytes. What is longer is a bundle or data.
const LINE: usize = 400;
/// The longest word, in letters and digits: a hash of 512 bits. What some grammars cost grows as
/// the square of a word: of 400 letters, C# takes 50 ms.
const WORD: usize = 128;

/// The names of languages, in lower case, and of their grammars. Those of other grammars are not
/// found: `log`, `email` or `separated values` are no code that a reader wants coloured.
const LANGUAGES: &[(&str, &str)] = &[
    ("ada", "Ada"),
    ("asm", "x86_64 Assembly"),
    ("awk", "AWK"),
    ("bash", "Bourne Again Shell (bash)"),
    ("bat", "Batch File"),
    ("c", "C"),
    ("c#", "C#"),
    ("c++", "C++"),
    ("clj", "Clojure"),
    ("clojure", "Clojure"),
    ("cmake", "CMake"),
    ("cmd", "Batch File"),
    ("coffee", "CoffeeScript"),
    ("coffeescript", "CoffeeScript"),
    ("cpp", "C++"),
    ("cs", "C#"),
    ("csharp", "C#"),
    ("css", "CSS"),
    ("d", "D"),
    ("dart", "Dart"),
    ("diff", "Diff"),
    ("docker", "Dockerfile"),
    ("dockerfile", "Dockerfile"),
    ("dot", "Graphviz (DOT)"),
    ("elixir", "Elixir"),
    ("elm", "Elm"),
    ("erl", "Erlang"),
    ("erlang", "Erlang"),
    ("ex", "Elixir"),
    ("f#", "F#"),
    ("fish", "Fish"),
    ("fortran", "Fortran (Modern)"),
    ("fsharp", "F#"),
    ("glsl", "GLSL"),
    ("go", "Go"),
    ("golang", "Go"),
    ("graphql", "GraphQL"),
    ("groovy", "Groovy"),
    ("haskell", "Haskell"),
    ("hcl", "Terraform"),
    ("hs", "Haskell"),
    ("html", "HTML"),
    ("http", "HTTP Request and Response"),
    ("ini", "INI"),
    ("java", "Java"),
    ("javascript", "JavaScript"),
    ("jq", "JQ"),
    ("js", "JavaScript"),
    ("json", "JSON"),
    ("json5", "JavaScript"),
    ("jsonc", "JavaScript"),
    ("jsx", "TypeScriptReact"),
    ("julia", "Julia"),
    ("kotlin", "Kotlin"),
    ("kt", "Kotlin"),
    ("latex", "LaTeX"),
    ("less", "Less"),
    ("lisp", "Lisp"),
    ("lua", "Lua"),
    ("make", "Makefile"),
    ("makefile", "Makefile"),
    ("markdown", "Markdown"),
    ("matlab", "MATLAB"),
    ("md", "Markdown"),
    ("mjs", "JavaScript"),
    ("nasm", "x86_64 Assembly"),
    ("nginx", "nginx"),
    ("nim", "Nim"),
    ("nix", "Nix"),
    ("objc", "Objective-C"),
    ("objective-c", "Objective-C"),
    ("ocaml", "OCaml"),
    ("pascal", "Pascal"),
    ("patch", "Diff"),
    ("perl", "Perl"),
    ("php", "PHP"),
    ("pl", "Perl"),
    ("properties", "Java Properties"),
    ("proto", "Protocol Buffer"),
    ("protobuf", "Protocol Buffer"),
    ("py", "Python"),
    ("python", "Python"),
    ("r", "R"),
    ("racket", "Racket"),
    ("rb", "Ruby"),
    ("rs", "Rust"),
    ("ruby", "Ruby"),
    ("rust", "Rust"),
    ("sass", "Sass"),
    ("scala", "Scala"),
    ("scheme", "Lisp"),
    ("scss", "SCSS"),
    ("sh", "Bourne Again Shell (bash)"),
    ("shell", "Bourne Again Shell (bash)"),
    ("sol", "Solidity"),
    ("solidity", "Solidity"),
    ("sql", "SQL"),
    ("svelte", "Svelte"),
    ("svg", "XML"),
    ("swift", "Swift"),
    ("tcl", "Tcl"),
    ("terraform", "Terraform"),
    ("tex", "LaTeX"),
    ("toml", "TOML"),
    ("ts", "TypeScript"),
    ("tsx", "TypeScriptReact"),
    ("typescript", "TypeScript"),
    ("typst", "Typst"),
    ("vhdl", "VHDL"),
    ("vim", "VimL"),
    ("vue", "Vue Component"),
    ("wgsl", "WGSL"),
    ("xml", "XML"),
    ("yaml", "YAML"),
    ("yml", "YAML"),
    ("zig", "Zig"),
    ("zsh", "Bourne Again Shell (bash)"),
];

/// The language that stands behind a fence.
pub fn named(info: &str) -> &str {
    let end = info.find([' ', '\t', ',', '{']).unwrap_or(info.len());
    &info[..end]
}

/// The name of the grammar for a language, as it stands behind a fence.
pub fn grammar(language: &str) -> Option<&'static str> {
    const LONGEST: usize = 12;
    if language.is_empty() || language.len() > LONGEST {
        return None;
    }
    let name = language.to_ascii_lowercase();
    let at = LANGUAGES.binary_search_by_key(&name.as_str(), |(name, _)| name);
    at.ok().map(|at| LANGUAGES[at].1)
}

/// What a piece of code is. The order is that of [`CLASSES`].
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Comment,
    String,
    Number,
    Keyword,
    Function,
    Type,
    Tag,
    Attribute,
    Inserted,
    Deleted,
    /// A keyword where it is a word, else nothing.
    Operator,
    /// Nothing; strings in it are attributes.
    Key,
    Plain,
}

/// The classes that a block may have in its page.
pub const CLASSES: [&str; 10] = [
    "comment",
    "string",
    "number",
    "keyword",
    "function",
    "type",
    "tag",
    "attribute",
    "inserted",
    "deleted",
];

/// What scopes mean, by their beginnings; of several that fit, the first.
const SCOPES: &[(&str, Class)] = &[
    ("comment", Class::Comment),
    ("string", Class::String),
    ("keyword.operator", Class::Operator),
    ("keyword", Class::Keyword),
    ("storage", Class::Keyword),
    ("constant", Class::Number),
    ("variable.function", Class::Function),
    ("variable.language", Class::Keyword),
    ("variable.annotation", Class::Attribute),
    ("entity.name.function", Class::Function),
    ("support.function", Class::Function),
    ("support.macro", Class::Function),
    ("entity.name.macro", Class::Function),
    ("entity.name.tag", Class::Tag),
    ("entity.other.attribute-name", Class::Attribute),
    ("entity.other.inherited-class", Class::Type),
    ("entity.name.label", Class::Plain),
    ("entity.name.section", Class::Keyword),
    ("entity.name.constant", Class::Number),
    ("entity.name", Class::Type),
    ("support.type.property-name", Class::Attribute),
    ("support.constant", Class::Number),
    ("support.type", Class::Type),
    ("support.class", Class::Type),
    ("markup.inserted", Class::Inserted),
    ("markup.deleted", Class::Deleted),
    ("markup.heading", Class::Keyword),
    ("markup.raw", Class::String),
    ("meta.mapping.key", Class::Key),
    ("meta.structure.dictionary.key", Class::Key),
    ("meta.interpolation", Class::Plain),
    ("meta.template.expression", Class::Plain),
    ("source", Class::Plain),
    ("text", Class::Plain),
];

/// The grammars, and what scopes mean.
struct Grammars {
    syntaxes: SyntaxSet,
    scopes: Vec<(Scope, Class)>,
}

fn grammars() -> &'static Grammars {
    static GRAMMARS: OnceLock<Grammars> = OnceLock::new();
    GRAMMARS.get_or_init(|| {
        let scope = |(name, class): &(&str, Class)| Some((Scope::new(name).ok()?, *class));
        Grammars {
            syntaxes: two_face::syntax::extra_newlines(),
            scopes: SCOPES.iter().filter_map(scope).collect(),
        }
    })
}

/// The HTML of some code in a language; none where it is to stay plain.
pub fn highlight(language: &str, code: &str) -> Option<String> {
    let name = grammar(language)?;
    let is_no_word = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    let is_too_wide =
        |line: &str| line.len() > LINE || line.split(is_no_word).any(|word| word.len() > WORD);
    if code.lines().any(is_too_wide) {
        return None;
    }
    let grammars = grammars();
    let syntax = grammars.syntaxes.find_syntax_by_name(name)?;
    let mut state = ParseState::new(syntax);
    let mut page = Page {
        grammars,
        html: String::with_capacity(code.len() * 2),
        open: None,
        stack: Vec::new(),
        cleared: Vec::new(),
    };
    for line in code.split_inclusive('\n') {
        let ops = state.parse_line(line, &grammars.syntaxes).ok()?;
        let mut from = 0;
        for (at, op) in ops {
            page.text(line.get(from..at)?);
            from = at;
            page.apply(&op);
        }
        page.text(line.get(from..)?);
    }
    page.turn_to(None);
    Some(page.html)
}

struct Page {
    grammars: &'static Grammars,
    html: String,
    /// The class of the `span` that is open.
    open: Option<Class>,
    /// What the open scopes mean, with what they lie in.
    stack: Vec<Class>,
    cleared: Vec<Vec<Class>>,
}

impl Page {
    fn apply(&mut self, op: &ScopeStackOp) {
        match op {
            ScopeStackOp::Push(scope) => {
                let around = self.stack.last().copied().unwrap_or(Class::Plain);
                let mut known = self.grammars.scopes.iter();
                let own = known.find(|(known, _)| known.is_prefix_of(*scope));
                self.stack.push(match own {
                    Some((_, Class::String)) if around == Class::Key => Class::Attribute,
                    Some((_, own)) => *own,
                    None => around,
                });
            }
            ScopeStackOp::Pop(count) => {
                let left = self.stack.len().saturating_sub(*count);
                self.stack.truncate(left);
            }
            ScopeStackOp::Clear(amount) => {
                let count = match amount {
                    ClearAmount::TopN(count) => *count,
                    ClearAmount::All => self.stack.len(),
                };
                let left = self.stack.len().saturating_sub(count);
                self.cleared.push(self.stack.split_off(left));
            }
            ScopeStackOp::Restore => {
                let cleared = self.cleared.pop().unwrap_or_default();
                self.stack.extend(cleared);
            }
            ScopeStackOp::Noop => {}
        }
    }

    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        // White space has no colour, and needs no span of its own.
        if !text.trim().is_empty() {
            let is_word = || text.trim().starts_with(|c: char| c.is_alphabetic());
            self.turn_to(match self.stack.last().copied() {
                Some(Class::Operator) if is_word() => Some(Class::Keyword),
                Some(Class::Plain | Class::Key | Class::Operator) | None => None,
                class => class,
            });
        }
        for c in text.chars() {
            match c {
                '&' => self.html.push_str("&amp;"),
                '<' => self.html.push_str("&lt;"),
                '>' => self.html.push_str("&gt;"),
                c => self.html.push(c),
            }
        }
    }

    fn turn_to(&mut self, class: Option<Class>) {
        if class == self.open {
            return;
        }
        if self.open.is_some() {
            // White space between two classes belongs to neither.
            let end = self.html.trim_end().len();
            self.html.insert_str(end, "</span>");
        }
        if let Some(class) = class {
            let _ = write!(self.html, "<span class=\"{}\">", CLASSES[class as usize]);
        }
        self.open = class;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: &str, code: &str, expect: &str) {
        let html = highlight(language, code);
        let html = html.unwrap_or_else(|| "(plain)".to_string());
        let short = html.replace("<span class=", "<").replace("</span>", "</>");
        assert_eq!(short, expect, "{language}: {code}");
    }

    #[test]
    fn every_language_has_a_grammar() {
        assert!(LANGUAGES.is_sorted_by(|a, b| a.0 < b.0));
        for (name, grammar) in LANGUAGES {
            let known = grammars().syntaxes.find_syntax_by_name(grammar);
            assert!(known.is_some(), "{name}: {grammar}");
        }
        assert_eq!(grammars().scopes.len(), SCOPES.len());
        assert_eq!(Class::Deleted as usize, CLASSES.len() - 1);
    }

    #[test]
    fn words_have_classes() {
        check(
            "rust",
            "// 注\nlet a = \"<b>\" + f(1);\n",
            "<\"comment\">// 注</>\n<\"keyword\">let</> a = <\"string\">\"&lt;b&gt;\"</> + <\"function\">f</>(<\"number\">1</>);\n",
        );
        check(
            "Python",
            "class A(B):\n    x: int = not None\n",
            "<\"keyword\">class</> <\"type\">A</>(<\"type\">B</>):\n    x: <\"type\">int</> = <\"keyword\">not</> <\"number\">None</>\n",
        );
        check(
            "json",
            "{\"a\": [1, \"x\"]}",
            "{<\"attribute\">\"a\"</>: [<\"number\">1</>, <\"string\">\"x\"</>]}",
        );
        check(
            "html",
            "<p class=\"a\">港</p>",
            "&lt;<\"tag\">p</> <\"attribute\">class</>=<\"string\">\"a\"</>&gt;港&lt;/<\"tag\">p</>&gt;",
        );
        check(
            "diff",
            "-a\n+b\n c\n",
            "<\"deleted\">-a</>\n<\"inserted\">+b</>\n c\n",
        );
    }

    #[test]
    fn what_is_unknown_or_too_wide_stays_plain() {
        check("brainfuck", "+", "(plain)");
        check("", "+", "(plain)");
        check("rust", &"a ".repeat(LINE), "(plain)");
        check("rust", &"a".repeat(WORD + 1), "(plain)");
        check("rust", &"a".repeat(WORD), &"a".repeat(WORD));
    }

    proptest::proptest! {
        #[test]
        fn text_stays_and_markup_is_whole(
            language in proptest::sample::select(vec![
                "rust", "js", "html", "markdown", "php", "sh", "yaml", "latex", "vue", "diff", "css",
            ]),
            parts in proptest::collection::vec(proptest::sample::select(vec![
                "<", "</", ">", "\"", "'", "`", "```\n", "/*", "*/", "//", "#", "${", "{{", "}", "(",
                ")", "\\", "\n", " ", "\t", "a", "fn ", "<?php ", "<script>", "</script>", "<!--",
                "-->", "港", "&", "&lt;", "$x", "=", ": ", "- ", "\r\n", "1.", "'''", "\u{0}", "é",
            ]), 0..40),
        ) {
            let code: String = parts.concat();
            if let Some(html) = highlight(language, &code) {
                let mut text = String::new();
                let mut open = 0;
                let mut rest = html.as_str();
                while let Some(at) = rest.find('<') {
                    text.push_str(&rest[..at]);
                    let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
                    let tag = &rest[at..end];
                    let known = CLASSES.iter().any(|one| tag == format!("<span class=\"{one}\">"));
                    proptest::prop_assert!(known || tag == "</span>", "{}", tag);
                    open += if known { 1 } else { -1 };
                    proptest::prop_assert!(open == 0 || open == 1);
                    rest = &rest[end..];
                }
                proptest::prop_assert_eq!(open, 0);
                text.push_str(rest);
                let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
                proptest::prop_assert_eq!(text, code);
            }
        }
    }
}
