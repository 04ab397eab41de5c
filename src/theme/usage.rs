//! Variables that a site's templates ask for and that no page has.
//!
//! The engine names a missing variable where a page meets it. Here all templates of the site are
//! looked through, also those that no page of this build is printed by. The engine keeps what it
//! parsed to itself, so expressions are read once more, and whatever can't be followed (what a
//! filter gives, arguments of components, names that another template sets) counts as known: what
//! is reported is missing on every page that the template may print.
//!
//! What a template asks for with `?.`, `is defined` or `default` is its own business.

mod tokens;

use super::Theme;
use crate::base::diagnostic::{Code, Diagnostic, Lines, nearest};
use std::collections::{BTreeMap, BTreeSet};
use tokens::{Block, Sort, Token, blocks};

/// What templates get: types with their fields, and the type that each template prints.
#[derive(Debug, Clone, Default)]
pub struct Contract {
    types: BTreeMap<&'static str, BTreeMap<&'static str, Kind>>,
    printed: BTreeMap<&'static str, &'static str>,
}

/// What a variable is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// Text, number, boolean or HTML: it has no fields.
    Scalar,
    /// Nobody knows.
    Anything,
    /// The theme's words.
    Words,
    /// A type of the contract.
    Of(&'static str),
    List(Box<Kind>),
}

/// The type of the global `site`.
const SITE: &str = "SiteView";
/// The type of `page`, which every page has.
const HEAD: &str = "Head";
/// The type of what the component `card` gets.
const CARD: &str = "Card";
/// Folders of variants, and the template that each stands in for.
const VARIANTS: [(&str, &str); 3] = [
    ("article/", "article.html"),
    ("channel/", "channel.html"),
    ("page/", "page.html"),
];
/// A word that gives a template everything there is.
const EVERYTHING: &str = "__tera_context";

impl Contract {
    /// Reads a list of types: a line with a type's name and the templates that print it, then a
    /// line for each field, indented, with its name and what it is.
    pub fn read(text: &'static str) -> Contract {
        let mut contract = Contract::default();
        let mut current = "";
        for line in text.lines() {
            if let Some(field) = line.strip_prefix("  ") {
                let (name, kind) = field.split_once(' ').unwrap_or((field, "anything"));
                let own = contract.types.entry(current).or_default();
                own.insert(name, Kind::read(kind));
            } else {
                let mut names = line.split(' ').filter(|name| !name.is_empty());
                current = names.next().unwrap_or_default();
                let printed = names.map(|template| (template, current));
                contract.printed.extend(printed);
            }
        }
        contract
    }

    /// The type that a template prints, by its name or by the folder of its variant.
    fn type_of(&self, template: &str) -> Option<&'static str> {
        let folder = VARIANTS
            .iter()
            .find(|(folder, _)| template.starts_with(folder) && template.ends_with(".html"));
        let name = folder.map_or(template, |(_, whole)| whole);
        self.printed.get(name).copied()
    }

    fn fields(&self, name: &str) -> impl Iterator<Item = (&'static str, &Kind)> {
        let fields = self.types.get(name).into_iter().flatten();
        fields.map(|(name, kind)| (*name, kind))
    }
}

impl Kind {
    fn read(text: &'static str) -> Kind {
        let text = text.strip_suffix(" or none").unwrap_or(text);
        if let Some(inner) = text.strip_prefix("list of ") {
            return Kind::List(Box::new(Kind::read(inner)));
        }
        match text {
            "text" | "number" | "boolean" | "HTML" => Kind::Scalar,
            "anything" => Kind::Anything,
            name => Kind::Of(name),
        }
    }
}

/// What is to be said of the templates of a site.
pub(super) fn unknown(theme: &Theme, contract: &Contract) -> Vec<Diagnostic> {
    let is_own = |name: &&String| name.starts_with("site/");
    if !theme.sources.keys().any(|name| is_own(&name)) {
        return Vec::new();
    }
    let family = Family::of(&theme.sources, contract);
    let words: BTreeSet<&str> = theme
        .words
        .values()
        .filter_map(|words| words.as_object())
        .flat_map(|words| words.keys().map(String::as_str))
        .collect();
    let own = theme.sources.iter().filter(|(name, _)| is_own(name));
    own.flat_map(|(name, text)| {
        let mut reader = Reader::new(contract, &words, &family, name);
        reader.read(&family.blocks[name.as_str()]);
        let mut misses = std::mem::take(&mut reader.misses);
        let guarded = &reader.guarded;
        misses.retain(|miss| !guarded.iter().any(|path| miss.is_below(path)));
        // The engine has its own list of what a template asks for from outside.
        if let Ok(asked) = theme.tera.get_template_variables(name) {
            misses.retain(|miss| miss.path.contains('.') || asked.contains(miss.path.as_str()));
        }
        let path = name.replacen("site/", "templates/", 1);
        let said: Vec<Diagnostic> = misses
            .iter()
            .map(|miss| miss.diagnostic(&path, text))
            .collect();
        said
    })
    .collect()
}

/// How templates hang together.
struct Family<'t> {
    blocks: BTreeMap<&'t str, Vec<Block<'t>>>,
    /// The types of the pages that each may be part of.
    types: BTreeMap<&'t str, BTreeSet<&'static str>>,
    /// Names that templates give to values, of those around each.
    set: BTreeMap<&'t str, BTreeSet<&'t str>>,
}

impl<'t> Family<'t> {
    fn of(sources: &'t BTreeMap<String, String>, contract: &Contract) -> Family<'t> {
        let texts = sources.iter().map(|(name, text)| (name.as_str(), text));
        let blocks: BTreeMap<&str, Vec<Block>> =
            texts.map(|(name, text)| (name, blocks(text))).collect();
        let named = |name: &str| {
            let names = ["", "site/", "theme/"].map(|prefix| format!("{prefix}{name}"));
            let known = names
                .iter()
                .find_map(|name| blocks.get_key_value(name.as_str()));
            known.map(|(name, _)| *name)
        };
        let reached: BTreeMap<&str, BTreeSet<&str>> = blocks
            .keys()
            .map(|name| {
                let (mut seen, mut next) = (BTreeSet::new(), vec![*name]);
                while let Some(name) = next.pop() {
                    if seen.insert(name) {
                        next.extend(
                            blocks[name]
                                .iter()
                                .filter_map(Block::file)
                                .filter_map(named),
                        );
                    }
                }
                (*name, seen)
            })
            .collect();
        let mut types: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let bare = |name: &'t str| name.split_once('/').map_or(name, |(_, bare)| bare);
        for (name, all) in &reached {
            if let Some(of) = contract.type_of(bare(name)) {
                for part in all {
                    types.entry(part).or_default().insert(of);
                }
            }
        }
        let own: BTreeMap<&str, BTreeSet<&str>> = blocks
            .iter()
            .map(|(name, blocks)| (*name, blocks.iter().flat_map(Block::sets).collect()))
            .collect();
        let mut set: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (name, all) in &reached {
            for part in all.iter().filter(|part| *part != name) {
                set.entry(part).or_default().extend(&own[name]);
                set.entry(name).or_default().extend(&own[part]);
            }
        }
        Family { blocks, types, set }
    }
}

/// A variable that there is not.
struct Miss {
    /// As it was written, up to the part that is missing.
    path: String,
    /// Where that part stands.
    range: std::ops::Range<usize>,
    available: Vec<String>,
}

impl Miss {
    fn is_below(&self, path: &str) -> bool {
        let rest = self.path.strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    fn diagnostic(&self, file: &str, text: &str) -> Diagnostic {
        let place = Lines::new(file, text).place_of(self.range.clone(), "");
        let message = match self.path.rsplit_once('.') {
            Some((of, name)) => format!("`{of}` has no `{name}`"),
            None => format!("there is no variable `{}` on these pages", self.path),
        };
        let name = self.path.rsplit('.').next().unwrap_or_default();
        let near = nearest(name, self.available.iter().map(String::as_str));
        let diagnostic = Diagnostic::new(Code::UnknownVariable, message).at(place);
        match near {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None if self.available.is_empty() => diagnostic,
            None => diagnostic.help(format!("there are: {}", self.available.join(", "))),
        }
    }
}

/// Names that are bound in a part of a template.
#[derive(Default)]
struct Scope<'t> {
    names: BTreeMap<&'t str, Kind>,
    /// Whether it is a component's, which sees nothing around.
    is_closed: bool,
}

/// Reads one template.
struct Reader<'t> {
    contract: &'t Contract,
    words: &'t BTreeSet<&'t str>,
    /// The types that have the template's variables as fields.
    types: Vec<&'static str>,
    /// Names that templates around it set.
    set: BTreeSet<&'t str>,
    scopes: Vec<Scope<'t>>,
    misses: Vec<Miss>,
    /// Paths that the template asks for with care.
    guarded: BTreeSet<String>,
}

/// A variable and what is asked of it.
struct Path<'t> {
    root: Token<'t>,
    steps: Vec<Step<'t>>,
    /// How many tokens it is.
    length: usize,
}

enum Step<'t> {
    Field(Token<'t>),
    /// `?.` or `?[`: what stands before it may be missing.
    Maybe,
    Element,
    Slice,
}

impl<'t> Reader<'t> {
    fn new(
        contract: &'t Contract,
        words: &'t BTreeSet<&'t str>,
        family: &Family<'t>,
        name: &str,
    ) -> Reader<'t> {
        let types = match family.types.get(name) {
            Some(types) => types.iter().copied().collect(),
            None => contract.printed.values().copied().collect(),
        };
        Reader {
            contract,
            words,
            types,
            set: family.set.get(name).cloned().unwrap_or_default(),
            scopes: vec![Scope::default()],
            misses: Vec::new(),
            guarded: BTreeSet::new(),
        }
    }

    fn read(&mut self, blocks: &[Block<'t>]) {
        for block in blocks {
            let tokens = block.tokens.as_slice();
            match block.tag() {
                Some("for") => self.open_loop(&tokens[1..]),
                Some("component") => self.open_component(&tokens[1..]),
                Some("endfor" | "endcomponent") => {
                    if self.scopes.len() > 1 {
                        self.scopes.pop();
                    }
                }
                Some(tag @ ("set" | "set_global")) => self.set(tag, &tokens[1..]),
                Some("if" | "elif") => self.expression(&tokens[1..]),
                // Filters and names of blocks and files.
                Some(_) => {}
                None => self.expression(tokens),
            }
        }
    }

    fn open_loop(&mut self, tokens: &[Token<'t>]) {
        let at = tokens.iter().position(|token| token.is_name("in"));
        let (names, rest) = tokens.split_at(at.unwrap_or(tokens.len()));
        let rest = rest.get(1..).unwrap_or_default();
        self.expression(rest);
        let element = self.element(rest);
        let names: Vec<&str> = names.iter().filter_map(Token::name).collect();
        let mut scope = Scope::default();
        for name in &names {
            let kind = if names.len() == 1 {
                element.clone()
            } else {
                Kind::Anything
            };
            scope.names.insert(name, kind);
        }
        self.scopes.push(scope);
    }

    /// What is an element of an expression.
    fn element(&mut self, tokens: &[Token<'t>]) -> Kind {
        match self.kind(tokens) {
            Kind::List(inner) => *inner,
            _ => Kind::Anything,
        }
    }

    /// What an expression is, where it is no more than a path.
    fn kind(&mut self, tokens: &[Token<'t>]) -> Kind {
        let Some(path) = path(tokens).filter(|path| path.length == tokens.len()) else {
            return Kind::Anything;
        };
        match self.follow(&path, false).as_slice() {
            [kind] => kind.clone(),
            _ => Kind::Anything,
        }
    }

    /// Its arguments are bound, and so are the globals that it declares with `@`.
    fn open_component(&mut self, tokens: &[Token<'t>]) {
        let mut scope = Scope {
            is_closed: true,
            ..Scope::default()
        };
        let component = tokens.first().and_then(Token::name);
        let mut depth = 0;
        for (at, token) in tokens.iter().enumerate() {
            match token.text {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth -= 1,
                _ => {}
            }
            let before = at.checked_sub(1).map_or("", |at| tokens[at].text);
            let Some(name) = token.name().filter(|_| depth == 1) else {
                continue;
            };
            let kind = match before {
                "@" if name == "page" => Kind::Of(HEAD),
                "@" => self.global(name).unwrap_or(Kind::Anything),
                // The program itself calls this one.
                _ if component == Some("card") && name == "of" => Kind::Of(CARD),
                "(" | "," => Kind::Anything,
                _ => continue,
            };
            scope.names.insert(name, kind);
        }
        self.scopes.push(scope);
    }

    fn set(&mut self, tag: &str, tokens: &[Token<'t>]) {
        let Some(name) = tokens.first().and_then(Token::name) else {
            return;
        };
        let value = tokens.get(2..).unwrap_or_default();
        self.expression(value);
        let is_new = matches!(self.look_up(name), Found::Nothing);
        // One that was something else before may still be that.
        let kind = match is_new && tag == "set" {
            true => self.kind(value),
            false => Kind::Anything,
        };
        let scope = match tag {
            "set_global" => self.scopes.first_mut(),
            _ => self.scopes.last_mut(),
        };
        if let Some(scope) = scope {
            scope.names.insert(name, kind);
        }
    }

    /// Looks at all variables of an expression.
    fn expression(&mut self, tokens: &[Token<'t>]) {
        self.scopes.push(Scope::default());
        self.comprehensions(tokens);
        let mut at = 0;
        while at < tokens.len() {
            at += self.token(tokens, at);
        }
        self.scopes.pop();
    }

    /// `[one.name for one in page.crumbs]` binds `one` before and after.
    fn comprehensions(&mut self, tokens: &[Token<'t>]) {
        let starts = tokens.iter().enumerate();
        let starts: Vec<usize> = starts
            .filter(|(_, token)| token.is_name("for"))
            .map(|(at, _)| at)
            .collect();
        for start in starts {
            let rest = &tokens[start + 1..];
            let Some(until) = rest.iter().position(|token| token.is_name("in")) else {
                continue;
            };
            let of = &rest[until + 1..];
            let end = path(of).map_or(0, |path| path.length);
            let is_whole = of
                .get(end)
                .is_none_or(|token| token.text == "]" || token.is_name("if"));
            let names: Vec<&str> = rest[..until].iter().filter_map(Token::name).collect();
            let kind = match is_whole && names.len() == 1 {
                true => self.element(&of[..end]),
                false => Kind::Anything,
            };
            let Some(scope) = self.scopes.last_mut() else {
                continue;
            };
            for name in names {
                // Where two of them use one name, it is either.
                let own = scope.names.get(name);
                let either = own.is_some_and(|own| *own != kind);
                let kind = if either { Kind::Anything } else { kind.clone() };
                scope.names.insert(name, kind);
            }
        }
    }

    /// Looks at what begins with a token, and says how many tokens that is.
    fn token(&mut self, tokens: &[Token<'t>], at: usize) -> usize {
        let text = |at: usize| tokens.get(at).map_or("", |token: &Token| token.text);
        let Some(name) = tokens[at].name() else {
            return 1;
        };
        let before = at.checked_sub(1).map_or("", text);
        match name {
            // A test, perhaps with `not` before it.
            "is" => return if text(at + 1) == "not" { 3 } else { 2 },
            "for" => {
                let rest = tokens[at..].iter();
                return rest.take_while(|token| !token.is_name("in")).count().max(1);
            }
            _ if is_keyword(name) => return 1,
            _ => {}
        }
        let is_component =
            matches!(before, "<" | "</") && tokens[at - 1].range.end == tokens[at].range.start;
        let is_called = matches!(text(at + 1), "(" | "=" | ":");
        if matches!(before, "|" | "." | "?.") || is_component || is_called {
            return 1;
        }
        let Some(path) = path(&tokens[at..]) else {
            return 1;
        };
        let after = &tokens[at + path.length..];
        let word = |at: usize| after.get(at).map_or("", |token| token.text);
        let is_asked = word(0) == "is"
            && (matches!(word(1), "defined" | "undefined")
                || word(1) == "not" && matches!(word(2), "defined" | "undefined"));
        if is_asked || word(0) == "|" && word(1) == "default" {
            self.guarded.insert(path.written());
        } else {
            self.follow(&path, true);
        }
        for step in inner(&tokens[at..at + path.length]) {
            self.expression(step);
        }
        path.length
    }

    /// What a name at the start of a path is.
    fn look_up(&self, name: &str) -> Found {
        for scope in self.scopes.iter().rev() {
            if let Some(kind) = scope.names.get(name) {
                return Found::Kinds(vec![kind.clone()]);
            }
            if scope.is_closed {
                return Found::Kinds(vec![Kind::Anything]);
            }
        }
        if self.set.contains(name) || name == EVERYTHING {
            return Found::Kinds(vec![Kind::Anything]);
        }
        if let Some(kind) = self.global(name) {
            return Found::Kinds(vec![kind]);
        }
        let types = self
            .types
            .iter()
            .filter_map(|of| self.contract.types.get(of));
        let kinds: Vec<Kind> = types.filter_map(|own| own.get(name).cloned()).collect();
        match kinds.is_empty() {
            true => Found::Nothing,
            false => Found::Kinds(kinds),
        }
    }

    fn global(&self, name: &str) -> Option<Kind> {
        match name {
            "site" => Some(Kind::Of(SITE)),
            "ui" => Some(Kind::Words),
            "data" => Some(Kind::Anything),
            _ => None,
        }
    }

    /// All that a path may be: one kind for each type of page. Where it is nothing on all of them,
    /// that is a miss.
    fn follow(&mut self, path: &Path<'t>, tell: bool) -> Vec<Kind> {
        let is_maybe = |at: usize| matches!(path.steps.get(at), Some(Step::Maybe));
        let mut kinds = match self.look_up(path.root.text) {
            Found::Kinds(kinds) => kinds,
            Found::Nothing => {
                if tell && !is_maybe(0) {
                    let types = self.types.iter().flat_map(|of| self.contract.fields(of));
                    let names = types.map(|(name, _)| name).chain(["site", "ui", "data"]);
                    self.miss(path.root.text.to_string(), &path.root, names.collect());
                }
                return Vec::new();
            }
        };
        let mut written = path.root.text.to_string();
        for (at, step) in path.steps.iter().enumerate() {
            if kinds.contains(&Kind::Anything) {
                return vec![Kind::Anything];
            }
            kinds = match step {
                Step::Maybe => return vec![Kind::Anything],
                Step::Slice => kinds,
                Step::Element => kinds.into_iter().map(element).collect(),
                Step::Field(field) => {
                    let next: Vec<Kind> = kinds
                        .iter()
                        .filter_map(|kind| self.field(kind, field.text))
                        .collect();
                    written = format!("{written}.{}", field.text);
                    if next.is_empty() {
                        if tell && !is_maybe(at + 1) {
                            let names = kinds.iter().flat_map(|kind| self.fields(kind));
                            let names = names.collect();
                            self.miss(written, field, names);
                        }
                        return Vec::new();
                    }
                    next
                }
            };
        }
        kinds
    }

    fn field(&self, kind: &Kind, name: &str) -> Option<Kind> {
        match kind {
            Kind::Anything => Some(Kind::Anything),
            Kind::Words => self.words.contains(name).then_some(Kind::Scalar),
            Kind::Of(of) => self.contract.types.get(of)?.get(name).cloned(),
            Kind::Scalar | Kind::List(_) => None,
        }
    }

    fn fields(&self, kind: &Kind) -> Vec<&'t str> {
        match kind {
            Kind::Words => self.words.iter().copied().collect(),
            Kind::Of(of) => self.contract.fields(of).map(|(name, _)| name).collect(),
            Kind::Anything | Kind::Scalar | Kind::List(_) => Vec::new(),
        }
    }

    /// A miss is told where it stands first.
    fn miss(&mut self, path: String, at: &Token<'t>, available: Vec<&str>) {
        if self.misses.iter().any(|miss| miss.path == path) {
            return;
        }
        let names: BTreeSet<&str> = available.into_iter().collect();
        self.misses.push(Miss {
            path,
            range: at.range.clone(),
            available: names.into_iter().map(str::to_string).collect(),
        });
    }
}

/// What a name is.
enum Found {
    Nothing,
    Kinds(Vec<Kind>),
}

fn element(kind: Kind) -> Kind {
    match kind {
        Kind::List(inner) => *inner,
        _ => Kind::Anything,
    }
}

fn is_keyword(name: &str) -> bool {
    let words = [
        "true", "True", "false", "False", "none", "None", "null", "and", "or", "not", "is", "in",
        "if", "else", "loop", "self",
    ];
    words.contains(&name)
}

impl Path<'_> {
    /// The names of it.
    fn written(&self) -> String {
        let fields = self.steps.iter().filter_map(|step| match step {
            Step::Field(field) => Some(field.text),
            _ => None,
        });
        let parts: Vec<&str> = std::iter::once(self.root.text).chain(fields).collect();
        parts.join(".")
    }
}

/// The path that some tokens begin with.
fn path<'t>(tokens: &[Token<'t>]) -> Option<Path<'t>> {
    let root = tokens.first().filter(|token| token.name().is_some())?;
    let (mut at, mut steps) = (1, Vec::new());
    while let Some(token) = tokens.get(at) {
        match token.text {
            "." | "?." => {
                let field = tokens.get(at + 1).filter(|field| field.name().is_some())?;
                if token.text == "?." {
                    steps.push(Step::Maybe);
                }
                steps.push(Step::Field(field.clone()));
                at += 2;
            }
            "[" | "?[" => {
                let end = closing(tokens, at)?;
                let inside = &tokens[at + 1..end];
                let is_key = inside.iter().any(|token| token.sort == Sort::Text);
                steps.push(match token.text {
                    "?[" => Step::Maybe,
                    _ if inside.iter().any(|token| token.text == ":") => Step::Slice,
                    _ if is_key => Step::Maybe,
                    _ => Step::Element,
                });
                at = end + 1;
            }
            _ => break,
        }
    }
    Some(Path {
        root: root.clone(),
        steps,
        length: at,
    })
}

/// The bracket that closes the one at `start`.
fn closing(tokens: &[Token], start: usize) -> Option<usize> {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        match token.text {
            "[" | "?[" => depth += 1,
            "]" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// What stands in the brackets of a path.
fn inner<'a, 't>(tokens: &'a [Token<'t>]) -> Vec<&'a [Token<'t>]> {
    let mut inner = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let is_open = matches!(tokens[at].text, "[" | "?[");
        let end = is_open.then(|| closing(tokens, at)).flatten();
        match end {
            Some(end) => {
                inner.push(&tokens[at + 1..end]);
                at = end + 1;
            }
            None => at += 1,
        }
    }
    inner
}
