//! Layer 2: the theme: built-in templates and static files, overridden file by file.
//!
//! The built-in theme is embedded in the binary. A site's own `templates/x.html` takes the place
//! of the built-in one, and may still extend it as `theme/x.html`. Names that come from content
//! choose among the templates there are and never reach the file system. The theme knows nothing
//! of articles or sites.

pub mod eject;
mod mend;
mod names;
pub mod usage;
mod variables;

use crate::base::diagnostic::Lines;
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::fingerprint::{Fingerprint, Fold, of_bytes};
use crate::base::qr;
use crate::base::slug::query_encoded;
use crate::base::text::decoded;
use crate::base::text::script::Script;
use crate::base::yaml;
use crate::source::{Listing, Source};
use foldhash::HashMap;
use include_dir::{Dir, include_dir};
use names::{Everywhere, Names};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use tera::{Context, Kwargs, State, Tera, Value};
use usage::Contract;

static TEMPLATES: Dir = include_dir!("$CARGO_MANIFEST_DIR/templates");
static STATIC: Dir = include_dir!("$CARGO_MANIFEST_DIR/static");

/// Where a template of a name is looked for: the site's own goes before the built-in one.
const PREFIXES: [&str; 2] = ["site/", "theme/"];

/// Where a static file comes from.
#[derive(Debug, Clone)]
enum Origin {
    BuiltIn(&'static [u8]),
    /// A path of the site, and the hash of its bytes.
    Site(String, Fingerprint),
}

/// Templates, static files and the words of the theme.
#[derive(Default)]
pub struct Theme {
    /// The engine, with the globals of the first edition.
    tera: Arc<Tera>,
    /// The same with those of the others.
    others: Vec<Arc<Tera>>,
    /// Source of every template by the engine's name for it, and the site's path of it.
    sources: BTreeMap<String, String>,
    statics: BTreeMap<String, Origin>,
    /// The theme's own words by language.
    words: BTreeMap<String, serde_json::Value>,
    /// One hash over all words.
    words_digest: Fingerprint,
    /// The names in each template, found when it is first used.
    names: RwLock<HashMap<String, Arc<Names>>>,
    /// What all of them rest on.
    everywhere: OnceLock<Everywhere>,
    /// What the site's templates ask for in vain, found when it is first asked.
    unknown: OnceLock<Vec<Diagnostic>>,
}

/// Loads the theme of a site: what the site overrides, and the built-in rest. `digests` are the
/// hashes of the site's files. Where a template can't be read, all complaints come back.
///
/// # Errors
/// Templates that can't be read or don't fit together.
pub fn load(
    source: &dyn Source,
    listing: &Listing,
    digests: &BTreeMap<String, Fingerprint>,
    out: &mut Vec<Diagnostic>,
) -> Result<Theme, Vec<Diagnostic>> {
    let mut files = built_in(&TEMPLATES, "theme/");
    for entry in listing
        .entries
        .iter()
        .filter(|entry| entry.path.starts_with("templates/"))
    {
        let name = entry.path.replacen("templates/", "site/", 1);
        match source.read(&entry.path) {
            Ok(bytes) => match decoded(&entry.path, &bytes) {
                Ok(text) => {
                    out.extend(eject::outdated(&entry.path, text));
                    files.insert(name, text.to_string());
                }
                Err(diagnostic) => out.push(diagnostic),
            },
            Err(error) => {
                let message = format!("this can't be read: {error}");
                out.push(Diagnostic::new(Code::Unreadable, message).in_file(&entry.path));
            }
        }
    }
    outdated_statics(source, listing, out);
    let mut fold = Fold::new();
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".yaml")) {
        fold.add(name.as_bytes()).add(text.as_bytes());
    }
    let words = words(&files, out);
    files.retain(|name, _| !name.ends_with(".yaml"));
    let tera = fitted(&mut files)?;
    Ok(Theme {
        tera: Arc::new(tera),
        others: Vec::new(),
        sources: files,
        statics: statics(listing, digests),
        words,
        words_digest: fold.finish(),
        names: RwLock::default(),
        everywhere: OnceLock::new(),
        unknown: OnceLock::new(),
    })
}

/// Looks whether static files that take the place of built-in ones are copies of older ones.
fn outdated_statics(source: &dyn Source, listing: &Listing, out: &mut Vec<Diagnostic>) {
    let paths = listing.entries.iter().map(|entry| entry.path.as_str());
    for path in paths.filter(|path| path.starts_with("static/") && eject::is_built_in(path)) {
        // What can't be read is told where it is published.
        let bytes = source.read(path).unwrap_or_default();
        if let Ok(text) = std::str::from_utf8(&bytes) {
            out.extend(eject::outdated(path, text));
        }
    }
}

fn built_in(folder: &'static Dir, prefix: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    each_file(folder, &mut |path, bytes| {
        if let Ok(text) = std::str::from_utf8(bytes) {
            files.insert(format!("{prefix}{path}"), text.to_string());
        }
    });
    files
}

fn each_file(folder: &'static Dir, take: &mut dyn FnMut(String, &'static [u8])) {
    for file in folder.files() {
        take(
            file.path().to_string_lossy().replace('\\', "/"),
            file.contents(),
        );
    }
    folder.dirs().for_each(|inner| each_file(inner, take));
}

fn statics(listing: &Listing, digests: &BTreeMap<String, Fingerprint>) -> BTreeMap<String, Origin> {
    let mut statics = BTreeMap::new();
    each_file(&STATIC, &mut |path, bytes| {
        statics.insert(path, Origin::BuiltIn(bytes));
    });
    for entry in &listing.entries {
        if let (Some(name), Some(digest)) =
            (entry.path.strip_prefix("static/"), digests.get(&entry.path))
        {
            statics.insert(name.to_string(), Origin::Site(entry.path.clone(), *digest));
        }
    }
    statics
}

/// The names of the static files that [`Theme::statics`] gives, which no template has a part in.
pub fn static_names(listing: &Listing, digests: &BTreeMap<String, Fingerprint>) -> Vec<String> {
    statics(listing, digests).into_keys().collect()
}

/// The words of each language: built-in ones, with the site's own over them key by key.
fn words(
    files: &BTreeMap<String, String>,
    out: &mut Vec<Diagnostic>,
) -> BTreeMap<String, serde_json::Value> {
    let mut words: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    for prefix in ["theme/ui/", "site/ui/"] {
        for (name, text) in files
            .range(prefix.to_string()..)
            .take_while(|(name, _)| name.starts_with(prefix))
        {
            let Some(language) = name
                .strip_prefix(prefix)
                .and_then(|n| n.strip_suffix(".yaml"))
            else {
                continue;
            };
            let path = name.replacen("site/", "templates/", 1);
            let lines = Lines::new(&path, text);
            let mut own = yaml::document(&lines, out).whole(out);
            // Those that the theme has in all languages come first, by their names.
            let built_in = words.get("en").and_then(|words| words.as_object());
            own.retain(|key, word| {
                // A key without a value is as good as none.
                if word.is_null() {
                    return false;
                }
                let wanted = built_in.and_then(|words| words.get(key));
                let (is_list, is_text) = (word.is_array(), word.is_string());
                let (fits, kind, sample) = match wanted.map(serde_json::Value::is_array) {
                    Some(true) => (is_list, "a list", "[…]"),
                    Some(false) => (is_text, "a text", "\"…\""),
                    None => (is_text || is_list, "a text or a list", "\"…\""),
                };
                if !fits {
                    let message = format!("`{key}` must be {kind}");
                    let diagnostic = Diagnostic::new(Code::WrongType, message);
                    let help = format!("write `{key}: {sample}`");
                    out.push(diagnostic.at(lines.place_of_key(key)).help(help));
                }
                fits
            });
            let all = words
                .entry(language.to_string())
                .or_insert_with(|| serde_json::json!({}));
            if let Some(all) = all.as_object_mut() {
                all.extend(own);
            }
        }
    }
    words
}

/// Loads templates. A `base.html` of the site's own needs the block `main`, which pages are in; what
/// built-in templates would put into others that it lacks (they change from version to version) is
/// left out.
fn fitted(files: &mut BTreeMap<String, String>) -> Result<Tera, Vec<Diagnostic>> {
    // Most of these can be told without reading all templates twice.
    for (name, block) in mend::blocks_nowhere(files) {
        if let Some(text) = files.get_mut(&name).filter(|_| block != "main") {
            mend::leave_out(text, &block);
        }
    }
    loop {
        let errors = match engine(files) {
            Ok(tera) => return Ok(tera),
            Err(errors) => errors,
        };
        let mut left_out = false;
        for (name, block) in mend::blocks_without_place(&errors) {
            let text = files.get_mut(&name);
            left_out |= block != "main" && text.is_some_and(|text| mend::leave_out(text, &block));
        }
        if !left_out {
            return Err(mend::load_errors(files, errors));
        }
    }
}

fn engine(files: &BTreeMap<String, String>) -> Result<Tera, Vec<tera::Error>> {
    let mut tera = empty_engine();
    let templates = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    match tera.add_raw_templates(templates) {
        Ok(()) => Ok(tera),
        Err(error) => Err(all_errors(files, error)),
    }
}

fn empty_engine() -> Tera {
    let mut tera = Tera::new();
    // Fails only where templates were added before.
    let _ = tera.set_fallback_prefixes(PREFIXES);
    tera.register_function("lang", lang);
    tera.register_filter("json", json);
    tera.register_filter("qr", qr);
    tera.register_filter("urlencode", urlencode);
    tera.register_filter("jsonld", jsonld);
    tera
}

/// The engine stops at its first error; syntax is checked template by template, so that all
/// templates that can't be read are named in one go.
fn all_errors(files: &BTreeMap<String, String>, first: tera::Error) -> Vec<tera::Error> {
    let own = files.iter().filter(|(name, _)| name.starts_with("site/"));
    let syntax = own.filter_map(|(name, text)| {
        let error = empty_engine().add_raw_template(name, text).err()?;
        matches!(error.kind(), tera::ErrorKind::SyntaxError(_)).then_some(error)
    });
    let mut errors: Vec<tera::Error> = syntax.collect();
    if !errors
        .iter()
        .any(|error| error.to_string() == first.to_string())
    {
        errors.push(first);
    }
    errors
}

/// ` lang="…"`, where a text's language is another one than that around it.
fn lang(arguments: Kwargs, _: &State) -> tera::TeraResult<Value> {
    let of: Option<Value> = arguments.get("of")?;
    let on: Option<Value> = arguments.get("on")?;
    let text = |value: &Option<Value>| value.as_ref().and_then(|v| v.as_str().map(str::to_string));
    Ok(match (text(&of), text(&on)) {
        (Some(of), on) if Some(&of) != on.as_ref() => {
            Value::safe_string(&format!(" lang=\"{}\"", tera_escape(&of)))
        }
        _ => Value::safe_string(""),
    })
}

/// A value as JSON that can stand in a script element as well: `<` is written `\u003c`.
fn json(value: Value, _: Kwargs, _: &State) -> tera::TeraResult<Value> {
    as_json(&value)
}

/// A text as part of a URL's query.
fn urlencode(value: &str, _: Kwargs, _: &State) -> String {
    query_encoded(value)
}

/// A text as a QR code with a label, as an `svg` element; nothing of a text that is too long.
fn qr(value: &str, arguments: Kwargs, _: &State) -> tera::TeraResult<Value> {
    let label: Option<Value> = arguments.get("label")?;
    let label = label.as_ref().and_then(|label| label.as_str());
    let svg = qr::svg(value, label.unwrap_or_default());
    Ok(Value::safe_string(&svg.unwrap_or_default()))
}

/// The same without what says nothing, which structured data must not hold: none, empty texts and
/// lists, and maps with nothing in them but their `@type`.
fn jsonld(value: Value, _: Kwargs, _: &State) -> tera::TeraResult<Value> {
    as_json(&Told(&value))
}

fn as_json(value: &impl Serialize) -> tera::TeraResult<Value> {
    let text =
        serde_json::to_string(value).map_err(|error| tera::Error::message(error.to_string()))?;
    Ok(Value::safe_string(&text.replace('<', "\\u003c")))
}

/// A value as far as it says something.
struct Told<'v>(&'v Value);

impl Serialize for Told<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(list) = self.0.as_array() {
            return serializer.collect_seq(list.iter().filter(|value| says(value)).map(Told));
        }
        let Some(map) = self.0.as_map() else {
            return self.0.serialize(serializer);
        };
        let entries = map.iter().filter(|(_, value)| says(value));
        serializer.collect_map(entries.map(|(key, value)| (key, Told(value))))
    }
}

fn says(value: &Value) -> bool {
    if let Some(text) = value.as_str() {
        return !text.is_empty();
    }
    if let Some(list) = value.as_array() {
        return list.iter().any(says);
    }
    match value.as_map() {
        Some(map) => map
            .iter()
            .any(|(key, value)| key.as_str() != Some("@type") && says(value)),
        None => !value.is_none() && !value.is_undefined(),
    }
}

fn tera_escape(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect()
}

/// The component of what stands at the foot of every page, and the field of `site` that has it.
const FOOT: &str = "foot";

/// Values that every template of an edition knows.
pub struct Globals {
    edition: usize,
    values: Context,
}

impl Globals {
    /// None yet, for the edition of this number.
    pub fn new(edition: usize) -> Globals {
        Globals {
            edition,
            values: Context::new(),
        }
    }

    /// Adds a value under a name.
    pub fn set<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.values.insert(name, value);
    }
}

impl Theme {
    /// One hash over all that a template rests on: its text, those that it extends and includes, all
    /// components, and the theme's words.
    pub fn digest_of(&self, template: &str) -> Fingerprint {
        let mut fold = Fold::new();
        fold.add_print(self.names_of(template).digest)
            .add_print(self.words_digest);
        fold.finish()
    }

    /// Makes values known to every template of an edition. Editions are set up in their order. What
    /// the component `foot` makes of them becomes `site.foot`: it is the same on every page. One
    /// that fails gives none, and says why where a template uses it.
    pub fn set_globals(&mut self, mut globals: Globals) {
        let engine = match globals.edition.checked_sub(1) {
            None => &mut self.tera,
            Some(at) => {
                while self.others.len() <= at {
                    self.others.push(Arc::clone(&self.tera));
                }
                &mut self.others[at]
            }
        };
        let values = &mut globals.values;
        let foot =
            engine.render_component_with_implicits(FOOT, &Context::new(), values, None, true);
        if let Ok(foot) = foot
            && let Some(site) = values.remove("site")
        {
            let mut site = site.into_map().unwrap_or_default();
            site.insert(FOOT.into(), Value::safe_string(&foot));
            values.insert_value("site", Value::from(site));
        }
        // Copied only where somebody else has it.
        *Arc::make_mut(engine).global_context() = globals.values;
    }

    /// The engine of an edition.
    fn engine(&self, edition: usize) -> &Arc<Tera> {
        let other = edition.checked_sub(1).and_then(|at| self.others.get(at));
        other.unwrap_or(&self.tera)
    }

    /// What gives a card its `html`: that of the component `card`, made once and shown on many
    /// pages. A component that fails gives none, and says why where a template uses it.
    pub fn finish_cards(
        &self,
        edition: usize,
        site: &(impl Serialize + ?Sized),
        ui: &serde_json::Value,
    ) -> Box<dyn Fn(Value) -> Value + Send + Sync> {
        let tera = Arc::clone(self.engine(edition));
        let mut around = Context::new();
        around.insert("site", site);
        around.insert("ui", ui);
        Box::new(move |card| {
            let mut arguments = Context::new();
            arguments.insert_value("of", card);
            let html =
                tera.render_component_with_implicits("card", &arguments, &around, None, true);
            let card = arguments.remove("of").unwrap_or_else(Value::none);
            let Ok(html) = html else {
                return card;
            };
            let mut map = card.into_map().unwrap_or_default();
            // Thousands of cards are kept, and room for twice the fields would be a third of each.
            map.reserve_exact(1);
            map.insert("html".into(), Value::safe_string(&html));
            Value::from(map)
        })
    }

    /// The theme's words in a language; what it lacks there is taken from the nearest language that
    /// the theme speaks, and last from English.
    pub fn words(&self, language: &str) -> serde_json::Value {
        let base = |name: &str| name.split('-').next().unwrap_or(name).to_string();
        let near = || {
            self.words
                .keys()
                .filter(|name| base(name) == base(language))
        };
        let script = Script::of_language(language);
        let near = near()
            .find(|name| Script::of_language(name) == script)
            .or_else(|| near().next());
        let mut all = serde_json::Map::new();
        for name in [Some("en"), near.map(String::as_str), Some(language)]
            .into_iter()
            .flatten()
        {
            if let Some(own) = self.words.get(name).and_then(|words| words.as_object()) {
                all.extend(own.clone());
            }
        }
        serde_json::Value::Object(all)
    }

    /// Whether there is a template of this name.
    pub fn has(&self, template: &str) -> bool {
        self.tera.contains_template(template)
    }

    /// Whether a template may ask for a variable.
    pub fn asks_for(&self, template: &str, name: &str) -> bool {
        self.names_of(template).has(name)
    }

    /// Warnings of variables that the site's templates ask for and no page has.
    pub fn unknown_variables(&self, contract: impl FnOnce() -> Contract) -> &[Diagnostic] {
        self.unknown
            .get_or_init(|| usage::unknown(self, &contract()))
    }

    /// The names of a kind's variants.
    pub fn variants(&self, kind: &str) -> Vec<String> {
        let inside = |name: &String| {
            let bare = name
                .split_once('/')?
                .1
                .strip_prefix(kind)?
                .strip_prefix('/')?;
            bare.strip_suffix(".html").map(str::to_string)
        };
        let mut names: Vec<String> = self.sources.keys().filter_map(inside).collect();
        names.dedup();
        names
    }

    /// Renders a template. Its variables are the fields of `view`, and `body` where there is one.
    ///
    /// # Errors
    /// What the template does wrong, with its excerpt.
    pub fn render(
        &self,
        edition: usize,
        template: &str,
        view: &impl Serialize,
        body: Option<&str>,
    ) -> Result<Vec<u8>, Diagnostic> {
        let print = |mut context: Context| {
            if let Some(html) = body {
                context.insert_value("body", Value::safe_string(html));
            }
            let mut bytes = Vec::with_capacity(32 * 1024);
            let engine = self.engine(edition);
            let done = engine.render_to(template, &context, &mut bytes);
            done.map(|()| bytes)
        };
        let no_view = |error: &dyn std::fmt::Display| {
            Diagnostic::new(Code::Panic, format!("a view is no struct: {error}"))
        };
        let named = variables::variables(view, &self.names_of(template));
        if let Ok(bytes) = print(named.map_err(|error| no_view(&error))?) {
            return Ok(bytes);
        }
        // What went wrong is told with all that was available.
        let all = Context::from_serialize(view).map_err(|error| no_view(&error))?;
        print(all).map_err(|error| mend::diagnostic(&self.sources, template, &error))
    }

    fn names_of(&self, template: &str) -> Arc<Names> {
        let known = self.names.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(names) = known.get(template) {
            return names.clone();
        }
        drop(known);
        let everywhere = || Everywhere::of(&self.sources);
        let everywhere = self.everywhere.get_or_init(everywhere);
        let names = Arc::new(Names::of(&self.sources, everywhere, template));
        let mut known = self.names.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(template.to_string(), names.clone());
        names
    }

    /// The paths of all static files.
    pub fn statics(&self) -> Vec<String> {
        self.statics.keys().cloned().collect()
    }

    /// The path (for a site's own file) and hash of a static file.
    pub fn static_digest(&self, name: &str) -> Fingerprint {
        match self.statics.get(name) {
            Some(Origin::BuiltIn(bytes)) => of_bytes(bytes),
            Some(Origin::Site(_, digest)) => *digest,
            None => Fingerprint::default(),
        }
    }

    /// The bytes of a static file.
    ///
    /// # Errors
    /// Whatever keeps a site's own file from being read.
    pub fn static_bytes(&self, name: &str, source: &dyn Source) -> std::io::Result<Vec<u8>> {
        match self.statics.get(name) {
            Some(Origin::BuiltIn(bytes)) => Ok(bytes.to_vec()),
            Some(Origin::Site(path, digest)) => {
                let bytes = source.read(path)?;
                match of_bytes(&bytes) == *digest {
                    true => Ok(bytes),
                    false => Err(std::io::Error::other(
                        "it was changed while the site was built; build again",
                    )),
                }
            }
            None => Err(std::io::Error::from(std::io::ErrorKind::NotFound)),
        }
    }
}
