//! What the code of each language looks like, as far as colours go: a table, no grammar.

use super::Class::{self, Attribute, Function, Keyword, Number, Type};
use foldhash::{HashMap, HashMapExt};
use std::sync::LazyLock;

/// A language, ready for use.
pub struct Language {
    pub look: &'static Look,
    words: HashMap<&'static str, Class>,
}

/// How the code of a language is read.
#[derive(Clone, Copy)]
pub enum Form {
    /// Words, strings and comments.
    Code,
    Markup(Flavour),
    Css,
    Sass,
    Diff,
    Yaml,
    Ini,
    Http,
    Markdown,
    Make,
}

/// Kinds of markup.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    Html,
    Xml,
    Php,
    Vue,
    Svelte,
    /// Elements in the code of JavaScript.
    Jsx,
}

/// A string.
pub struct Quote {
    pub open: &'static str,
    pub close: &'static str,
    /// What makes the next byte one of the string: a backslash, or the quote itself; 0 for none.
    pub escape: u8,
    pub spans_lines: bool,
    /// Code in the string.
    pub inner: Option<Inner>,
}

pub struct Inner {
    pub open: &'static str,
    pub close: u8,
}

/// A comment with an end.
pub struct Block {
    pub open: &'static str,
    pub close: &'static str,
    /// Whether one lies in another.
    pub nests: bool,
    /// Whether it begins at the beginning of a line.
    pub at_margin: bool,
}

/// What code looks like.
pub struct Look {
    pub names: &'static [&'static str],
    pub form: Form,
    /// What begins comments up to the end of the line.
    pub comments: &'static [&'static str],
    /// Whether white space stands before these.
    pub comments_apart: bool,
    pub blocks: &'static [Block],
    pub quotes: &'static [Quote],
    /// Words with a meaning, between spaces.
    pub words: &'static [(Class, &'static str)],
    /// Whether these may be in capital letters.
    pub caseless: bool,
    /// What words are made of, beside letters, digits and `_`.
    pub letters: &'static [u8],
    /// Whether the end of a line ends a statement.
    pub lines: bool,
    /// A word before a bracket is a function.
    pub calls: bool,
    /// A word behind a bracket is a function: `(f x)`.
    pub lists: bool,
    /// A word with a capital letter is a type.
    pub capitals: bool,
    /// A word before a `=`, at the beginning of a line, is a key.
    pub assigns: bool,
    /// A string before a colon is a key.
    pub keys: bool,
    /// `'a'` is a character.
    pub chars: bool,
    /// `'a` is a lifetime.
    pub lifetimes: bool,
    /// `r#"…"#` is a string.
    pub raw: bool,
    /// `#[…]` is an attribute.
    pub attributes: bool,
    /// `#word` is a keyword.
    pub directives: bool,
    /// `@word` is an attribute.
    pub decorators: bool,
    /// `:word` is a constant.
    pub symbols: bool,
    /// `$word` is a variable.
    pub variables: bool,
    /// `${…}` is one, and `$(…)` has code.
    pub expands: bool,
    /// `%word%` is a variable.
    pub percents: bool,
    /// `\word` is a command.
    pub backslashes: bool,
    /// `<<EOF` begins a text behind its line.
    pub here: bool,
    /// `/…/` is a regular expression.
    pub regexes: bool,
    /// `<p>` is an element.
    pub elements: bool,
    /// `[…]` at the beginning of a line is a heading.
    pub headings: bool,
}

impl Language {
    fn new(look: &'static Look) -> Language {
        let mut words = HashMap::new();
        for (class, list) in look.words {
            words.extend(list.split_ascii_whitespace().map(|word| (word, *class)));
        }
        Language { look, words }
    }

    /// What a word means.
    pub fn word(&self, word: &str) -> Option<Class> {
        const LONGEST: usize = 24;
        if !self.look.caseless {
            return self.words.get(word).copied();
        }
        if word.len() > LONGEST {
            return None;
        }
        self.words.get(word.to_ascii_lowercase().as_str()).copied()
    }

    pub fn is_of_word(&self, byte: u8) -> bool {
        byte.is_ascii_alphanumeric()
            || byte == b'_'
            || byte >= 0x80
            || self.look.letters.contains(&byte)
    }
}

/// What the word behind a keyword is.
pub fn names_next(keyword: &str) -> Option<Class> {
    match keyword.to_ascii_lowercase().as_str() {
        "def" | "defmacro" | "defmodule" | "defn" | "defp" | "defun" | "fn" | "fun" | "func"
        | "function" | "macro" | "proc" | "procedure" | "sub" | "subroutine" => Some(Function),
        "class" | "contract" | "data" | "enum" | "interface" | "newtype" | "protocol"
        | "record" | "struct" | "trait" | "type" | "union" => Some(Type),
        _ => None,
    }
}

/// The language of a name, whose letters may be capitals.
pub fn find(name: &str) -> Option<&'static Language> {
    static ALL: LazyLock<Vec<Language>> =
        LazyLock::new(|| LOOKS.iter().map(Language::new).collect());
    static NUMBERS: LazyLock<HashMap<&'static str, usize>> = LazyLock::new(|| {
        let looks = LOOKS.iter().enumerate();
        let numbered = looks.flat_map(|(at, look)| look.names.iter().map(move |name| (*name, at)));
        numbered.collect()
    });
    const LONGEST: usize = 12;
    if name.len() > LONGEST {
        return None;
    }
    let number = *NUMBERS.get(name.to_ascii_lowercase().as_str())?;
    ALL.get(number)
}

/// The names of all languages.
#[cfg(test)]
pub fn names() -> Vec<&'static str> {
    LOOKS.iter().flat_map(|look| look.names).copied().collect()
}

const PLAIN: Look = Look {
    names: &[],
    form: Form::Code,
    comments: &[],
    comments_apart: false,
    blocks: &[],
    quotes: &[],
    words: &[],
    caseless: false,
    letters: &[],
    lines: false,
    calls: true,
    lists: false,
    capitals: false,
    assigns: false,
    keys: false,
    chars: false,
    lifetimes: false,
    raw: false,
    attributes: false,
    directives: false,
    decorators: false,
    symbols: false,
    variables: false,
    expands: false,
    percents: false,
    backslashes: false,
    here: false,
    regexes: false,
    elements: false,
    headings: false,
};

const fn quote(open: &'static str, escape: u8) -> Quote {
    Quote {
        open,
        close: open,
        escape,
        spans_lines: false,
        inner: None,
    }
}

const fn long(open: &'static str, close: &'static str, escape: u8) -> Quote {
    Quote {
        open,
        close,
        escape,
        spans_lines: true,
        inner: None,
    }
}

const fn with(quote: Quote, open: &'static str, close: u8) -> Quote {
    Quote {
        inner: Some(Inner { open, close }),
        ..quote
    }
}

const fn block(open: &'static str, close: &'static str) -> Block {
    Block {
        open,
        close,
        nests: false,
        at_margin: false,
    }
}

const fn nested(open: &'static str, close: &'static str) -> Block {
    Block {
        nests: true,
        ..block(open, close)
    }
}

const DOUBLE: Quote = quote("\"", b'\\');
const SINGLE: Quote = quote("'", b'\\');
/// Those that may go on in the next line.
const OPEN_DOUBLE: Quote = long("\"", "\"", b'\\');
const OPEN_SINGLE: Quote = long("'", "'", b'\\');
const DOUBLED: Quote = quote("'", b'\'');
const LONG: Quote = long("\"\"\"", "\"\"\"", b'\\');
const LONG_SINGLE: Quote = long("'''", "'''", b'\\');
const BACKTICK: Quote = long("`", "`", 0);
const TEMPLATE: Quote = with(long("`", "`", b'\\'), "${", b'}');
const BOTH: &[Quote] = &[DOUBLE, SINGLE];
const SLASHES: &[&str] = &["//"];
const HASH: &[&str] = &["#"];
const DASHES: &[&str] = &["--"];
const PERCENT: &[&str] = &["%"];
const STARS: &[Block] = &[block("/*", "*/")];
const NESTED_STARS: &[Block] = &[nested("/*", "*/")];
const ML_COMMENTS: &[Block] = &[nested("(*", "*)")];
const TRUTH: (Class, &str) = (Number, "true false null");

/// Languages in the manner of C.
const C_LIKE: Look = Look {
    comments: SLASHES,
    blocks: STARS,
    quotes: &[DOUBLE],
    chars: true,
    capitals: true,
    ..PLAIN
};

const SHELL: Look = Look {
    comments: HASH,
    comments_apart: true,
    quotes: &[
        with(OPEN_DOUBLE, "$(", b')'),
        long("$'", "'", b'\\'),
        long("'", "'", 0),
        BACKTICK,
    ],
    words: &[
        (
            Keyword,
            "if then elif else fi for while until do done case esac in function select return break continue exit export local declare readonly typeset unset shift set source alias trap eval exec time",
        ),
        (
            Function,
            "echo printf read cd pwd test cat grep sed awk cut sort uniq head tail tr xargs find ls cp mv rm mkdir chmod chown curl wget git sudo make tar ssh scp kill sleep date cargo npm pip docker apt brew python node",
        ),
        (Number, "true false"),
    ],
    letters: b"-./",
    lines: true,
    calls: true,
    variables: true,
    expands: true,
    here: true,
    ..PLAIN
};

const JS_WORDS: &str = "as async await break case catch class const continue debugger default delete do else export extends finally for from function get if import in instanceof let new of return set static super switch this throw try typeof var void while with yield";
const TS_WORDS: &str = "abstract any asserts declare enum implements infer interface is keyof module namespace never private protected public readonly satisfies type unknown";
const JS_VALUES: &str = "true false null undefined NaN Infinity";

const JS: Look = Look {
    quotes: &[DOUBLE, SINGLE, TEMPLATE],
    words: &[(Keyword, JS_WORDS), (Number, JS_VALUES)],
    letters: b"$",
    chars: false,
    decorators: true,
    regexes: true,
    elements: true,
    ..C_LIKE
};

const TS: Look = Look {
    words: &[
        (Keyword, JS_WORDS),
        (Keyword, TS_WORDS),
        (Type, "string number boolean bigint symbol object"),
        (Number, JS_VALUES),
    ],
    ..JS
};

const LISP: Look = Look {
    comments: &[";"],
    blocks: &[nested("#|", "|#")],
    quotes: &[OPEN_DOUBLE],
    words: &[
        (
            Keyword,
            "define define-syntax define-record-type defun defmacro defvar defparameter defstruct defclass defmethod defn defn- def defprotocol defrecord deftype defmulti ns lambda fn let let* letrec loop recur if cond case when unless begin do progn setq setf set! and or not quote require provide import module for doseq map-indexed struct match",
        ),
        (Number, "nil t true false #t #f"),
    ],
    letters: b"-!?*<>=/+.#&",
    calls: false,
    lists: true,
    symbols: true,
    ..PLAIN
};

/// All languages.
pub const LOOKS: &[Look] = &[
    Look {
        names: &["ada"],
        comments: DASHES,
        quotes: &[quote("\"", b'"')],
        chars: true,
        words: &[
            (
                Keyword,
                "abort abs abstract accept access aliased all and array at begin body case constant declare delay delta digits do else elsif end entry exception exit for function generic goto if in interface is limited loop mod new not of or others out overriding package pragma private procedure protected raise range record rem renames requeue return reverse select separate some subtype synchronized tagged task terminate then type until use when while with xor",
            ),
            (
                Type,
                "integer float boolean character string natural positive duration",
            ),
            (Number, "true false null"),
        ],
        caseless: true,
        ..PLAIN
    },
    Look {
        names: &["asm", "nasm"],
        comments: &[";", "#"],
        comments_apart: true,
        quotes: BOTH,
        words: &[
            (
                Keyword,
                "mov movzx movsx movabs lea push pop call ret jmp je jne jz jnz jg jge jl jle ja jae jb jbe cmp test add sub mul imul div idiv inc dec neg and or xor not shl shr sar sal rol ror nop int syscall leave enter xchg cmove cmovne sete setne loop rep movsb stosb hlt",
            ),
            (
                Attribute,
                "section segment global extern bits org align db dw dd dq resb resw resd resq equ times default rel",
            ),
            (
                Type,
                "rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip eax ebx ecx edx esi edi ebp esp ax bx cx dx al ah bl bh cl ch dl dh xmm0 xmm1 xmm2 xmm3 byte word dword qword ptr",
            ),
        ],
        caseless: true,
        letters: b".",
        lines: true,
        calls: false,
        ..PLAIN
    },
    Look {
        names: &["awk"],
        comments: HASH,
        quotes: &[DOUBLE],
        words: &[
            (
                Keyword,
                "BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf",
            ),
            (
                Attribute,
                "NR NF FS OFS RS ORS FNR FILENAME ENVIRON ARGC ARGV SUBSEP RSTART RLENGTH",
            ),
        ],
        lines: true,
        variables: true,
        regexes: true,
        ..PLAIN
    },
    Look {
        names: &["bash", "sh", "shell", "zsh"],
        ..SHELL
    },
    Look {
        names: &["fish"],
        words: &[
            (
                Keyword,
                "if else end for while in switch case function begin return break continue and or not set source test command builtin exit",
            ),
            (
                Function,
                "echo printf read cd pwd string math count contains status type cat grep sed ls cp mv rm mkdir curl git sudo",
            ),
            (Number, "true false"),
        ],
        ..SHELL
    },
    Look {
        names: &["bat", "cmd"],
        comments: &["::", "rem", "REM", "Rem"],
        comments_apart: true,
        quotes: &[quote("\"", 0)],
        words: &[
            (
                Keyword,
                "if else not exist for in do goto call set setlocal endlocal exit pause start shift echo off on defined errorlevel equ neq lss leq gtr geq",
            ),
            (
                Function,
                "cd chdir copy xcopy robocopy move del erase dir md mkdir rd rmdir ren type find findstr cls title path where",
            ),
        ],
        caseless: true,
        lines: true,
        calls: false,
        percents: true,
        ..PLAIN
    },
    Look {
        names: &["c", "glsl"],
        words: &[
            (
                Keyword,
                "auto break case const continue default do else enum extern for goto if inline register restrict return sizeof static struct switch typedef union volatile while _Atomic _Generic _Noreturn _Static_assert alignas alignof constexpr nullptr static_assert thread_local typeof uniform attribute varying in out inout layout discard precision highp mediump lowp flat smooth",
            ),
            (
                Type,
                "void bool char double float int long short signed unsigned size_t ssize_t ptrdiff_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t uintptr_t FILE vec2 vec3 vec4 ivec2 ivec3 ivec4 mat2 mat3 mat4 sampler2D samplerCube",
            ),
            (Number, "true false NULL"),
        ],
        directives: true,
        ..C_LIKE
    },
    Look {
        names: &["c++", "cpp"],
        words: &[
            (
                Keyword,
                "alignas alignof and asm auto break case catch class co_await co_return co_yield concept const consteval constexpr constinit const_cast continue decltype default delete do dynamic_cast else enum explicit export extern final for friend goto if inline mutable namespace new noexcept not operator or override private protected public register reinterpret_cast requires return sizeof static static_assert static_cast struct switch template this thread_local throw try typedef typeid typename union using virtual volatile while",
            ),
            (
                Type,
                "void bool char char8_t char16_t char32_t double float int long short signed unsigned wchar_t size_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t string vector map set unique_ptr shared_ptr optional string_view",
            ),
            (Number, "true false nullptr NULL"),
        ],
        directives: true,
        ..C_LIKE
    },
    Look {
        names: &["c#", "cs", "csharp"],
        quotes: &[
            LONG,
            long("@\"", "\"", b'"'),
            with(quote("$\"", b'\\'), "{", b'}'),
            DOUBLE,
        ],
        words: &[
            (
                Keyword,
                "abstract as async await base break case catch checked class const continue default delegate do else enum event explicit extern finally fixed for foreach get goto if implicit in init interface internal is lock nameof namespace new operator out override params partial private protected public readonly record ref required return sealed set sizeof stackalloc static struct switch this throw try typeof unchecked unsafe using value var virtual volatile when where while with yield",
            ),
            (
                Type,
                "bool byte char decimal double dynamic float int long object sbyte short string uint ulong ushort void",
            ),
            TRUTH,
        ],
        directives: true,
        ..C_LIKE
    },
    Look {
        names: &["clj", "clojure"],
        letters: b"-!?*<>=/+.#&'",
        ..LISP
    },
    Look {
        names: &["lisp", "scheme", "racket"],
        ..LISP
    },
    Look {
        names: &["cmake"],
        comments: HASH,
        quotes: &[OPEN_DOUBLE],
        words: &[
            (
                Keyword,
                "if elseif else endif foreach endforeach while endwhile function endfunction macro endmacro return include find_package project cmake_minimum_required set unset option add_executable add_library target_link_libraries target_include_directories add_subdirectory install",
            ),
            (Number, "on off true false"),
            (Type, "public private interface required static shared"),
        ],
        caseless: true,
        ..PLAIN
    },
    Look {
        names: &["coffee", "coffeescript"],
        comments: HASH,
        blocks: &[block("###", "###")],
        quotes: &[
            with(LONG, "#{", b'}'),
            with(OPEN_DOUBLE, "#{", b'}'),
            SINGLE,
        ],
        words: &[
            (
                Keyword,
                "and break by case catch class continue delete do else export extends finally for if import in instanceof is isnt loop new not of or return super switch then this throw try typeof unless until when while yield await",
            ),
            (Number, "true false null undefined yes no on off"),
        ],
        letters: b"$",
        lines: true,
        capitals: true,
        decorators: true,
        regexes: true,
        ..PLAIN
    },
    Look {
        names: &["css", "less"],
        form: Form::Css,
        ..PLAIN
    },
    Look {
        names: &["scss"],
        form: Form::Css,
        ..PLAIN
    },
    Look {
        names: &["sass"],
        form: Form::Sass,
        ..PLAIN
    },
    Look {
        names: &["d"],
        blocks: &[block("/*", "*/"), nested("/+", "+/")],
        quotes: &[DOUBLE, BACKTICK],
        words: &[
            (
                Keyword,
                "abstract alias align asm assert auto body break case cast catch class const continue debug default delegate delete deprecated do else enum export extern final finally for foreach foreach_reverse function goto if immutable import in inout interface invariant is lazy macro mixin module new nothrow out override package pragma private protected public pure ref return scope shared static struct super switch synchronized template this throw try typeid typeof union unittest version while with",
            ),
            (
                Type,
                "void bool byte ubyte short ushort int uint long ulong float double real char wchar dchar string size_t",
            ),
            TRUTH,
        ],
        decorators: true,
        ..C_LIKE
    },
    Look {
        names: &["dart"],
        quotes: &[
            with(LONG, "${", b'}'),
            with(LONG_SINGLE, "${", b'}'),
            with(DOUBLE, "${", b'}'),
            with(SINGLE, "${", b'}'),
        ],
        words: &[
            (
                Keyword,
                "abstract as assert async await base break case catch class const continue covariant default deferred do else enum export extends extension external factory final finally for get hide if implements import in interface is late library mixin new on operator part required rethrow return sealed set show static super switch sync this throw try typedef var when while with yield",
            ),
            (Type, "void bool int double num dynamic"),
            TRUTH,
        ],
        chars: false,
        decorators: true,
        ..C_LIKE
    },
    Look {
        names: &["diff", "patch"],
        form: Form::Diff,
        ..PLAIN
    },
    Look {
        names: &["docker", "dockerfile"],
        comments: HASH,
        comments_apart: true,
        words: &[(
            Keyword,
            "FROM AS RUN CMD LABEL MAINTAINER EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ARG ONBUILD STOPSIGNAL HEALTHCHECK SHELL",
        )],
        ..SHELL
    },
    Look {
        names: &["dot"],
        comments: &["//", "#"],
        words: &[(Keyword, "strict graph digraph node edge subgraph")],
        quotes: &[OPEN_DOUBLE],
        chars: false,
        capitals: false,
        ..C_LIKE
    },
    Look {
        names: &["elixir", "ex"],
        comments: HASH,
        quotes: &[with(LONG, "#{", b'}'), with(DOUBLE, "#{", b'}'), SINGLE],
        words: &[
            (
                Keyword,
                "after alias and case catch cond def defdelegate defexception defguard defimpl defmacro defmacrop defmodule defp defprotocol defstruct do else end fn for if import in not or quote raise receive require rescue super throw try unless unquote use when with",
            ),
            (Number, "true false nil"),
        ],
        letters: b"?!",
        lines: true,
        capitals: true,
        decorators: true,
        symbols: true,
        ..PLAIN
    },
    Look {
        names: &["elm"],
        comments: DASHES,
        blocks: &[nested("{-", "-}")],
        quotes: &[LONG, DOUBLE],
        chars: true,
        words: &[(
            Keyword,
            "alias as case else exposing if import in infix let module of port then type where",
        )],
        letters: b"'",
        lines: true,
        calls: false,
        capitals: true,
        ..PLAIN
    },
    Look {
        names: &["erl", "erlang"],
        comments: PERCENT,
        quotes: &[DOUBLE, SINGLE],
        words: &[
            (
                Keyword,
                "after and andalso band begin bnot bor bsl bsr bxor case catch cond div end fun if let maybe not of or orelse receive rem try when xor module export import behaviour define include record spec type",
            ),
            (Number, "true false undefined ok error"),
        ],
        capitals: true,
        ..PLAIN
    },
    Look {
        names: &["f#", "fsharp"],
        comments: SLASHES,
        blocks: ML_COMMENTS,
        quotes: &[LONG, with(quote("$\"", b'\\'), "{", b'}'), OPEN_DOUBLE],
        chars: true,
        words: &[
            (
                Keyword,
                "abstract and as assert base begin class default delegate do done downcast downto elif else end exception extern finally fixed for fun function global if in inherit inline interface internal lazy let match member module mutable namespace new not of open or override private public rec return select sig static struct then to try type upcast use val void when while with yield",
            ),
            (
                Type,
                "int float string bool unit char byte decimal double list option seq array",
            ),
            TRUTH,
        ],
        letters: b"'",
        lines: true,
        capitals: true,
        ..PLAIN
    },
    Look {
        names: &["fortran"],
        comments: &["!"],
        quotes: &[quote("\"", b'"'), DOUBLED],
        words: &[
            (
                Keyword,
                "allocatable allocate associate block call case class close contains continue cycle data deallocate default dimension do elemental else elseif elsewhere end enddo endif entry enum exit extends external final forall format function generic go goto if implicit import in include inout inquire intent interface intrinsic kind len module namelist none nullify only open operator optional out parameter pointer print private procedure program protected public pure read recursive result return save select stop subroutine target then to type use value volatile where while write",
            ),
            (
                Type,
                "integer real complex character logical double precision",
            ),
        ],
        caseless: true,
        lines: true,
        ..PLAIN
    },
    Look {
        names: &["go", "golang"],
        quotes: &[DOUBLE, BACKTICK],
        words: &[
            (
                Keyword,
                "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var",
            ),
            (
                Type,
                "any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32 uint64 uintptr",
            ),
            (
                Function,
                "append cap clear close complex copy delete imag len make max min new panic print println real recover",
            ),
            (Number, "true false nil iota"),
        ],
        ..C_LIKE
    },
    Look {
        names: &["graphql"],
        comments: HASH,
        quotes: &[LONG, DOUBLE],
        words: &[
            (
                Keyword,
                "directive enum extend fragment implements input interface mutation on query scalar schema subscription type union",
            ),
            (Type, "Int Float String Boolean ID"),
            TRUTH,
        ],
        calls: false,
        capitals: true,
        decorators: true,
        variables: true,
        ..PLAIN
    },
    Look {
        names: &["groovy"],
        quotes: &[
            with(LONG, "${", b'}'),
            LONG_SINGLE,
            with(DOUBLE, "${", b'}'),
            SINGLE,
        ],
        words: &[
            (
                Keyword,
                "abstract as assert break case catch class const continue def default do else enum extends final finally for goto if implements import in instanceof interface native new package private protected public return static super switch synchronized this throw throws trait transient try var void volatile while",
            ),
            (Type, "boolean byte char double float int long short"),
            TRUTH,
        ],
        chars: false,
        decorators: true,
        ..C_LIKE
    },
    Look {
        names: &["haskell", "hs"],
        comments: DASHES,
        blocks: &[nested("{-", "-}")],
        quotes: &[DOUBLE],
        chars: true,
        words: &[(
            Keyword,
            "as case class data default deriving do else family forall foreign hiding if import in infix infixl infixr instance let module newtype of qualified then type where",
        )],
        letters: b"'",
        calls: false,
        capitals: true,
        ..PLAIN
    },
    Look {
        names: &["hcl", "terraform"],
        comments: &["#", "//"],
        blocks: STARS,
        quotes: &[with(DOUBLE, "${", b'}')],
        words: &[
            (
                Keyword,
                "resource data variable output provider module locals terraform for in if dynamic backend moved import check",
            ),
            (Type, "string number bool list map set object tuple any"),
            TRUTH,
        ],
        letters: b"-",
        lines: true,
        assigns: true,
        here: true,
        ..PLAIN
    },
    Look {
        names: &["html"],
        form: Form::Markup(Flavour::Html),
        ..PLAIN
    },
    Look {
        names: &["http"],
        form: Form::Http,
        ..PLAIN
    },
    Look {
        names: &["ini", "properties"],
        form: Form::Ini,
        comments: &[";", "#", "!"],
        ..PLAIN
    },
    Look {
        names: &["java"],
        quotes: &[LONG, DOUBLE],
        words: &[
            (
                Keyword,
                "abstract assert break case catch class const continue default do else enum extends final finally for goto if implements import instanceof interface native new non-sealed package permits private protected public record return sealed static strictfp super switch synchronized this throw throws transient try var volatile when while yield",
            ),
            (Type, "boolean byte char double float int long short void"),
            TRUTH,
        ],
        decorators: true,
        ..C_LIKE
    },
    Look {
        names: &["jq"],
        comments: HASH,
        quotes: &[with(DOUBLE, "\\(", b')')],
        words: &[
            (
                Keyword,
                "def if then elif else end as reduce foreach try catch label import include and or not",
            ),
            TRUTH,
        ],
        variables: true,
        decorators: true,
        ..PLAIN
    },
    Look {
        names: &["js", "javascript", "mjs", "jsx"],
        ..JS
    },
    Look {
        names: &["ts", "typescript"],
        elements: false,
        ..TS
    },
    Look {
        names: &["tsx"],
        ..TS
    },
    Look {
        names: &["json", "json5", "jsonc"],
        quotes: BOTH,
        words: &[TRUTH, (Number, "NaN Infinity")],
        keys: true,
        chars: false,
        capitals: false,
        calls: false,
        ..C_LIKE
    },
    Look {
        names: &["julia"],
        comments: HASH,
        blocks: &[nested("#=", "=#")],
        quotes: &[with(LONG, "$(", b')'), with(DOUBLE, "$(", b')'), BACKTICK],
        chars: true,
        words: &[
            (
                Keyword,
                "abstract baremodule begin break catch const continue do else elseif end export finally for function global if import in isa let local macro module mutable primitive quote return struct try type using where while",
            ),
            (Number, "true false nothing missing Inf NaN"),
        ],
        letters: b"!",
        lines: true,
        capitals: true,
        decorators: true,
        ..PLAIN
    },
    Look {
        names: &["kotlin", "kt"],
        blocks: NESTED_STARS,
        quotes: &[with(LONG, "${", b'}'), with(DOUBLE, "${", b'}')],
        words: &[
            (
                Keyword,
                "abstract actual annotation as break by catch class companion const constructor continue crossinline data delegate do else enum expect external final finally for fun get if import in infix init inline inner interface internal is lateinit noinline object open operator out override package private protected public reified return sealed set super suspend tailrec this throw try typealias val value var vararg when where while",
            ),
            TRUTH,
        ],
        decorators: true,
        ..C_LIKE
    },
    Look {
        names: &["latex", "tex"],
        comments: PERCENT,
        quotes: &[long("$$", "$$", b'\\'), long("$", "$", b'\\')],
        backslashes: true,
        calls: false,
        ..PLAIN
    },
    Look {
        names: &["lua"],
        comments: DASHES,
        blocks: &[block("--[[", "]]")],
        quotes: &[DOUBLE, SINGLE, long("[[", "]]", 0)],
        words: &[
            (
                Keyword,
                "and break do else elseif end for function goto if in local not or repeat return then until while",
            ),
            (Number, "true false nil"),
        ],
        lines: true,
        ..PLAIN
    },
    Look {
        names: &["make", "makefile"],
        form: Form::Make,
        ..PLAIN
    },
    Look {
        names: &["markdown", "md"],
        form: Form::Markdown,
        ..PLAIN
    },
    Look {
        names: &["matlab"],
        comments: PERCENT,
        quotes: &[quote("\"", b'"')],
        chars: true,
        words: &[
            (
                Keyword,
                "break case catch classdef continue else elseif end events for function global if methods otherwise parfor persistent properties return spmd switch try while",
            ),
            (Number, "true false pi inf nan eps"),
        ],
        lines: true,
        ..PLAIN
    },
    Look {
        names: &["nginx"],
        comments: HASH,
        quotes: BOTH,
        words: &[
            (
                Keyword,
                "server location upstream http events if map include listen server_name root index alias return rewrite try_files proxy_pass proxy_set_header add_header expires error_page access_log error_log ssl_certificate ssl_certificate_key gzip gzip_static gzip_types brotli_static charset default_type types worker_processes worker_connections sendfile keepalive_timeout client_max_body_size limit_req set deny allow auth_basic",
            ),
            (Number, "on off"),
        ],
        letters: b"-",
        calls: false,
        variables: true,
        ..PLAIN
    },
    Look {
        names: &["nim"],
        comments: HASH,
        blocks: &[nested("#[", "]#")],
        quotes: &[LONG, DOUBLE],
        chars: true,
        words: &[
            (
                Keyword,
                "addr and as asm bind block break case cast concept const continue converter defer discard distinct div do elif else end enum except export finally for from func if import in include interface is isnot iterator let macro method mixin mod nil not notin object of or out proc ptr raise ref return shl shr static template try tuple type using var when while xor yield",
            ),
            (
                Type,
                "int int8 int16 int32 int64 uint float float32 float64 bool char string seq array set cstring void",
            ),
            (Number, "true false"),
        ],
        lines: true,
        capitals: true,
        ..PLAIN
    },
    Look {
        names: &["nix"],
        comments: HASH,
        blocks: STARS,
        quotes: &[
            with(long("''", "''", 0), "${", b'}'),
            with(OPEN_DOUBLE, "${", b'}'),
        ],
        words: &[
            (
                Keyword,
                "let in rec with inherit if then else assert import or",
            ),
            (
                Function,
                "builtins map toString fetchurl fetchTarball mkDerivation",
            ),
            TRUTH,
        ],
        letters: b"-'",
        assigns: true,
        calls: false,
        ..PLAIN
    },
    Look {
        names: &["objc", "objective-c"],
        quotes: &[quote("@\"", b'\\'), DOUBLE],
        words: &[
            (
                Keyword,
                "auto break case const continue default do else enum extern for goto if inline register return sizeof static struct switch typedef union volatile while self super in nonatomic strong weak copy assign readonly readwrite nullable nonnull",
            ),
            (
                Type,
                "void bool char double float int long short signed unsigned id instancetype BOOL NSInteger NSUInteger CGFloat SEL Class",
            ),
            (Number, "YES NO nil NULL true false"),
        ],
        directives: true,
        decorators: true,
        ..C_LIKE
    },
    Look {
        names: &["ocaml"],
        blocks: ML_COMMENTS,
        quotes: &[long("{|", "|}", 0), OPEN_DOUBLE],
        chars: true,
        words: &[
            (
                Keyword,
                "and as assert asr begin class constraint do done downto else end exception external for fun function functor if in include inherit initializer land lazy let lor lsl lsr lxor match method mod module mutable new nonrec object of open or private rec sig struct then to try type val virtual when while with",
            ),
            (
                Type,
                "int float string bool unit char list array option bytes exn",
            ),
            (Number, "true false"),
        ],
        letters: b"'",
        calls: false,
        capitals: true,
        ..PLAIN
    },
    Look {
        names: &["pascal"],
        comments: SLASHES,
        blocks: &[block("{", "}"), block("(*", "*)")],
        quotes: &[DOUBLED],
        words: &[
            (
                Keyword,
                "and array as asm begin case class const constructor destructor div do downto else end except exports file finalization finally for function goto if implementation in inherited initialization inline interface is label library mod not object of on operator or out override packed private procedure program property protected public published raise record repeat set shl shr then to try type unit until uses var virtual while with xor",
            ),
            (
                Type,
                "integer cardinal byte word longint int64 real single double extended boolean char string pointer",
            ),
            (Number, "true false nil"),
        ],
        caseless: true,
        ..PLAIN
    },
    Look {
        names: &["perl", "pl"],
        comments: HASH,
        blocks: &[Block {
            at_margin: true,
            ..block("=pod", "=cut")
        }],
        quotes: &[OPEN_DOUBLE, OPEN_SINGLE, BACKTICK],
        words: &[(
            Keyword,
            "and cmp continue die do each else elsif eq eval for foreach ge given gt if keys last le local lt my ne next no not or our package print printf push qw redo require return say shift splice sub undef unless unshift until use values when while wantarray xor",
        )],
        lines: true,
        variables: true,
        here: true,
        regexes: true,
        ..PLAIN
    },
    Look {
        names: &["php"],
        form: Form::Markup(Flavour::Php),
        ..PLAIN
    },
    // What stands between `<?php` and `?>`.
    Look {
        names: &["php-code"],
        comments: &["//", "#"],
        quotes: &[with(OPEN_DOUBLE, "{", b'}'), OPEN_SINGLE, BACKTICK],
        words: &[
            (
                Keyword,
                "abstract and array as break callable case catch class clone const continue declare default do echo else elseif empty enum extends final finally fn for foreach function global goto if implements include include_once instanceof insteadof interface isset list match namespace new or print private protected public readonly require require_once return static switch throw trait try unset use var while xor yield",
            ),
            (
                Type,
                "bool float int iterable mixed never object self string void",
            ),
            TRUTH,
        ],
        caseless: true,
        chars: false,
        attributes: true,
        variables: true,
        here: false,
        ..C_LIKE
    },
    Look {
        names: &["proto", "protobuf"],
        words: &[
            (
                Keyword,
                "edition enum extend extensions import map message oneof option optional package public repeated required reserved returns rpc service stream syntax to weak",
            ),
            (
                Type,
                "bool bytes double fixed32 fixed64 float int32 int64 sfixed32 sfixed64 sint32 sint64 string uint32 uint64",
            ),
            TRUTH,
        ],
        chars: false,
        ..C_LIKE
    },
    Look {
        names: &["py", "python"],
        comments: HASH,
        quotes: &[LONG, LONG_SINGLE, DOUBLE, SINGLE],
        words: &[
            (
                Keyword,
                "and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return self cls try while with yield",
            ),
            (
                Type,
                "int float str bytes bool list dict set tuple frozenset object type complex bytearray",
            ),
            (Number, "True False None Ellipsis NotImplemented"),
        ],
        lines: true,
        capitals: true,
        decorators: true,
        ..PLAIN
    },
    Look {
        names: &["r"],
        comments: HASH,
        quotes: &[OPEN_DOUBLE, OPEN_SINGLE, BACKTICK],
        words: &[
            (
                Keyword,
                "break else for function if in next repeat return while library require source",
            ),
            (Number, "TRUE FALSE NULL NA NaN Inf T F"),
        ],
        letters: b".",
        lines: true,
        ..PLAIN
    },
    Look {
        names: &["rb", "ruby"],
        comments: HASH,
        blocks: &[Block {
            at_margin: true,
            ..block("=begin", "=end")
        }],
        quotes: &[with(OPEN_DOUBLE, "#{", b'}'), OPEN_SINGLE, BACKTICK],
        words: &[
            (
                Keyword,
                "alias and attr_accessor attr_reader attr_writer begin break case class def defined? do else elsif end ensure extend for if in include lambda loop module next not or private proc protected public puts raise redo require require_relative rescue retry return self super then undef unless until when while yield",
            ),
            (Number, "true false nil"),
        ],
        letters: b"?!",
        lines: true,
        capitals: true,
        decorators: true,
        symbols: true,
        variables: true,
        here: true,
        regexes: true,
        ..PLAIN
    },
    Look {
        names: &["rs", "rust"],
        blocks: NESTED_STARS,
        quotes: &[OPEN_DOUBLE],
        words: &[
            (
                Keyword,
                "Self as async await break const continue crate dyn else enum extern fn for gen if impl in let loop match mod move mut pub ref return self static struct super trait type union unsafe use where while yield",
            ),
            (
                Type,
                "bool char f32 f64 i128 i16 i32 i64 i8 isize str u128 u16 u32 u64 u8 usize",
            ),
            (Number, "true false"),
        ],
        lifetimes: true,
        raw: true,
        attributes: true,
        ..C_LIKE
    },
    Look {
        names: &["scala"],
        blocks: NESTED_STARS,
        quotes: &[with(LONG, "${", b'}'), with(DOUBLE, "${", b'}')],
        words: &[
            (
                Keyword,
                "abstract case catch class def derives do else end enum export extends extension final finally for forSome given if implicit import infix inline lazy match new object opaque open override package private protected return sealed super then this throw trait transparent try type using val var while with yield",
            ),
            TRUTH,
        ],
        decorators: true,
        ..C_LIKE
    },
    Look {
        names: &["sol", "solidity"],
        quotes: BOTH,
        words: &[
            (
                Keyword,
                "abstract anonymous as assembly break calldata catch constant constructor continue contract delete do else emit enum error event external fallback for function if immutable import indexed interface internal is library mapping memory modifier new override payable pragma private public pure receive return returns revert storage struct super this throw try type unchecked using view virtual while",
            ),
            (
                Type,
                "address bool bytes bytes4 bytes32 int int256 string uint uint8 uint64 uint128 uint256",
            ),
            (
                Number,
                "true false wei gwei ether seconds minutes hours days weeks",
            ),
        ],
        chars: false,
        ..C_LIKE
    },
    Look {
        names: &["sql"],
        comments: DASHES,
        blocks: STARS,
        quotes: &[long("'", "'", b'\''), quote("\"", b'"'), BACKTICK],
        words: &[
            (
                Keyword,
                "add after all alter analyze and any as asc begin between by cascade case cast check collate column commit constraint create cross cube current database declare default delete desc describe distinct drop else end escape except exec execute exists explain fetch first following for foreign from full function grant group grouping having if ignore ilike in index inner insert intersect interval into is join key last lateral left like limit match materialized merge natural not nulls of offset on only or order outer over partition preceding primary procedure range recursive references rename replace returning revoke right rollback rollup row rows schema select sequence set show some table temporary then to top transaction trigger truncate unbounded union unique update use using values view when where window with",
            ),
            (
                Type,
                "bigint binary bit blob boolean bool char character clob date datetime decimal double float int integer json jsonb money nchar numeric nvarchar real serial smallint text time timestamp timestamptz tinyint uuid varbinary varchar",
            ),
            (Number, "true false null"),
        ],
        caseless: true,
        ..PLAIN
    },
    Look {
        names: &["svelte"],
        form: Form::Markup(Flavour::Svelte),
        ..PLAIN
    },
    Look {
        names: &["swift"],
        blocks: NESTED_STARS,
        quotes: &[with(LONG, "\\(", b')'), with(DOUBLE, "\\(", b')')],
        words: &[
            (
                Keyword,
                "actor any as associatedtype async await break case catch class continue convenience default defer deinit do dynamic else enum extension fallthrough fileprivate final for func get guard if import in indirect infix init inout internal is lazy let mutating nonisolated open operator override postfix precedencegroup prefix private protocol public repeat required rethrows return self Self set some static struct subscript super switch throw throws try typealias unowned var weak where while willSet didSet",
            ),
            (Number, "true false nil"),
        ],
        chars: false,
        directives: true,
        decorators: true,
        ..C_LIKE
    },
    Look {
        names: &["tcl"],
        comments: HASH,
        comments_apart: true,
        quotes: &[OPEN_DOUBLE],
        words: &[(
            Keyword,
            "after array break catch continue else elseif error eval exec expr for foreach global if incr info lappend lindex list llength namespace package proc puts regexp regsub rename return set source split string subst switch unset upvar variable while",
        )],
        lines: true,
        calls: false,
        variables: true,
        ..PLAIN
    },
    Look {
        names: &["toml"],
        comments: HASH,
        quotes: &[LONG, LONG_SINGLE, DOUBLE, quote("'", 0)],
        words: &[(Number, "true false inf nan")],
        letters: b"-.",
        lines: true,
        calls: false,
        assigns: true,
        headings: true,
        ..PLAIN
    },
    Look {
        names: &["typst"],
        quotes: &[DOUBLE, quote("`", 0)],
        words: &[(
            Keyword,
            "let set show import include if else for while return none auto true false",
        )],
        chars: false,
        capitals: false,
        directives: true,
        decorators: true,
        ..C_LIKE
    },
    Look {
        names: &["vhdl"],
        comments: DASHES,
        quotes: &[quote("\"", b'"')],
        chars: true,
        words: &[
            (
                Keyword,
                "abs access after alias all and architecture array assert attribute begin block body buffer bus case component configuration constant disconnect downto else elsif end entity exit file for function generate generic group guarded if impure in inertial inout is label library linkage literal loop map mod nand new next nor not null of on open or others out package port postponed procedure process pure range record register reject rem report return rol ror select severity shared signal sla sll sra srl subtype then to transport type unaffected units until use variable wait when while with xnor xor",
            ),
            (
                Type,
                "std_logic std_logic_vector integer natural positive boolean bit bit_vector signed unsigned real time string",
            ),
            (Number, "true false"),
        ],
        caseless: true,
        ..PLAIN
    },
    Look {
        names: &["vim"],
        blocks: &[Block {
            at_margin: true,
            ..block("\"", "\n")
        }],
        quotes: &[quote("\"", b'\\'), DOUBLED],
        words: &[(
            Keyword,
            "if elseif else endif for endfor while endwhile function endfunction return let const unlet set setlocal call execute normal augroup autocmd command map nmap nnoremap inoremap vnoremap noremap syntax highlight source echo echom try catch finally endtry abort silent",
        )],
        lines: true,
        letters: b":",
        ..PLAIN
    },
    Look {
        names: &["vue"],
        form: Form::Markup(Flavour::Vue),
        ..PLAIN
    },
    Look {
        names: &["wgsl"],
        blocks: NESTED_STARS,
        words: &[
            (
                Keyword,
                "alias break case const const_assert continue continuing default diagnostic discard else enable fn for if let loop override return struct switch var while",
            ),
            (
                Type,
                "bool f16 f32 i32 u32 vec2 vec3 vec4 vec2f vec3f vec4f mat2x2 mat3x3 mat4x4 mat4x4f array atomic ptr sampler texture_2d",
            ),
            (Number, "true false"),
        ],
        decorators: true,
        ..C_LIKE
    },
    Look {
        names: &["xml", "svg"],
        form: Form::Markup(Flavour::Xml),
        ..PLAIN
    },
    Look {
        names: &["yaml", "yml"],
        form: Form::Yaml,
        ..PLAIN
    },
    Look {
        names: &["zig"],
        quotes: &[DOUBLE],
        words: &[
            (
                Keyword,
                "addrspace align allowzero and anyframe anytype asm async await break callconv catch comptime const continue defer else enum errdefer error export extern fn for if inline linksection noalias noinline nosuspend opaque or orelse packed pub resume return struct suspend switch test threadlocal try union unreachable usingnamespace var volatile while",
            ),
            (
                Type,
                "anyerror bool c_int comptime_float comptime_int f16 f32 f64 i8 i16 i32 i64 i128 isize noreturn type u8 u16 u32 u64 u128 usize void",
            ),
            (Number, "true false null undefined"),
        ],
        blocks: &[],
        decorators: true,
        ..C_LIKE
    },
];
