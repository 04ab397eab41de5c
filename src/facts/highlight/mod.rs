//! Code in colours: which words of a fenced block are keywords, strings, comments and so on.
//!
//! A lexer knows of each language what its comments, strings and words look like
//! (`languages.rs`), and no grammar: it goes once through the code, never back, and needs no more
//! time for code that is wrong, so that nobody's article can hold up a build. Grammars with
//! regular expressions, as editors have them, tell more and give no such bound: those of Sublime
//! Text never came back from the five letters `a /*b` in JavaScript.
//!
//! A block in an unknown language stays plain.

mod css;
mod languages;
mod lexer;
mod lines;

use languages::{Form, Language, find};
use std::fmt::Write;

/// The language that stands behind a fence.
pub fn named(info: &str) -> &str {
    let end = info.find([' ', '\t', ',', '{']).unwrap_or(info.len());
    &info[..end]
}

/// Whether code in a language, named as behind a fence, is highlighted.
pub fn is_known(language: &str) -> bool {
    find(language).is_some()
}

/// What a piece of code is. The order is that of [`CLASSES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// The HTML of some code in a language; none where it is to stay plain.
pub fn highlight(language: &str, code: &str) -> Option<String> {
    let language = find(language)?;
    let mut paint = Paint {
        html: String::with_capacity(code.len() * 2),
        open: None,
    };
    language.paint(code, &mut paint);
    paint.turn_to(None);
    Some(paint.html)
}

impl Language {
    /// Writes all of some code.
    fn paint(&'static self, code: &str, paint: &mut Paint) {
        match self.look.form {
            Form::Code => lexer::code(code, self, paint),
            Form::Markup(flavour) => lexer::markup(code, flavour, paint),
            Form::Css => css::css(code, paint),
            Form::Sass => css::sass(code, paint),
            Form::Diff => lines::diff(code, paint),
            Form::Yaml => lines::yaml(code, paint),
            Form::Ini => lines::ini(code, self, paint),
            Form::Http => lines::http(code, paint),
            Form::Markdown => lines::markdown(code, paint),
            Form::Make => lines::make(code, paint),
        }
    }
}

/// The page that code is written to.
struct Paint {
    html: String,
    /// The class of the `span` that is open.
    open: Option<Class>,
}

impl Paint {
    fn put(&mut self, text: &str, class: Option<Class>) {
        // White space has no colour, and needs no span of its own.
        if !text.trim().is_empty() {
            self.turn_to(class);
        }
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>']) {
            self.html.push_str(&rest[..at]);
            self.html.push_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                _ => "&gt;",
            });
            rest = &rest[at + 1..];
        }
        self.html.push_str(rest);
    }

    fn plain(&mut self, text: &str) {
        self.put(text, None);
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

    /// The classes of some code in square brackets.
    fn shown(language: &str, code: &str) -> String {
        let html = highlight(language, code);
        let html = html.unwrap_or_else(|| "(plain)".to_string());
        let mut short = html.replace("</span>", "]");
        for class in CLASSES {
            short = short.replace(&format!("<span class=\"{class}\">"), &format!("[{class} "));
        }
        short
    }

    fn check(language: &str, code: &str, expect: &str) {
        assert_eq!(shown(language, code), expect, "{language}: {code}");
    }

    #[test]
    fn words_have_classes() {
        check(
            "rust",
            "// 注\nlet a = \"<b>\" + f(1);\n",
            "[comment // 注]\n[keyword let] a = [string \"&lt;b&gt;\"] + [function f]([number 1]);\n",
        );
        check(
            "Python",
            "class A(B):\n    x: int = not None\n",
            "[keyword class] [type A]([type B]):\n    x: [type int] = [keyword not] [number None]\n",
        );
        check(
            "json",
            "{\"a\": [1, \"x\"]}",
            "{[attribute \"a\"]: [[number 1], [string \"x\"]]}",
        );
        check(
            "html",
            "<p class=\"a\">港</p>",
            "&lt;[tag p] [attribute class]=[string \"a\"]&gt;港&lt;/[tag p]&gt;",
        );
        check("diff", "-a\n+b\n c\n", "[deleted -a]\n[inserted +b]\n c\n");
    }

    /// A language, code, and what it looks like.
    const TABLE: &[(&str, &str, &str)] = &[
        (
            "rust",
            "fn f<'a>(x: &'a str) -> char { 'x' }",
            "[keyword fn] [function f]&lt;[type 'a]&gt;(x: &amp;[type 'a str]) -&gt; [type char] { [string 'x'] }",
        ),
        (
            "rust",
            "#[derive(Debug)]\nstruct Tide(u8);",
            "[attribute #[derive(Debug)]]\n[keyword struct] [type Tide]([type u8]);",
        ),
        (
            "rust",
            "/* a /* b */ c */ r#\"\"港\"\"# '\\u{6e2f}' 1.5e-3..2",
            "[comment /* a /* b */ c */] [string r#\"\"港\"\"# '\\u{6e2f}'] [number 1.5e-3]..[number 2]",
        ),
        (
            "rust",
            "println!(\"a\"); a != b; x.match()",
            "[function println]!([string \"a\"]); a != b; x.[function match]()",
        ),
        (
            "js",
            "x /*\n港*/ = `a${b + `c${1}`}d` / 2",
            "x [comment /*\n港*/] = [string `a]${b + [string `c]${[number 1]}[string `]}[string d`] / [number 2]",
        ),
        (
            "js",
            "s.replace(/[/\"]+/g, '')",
            "s.[function replace]([string /[/\"]+/g], [string ''])",
        ),
        (
            "jsx",
            "return <A b={c} d=\"e\">don't <br/> {f(1)}</A>;",
            "[keyword return] &lt;[tag A] [attribute b]={c} [attribute d]=[string \"e\"]&gt;don't &lt;[tag br]/&gt; {[function f]([number 1])}&lt;/[tag A]&gt;;",
        ),
        (
            "jsx",
            "const a = <>港</>\nif (a < b) { c }",
            "[keyword const] a = &lt;&gt;港&lt;/&gt;\n[keyword if] (a &lt; b) { c }",
        ),
        (
            "ts",
            "const f = <T>(x: T): string => x",
            "[keyword const] f = &lt;[type T]&gt;(x: [type T]): [type string] =&gt; x",
        ),
        (
            "html",
            "<!doctype html><script>a < 1</script>&amp;<!-- 注 -->",
            "[keyword &lt;!doctype html&gt;]&lt;[tag script]&gt;a &lt; [number 1]&lt;/[tag script]&gt;[number &amp;amp;][comment &lt;!-- 注 --&gt;]",
        ),
        (
            "html",
            "<style>p { color: #fff }</style>",
            "&lt;[tag style]&gt;[tag p] { [attribute color]: [number #fff] }&lt;/[tag style]&gt;",
        ),
        (
            "vue",
            "<p :a=\"b\">{{ c(1) }}</p>",
            "&lt;[tag p] [attribute :a]=[string \"b\"]&gt;{{ [function c]([number 1]) }}&lt;/[tag p]&gt;",
        ),
        (
            "php",
            "<p><?php echo $a['b']; ?></p>",
            "&lt;[tag p]&gt;[keyword &lt;?php echo] [attribute $a][[string 'b']]; [keyword ?&gt;]&lt;/[tag p]&gt;",
        ),
        (
            "php",
            "function f(?int $x) { return $x; }",
            "[keyword function] [function f](?[type int] [attribute $x]) { [keyword return] [attribute $x]; }",
        ),
        (
            "python",
            "@app.get('/')\ndef f(x): # 注\n    return '''a\nb'''",
            "[attribute @app].[function get]([string '/'])\n[keyword def] [function f](x): [comment # 注]\n    [keyword return] [string '''a\nb''']",
        ),
        (
            "sh",
            "echo \"$a $(pwd)\" ${b#c} # 好\ncat <<EOF\n'\nEOF\nls",
            "[function echo] [string \"$a] $([function pwd])[string \"] [attribute ${b#c}] [comment # 好]\n[function cat] [string &lt;&lt;EOF\n'\nEOF]\n[function ls]",
        ),
        (
            "go",
            "func (r *R) Get() error { return nil }",
            "[keyword func] (r *[type R]) [function Get]() [type error] { [keyword return] [number nil] }",
        ),
        (
            "c",
            "#include <stdio.h>\nint main(void) { return 'a'; }",
            "[keyword #include] &lt;stdio.h&gt;\n[type int] [function main]([type void]) { [keyword return] [string 'a']; }",
        ),
        (
            "sql",
            "SELECT 'it''s' FROM t -- 注",
            "[keyword SELECT] [string 'it''s'] [keyword FROM] t [comment -- 注]",
        ),
        (
            "yaml",
            "a: 1 # 注\nb:\n  - \"x\"\n  - c: yes\nd: |\n  港: 1\ne: {f: 2}",
            "[attribute a]: [number 1] [comment # 注]\n[attribute b]:\n  - [string \"x\"]\n  - [attribute c]: [number yes]\n[attribute d]: |\n  [string 港: 1]\n[attribute e]: {[attribute f]: [number 2]}",
        ),
        (
            "toml",
            "[a]\nb = \"c\" # 注\nd = true",
            "[keyword [a]]\n[attribute b] = [string \"c\"] [comment # 注]\n[attribute d] = [number true]",
        ),
        (
            "ini",
            "; 注\n[a]\nb = 1\nc = 港",
            "[comment ; 注]\n[keyword [a]]\n[attribute b] = [number 1]\n[attribute c] = 港",
        ),
        (
            "css",
            "a:hover, .b > #c { color: rgb(1, 2%, .5em) !important }",
            "[tag a][function :hover], [attribute .b] &gt; [attribute #c] { [attribute color]: [function rgb]([number 1], [number 2%], [number .5em]) [keyword !important] }",
        ),
        (
            "scss",
            "$a: 1px; .b { &:not(.c) { --d: $a; } } // 注",
            "[attribute $a]: [number 1px]; [attribute .b] { &amp;[function :not]([attribute .c]) { [attribute --d]: [attribute $a]; } } [comment // 注]",
        ),
        (
            "sass",
            ".a\n  color: red\n  b:hover\n    top: 0",
            "[attribute .a\n  color]: red\n  [tag b][function :hover]\n    [attribute top]: [number 0]",
        ),
        (
            "lisp",
            "(defun f (x) ; 注\n  (g :k \"s\"))",
            "([keyword defun] [function f] ([function x]) [comment ; 注]\n  ([function g] [number :k] [string \"s\"]))",
        ),
        (
            "haskell",
            "f' :: Int -> Char -- 注\nf' 1 = 'a' {- b -}",
            "f' :: [type Int] -&gt; [type Char] [comment -- 注]\nf' [number 1] = [string 'a'] [comment {- b -}]",
        ),
        (
            "ruby",
            "def f(a) = puts \"#{a + 1}\" if a =~ /b/ && :c",
            "[keyword def] [function f](a) = [keyword puts] [string \"]#{a + [number 1]}[string \"] [keyword if] a =~ [string /b/] &amp;&amp; [number :c]",
        ),
        (
            "latex",
            "\\section{甲} % 注\n50\\% $x$",
            "[keyword \\section]{甲} [comment % 注]\n[number 50]\\% [string $x$]",
        ),
        (
            "makefile",
            "A := 1\nall: b # 注\n\techo $(A)",
            "[attribute A] := [number 1]\n[function all]: b [comment # 注]\n\t[function echo] $(A)",
        ),
        (
            "http",
            "GET /a HTTP/1.1\nHost: b\n\n{}",
            "[keyword GET] [string /a] [keyword HTTP/1.1]\n[attribute Host]: b\n\n{}",
        ),
        (
            "markdown",
            "# 甲\n- `a` [b](c)\n```rust\nlet a;\n```\n乙",
            "[keyword # 甲\n-] [string `a`] [b][string (c)]\n[keyword ```rust\nlet] a;\n[keyword ```]\n乙",
        ),
        (
            "bat",
            "rem 注\nset A=%B%",
            "[comment rem 注]\n[keyword set] A=[attribute %B%]",
        ),
        (
            "swift",
            "let a = \"b\\(c(1))d\"",
            "[keyword let] a = [string \"b]\\([function c]([number 1]))[string d\"]",
        ),
        (
            "terraform",
            "resource \"a\" \"b\" {\n  c = var.d\n}",
            "[keyword resource] [string \"a\" \"b\"] {\n  [attribute c] = var.d\n}",
        ),
        (
            "lua",
            "--[[ 注\n]] local a = [[b]] -- c",
            "[comment --[[ 注\n]]] [keyword local] a = [string [[b]]] [comment -- c]",
        ),
        (
            "r",
            "x <- c(1, NA) # 注",
            "x &lt;- [function c]([number 1], [number NA]) [comment # 注]",
        ),
        (
            "vim",
            "\" 注\nlet a = \"b\"",
            "[comment \" 注]\n[keyword let] a = [string \"b\"]",
        ),
    ];

    #[test]
    fn languages_have_their_ways() {
        let other = |(language, code, expect): &&(&str, &str, &str)| {
            let shown = shown(language, code);
            let differs = shown != *expect;
            if differs {
                println!("{language}\n  is {shown:?}\n not {expect:?}");
            }
            differs
        };
        assert_eq!(TABLE.iter().filter(other).count(), 0);
    }

    #[test]
    fn what_is_unknown_stays_plain() {
        for language in ["brainfuck", "", "a-name-that-is-long"] {
            check(language, "+", "(plain)");
            assert!(!is_known(language), "{language}");
        }
        assert!(is_known("RUST"));
    }

    /// Beginnings without an end: what looks for the end must not look twice.
    #[test]
    fn what_never_ends_takes_one_pass() {
        const OPENINGS: &[&str] = &[
            "(", "[", "{", "<", "<a", "<a b=", "\"", "'", "`", "/", "/*", "<!--", "<?", "<?php ",
            "#[", "#{", "${", "$(", "\"${", "`${", "<<E ", "r#\"", "r#", "'\\u", "{{", "$$", "(*",
            "{-", "\\", "%a", "@", ":", "//", "#", "--", "- ", "a: ", "](", "\r", "<script>", "</",
            "a.b", "é", "港", " ", "a", "1", "a=", "&a", "```\n", "\n",
        ];
        const LENGTH: usize = 4000;
        for name in languages::names() {
            for opening in OPENINGS {
                let code = opening.repeat(LENGTH / opening.len());
                assert!(highlight(name, &code).is_some());
                assert!(highlight(name, &format!("a = {code}\nb")).is_some());
            }
        }
    }

    /// The text in some HTML whose spans are whole.
    fn text_of(html: &str) -> Result<String, String> {
        let mut text = String::new();
        let mut is_open = false;
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            text.push_str(&rest[..at]);
            let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
            let tag = &rest[at..end];
            let opens = CLASSES
                .iter()
                .any(|one| tag == format!("<span class=\"{one}\">"));
            if opens == is_open || !opens && tag != "</span>" {
                return Err(format!("{tag} in {html}"));
            }
            is_open = opens;
            rest = &rest[end..];
        }
        text.push_str(rest);
        match is_open {
            true => Err(format!("open in {html}")),
            false => Ok(text
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")),
        }
    }

    proptest::proptest! {
        #[test]
        fn text_stays_and_markup_is_whole(
            language in proptest::sample::select(languages::names()),
            parts in proptest::collection::vec(proptest::sample::select(vec![
                "<", "</", ">", "\"", "'", "`", "```\n", "/*", "*/", "//", "#", "${", "{{", "}", "(",
                ")", "\\", "\n", " ", "\t", "a", "fn ", "<?php ", "<script>", "</script>", "<!--",
                "-->", "港", "&", "&lt;", "$x", "=", ": ", "- ", "\r\n", "1.", "'''", "\u{0}", "é",
                "[", "]", "r#", "<<E", "E\n", "@", "%", ";", "<a>", "</a>", "/>", "/", "--", "|", "#{",
            ]), 0..40),
        ) {
            let code: String = parts.concat();
            let html = highlight(language, &code).unwrap_or_default();
            proptest::prop_assert_eq!(text_of(&html), Ok(code));
        }
    }
}
