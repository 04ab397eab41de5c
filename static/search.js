// The search page. A query is cut into the tokens that the index was made of (src/press/search/):
// pairs of letters where one is Han, kana or Hangul, and words, found by their beginnings. The
// files that hold these tokens are fetched, their articles intersected, and the texts of the first
// ones looked through for what was really asked. All text goes into the page as text.
(() => {
  const page = document.getElementById("Search");
  if (!page) return;
  const edition = page.dataset.index; // the folder of what this edition has of its own
  const form = page.querySelector("form");
  const field = form.elements.q;
  const filters = [...form.querySelectorAll("select")];
  const status = page.querySelector("[role=status]");
  const list = page.querySelector("ol");
  const more = page.querySelector(".more button");

  const SHOWN = 10; // results at a time
  const TEXTS = 20000; // bytes of texts that a query may fetch in any case
  const BYTES = [135000, 120000]; // bytes from which on no more are, without and with a result
  const LARGE = 4096; // articles from which on a segment is large
  const SEGMENTS = 4; // large segments that are looked at in one go
  const SPREAD = 6; // packs of a beginning that are read
  const POSTINGS = 80000; // bytes of postings that are enough
  const FEW = 12; // candidates that are looked through rather than narrowed down
  const [FILTER, WORD, BEGINNING, PAIR] = "\u0001\u0002\u0003\u0004";
  const LONGEST = 32; // letters of a word that count

  // ---------------------------------------------------------------------------------- files

  const held = new Map();
  let cache = "default";
  let used = new Map(); // files that the present query needs, and their bytes
  let postings = edition; // the folder of what all editions have in common
  const file = async (name, folder = postings) => {
    if (!held.has(name)) {
      const fetched = fetch(folder + name, { cache }).then(async (answer) => {
        if (!answer.ok) throw new Error(`${answer.status} ${name}`);
        return new Uint8Array(await answer.arrayBuffer());
      });
      held.set(name, fetched);
      fetched.catch(() => held.delete(name));
    }
    const body = await held.get(name);
    used.set(name, body.length);
    return body;
  };
  const bytes = () => [...used.values()].reduce((sum, own) => sum + own, 0);

  // ---------------------------------------------------------------------------------- folding

  const simple = new Map();
  const loadPairs = async () => {
    if (simple.size) return;
    const text = new TextDecoder("utf-16le").decode(await file("pairs.bin"));
    const letters = [...text];
    for (let at = 0; at < letters.length; at += 2) simple.set(letters[at], letters[at + 1]);
  };
  const lowest = (letter) => {
    const low = letter.toLowerCase();
    return low === "ς" ? "σ" : low;
  };
  const fold = (text) => {
    let out = "";
    for (const letter of text.normalize("NFKC")) {
      for (const low of lowest(letter)) out += simple.get(low) ?? low;
    }
    return out.normalize("NFKC");
  };
  // A letter with the marks that belong to it is folded as one.
  const CLUSTER = /[^][\p{M}\u1160-\u11ff\uff9e\uff9f]*/uy;
  const isHan = (unit) => unit >= 0x4e00 && unit <= 0x9fff;
  // What is no mark, for all that stands next to most letters.
  const isPlain = (unit) =>
    isHan(unit) || unit < 0x300 || (unit > 0x3000 && unit < 0x302a) || (unit > 0xff00 && unit < 0xff5f);
  // A folded text, and where each of its units was in the text.
  const folded = (text) => {
    let out = "";
    const from = [];
    for (let at = 0; at < text.length; ) {
      if (isHan(text.charCodeAt(at)) && isPlain(text.charCodeAt(at + 1))) {
        out += simple.get(text[at]) ?? text[at];
        from.push(at++);
        continue;
      }
      CLUSTER.lastIndex = at;
      const [cluster] = CLUSTER.exec(text);
      const space = /^\s/u.test(cluster);
      const piece = !space ? fold(cluster) : out.endsWith(" ") ? "" : " ";
      for (let unit = 0; unit < piece.length; unit++) from.push(at);
      out += piece;
      at += cluster.length;
    }
    from.push(text.length);
    return { out, from };
  };

  // ---------------------------------------------------------------------------------- queries

  const CJK =
    /[\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
  const LETTER = /[\p{Alphabetic}\p{N}]/u;
  const BETWEEN = /[\s，。、；：！？·・「」『』“”‘’《》〈〉（）【】…—,;!?"()[\]{}<>]+/u;

  // What a word is looked up by. Inside a phrase it is whole.
  const ofWord = (word, whole) => {
    const letters = [...word].slice(0, LONGEST);
    const key = letters.join("");
    if (whole || letters.length === 1) return { from: WORD + key };
    if (letters.length <= 3) return { from: BEGINNING + key };
    return { from: WORD + key, beginning: true };
  };
  // Every other pair holds all letters of a phrase; the rest says more of how they follow.
  const spread = (chain) => {
    const first = (_, at) => at % 2 === 0 || at === chain.length - 1;
    const later = chain.filter((pair, at) => !first(pair, at));
    return [
      ...chain.filter(first).map((pair) => ({ from: PAIR + pair })),
      ...later.map((pair) => ({ from: PAIR + pair, rank: 1 })),
    ];
  };

  const lookups = (term) => {
    const found = [];
    let chain = [];
    let word = "";
    let before = "";
    const endWord = (whole) => {
      if (word) found.push(ofWord(word, whole));
      word = "";
    };
    const endChain = () => {
      found.push(...spread(chain));
      chain = [];
    };
    for (const letter of term) {
      const cjk = CJK.test(letter);
      if (!cjk && !LETTER.test(letter)) {
        endWord(false);
        endChain();
        before = "";
        continue;
      }
      if (before && (cjk || CJK.test(before))) chain.push(before + letter);
      else endChain();
      if (cjk) endWord(true);
      else word += letter;
      before = letter;
    }
    endWord(false);
    endChain();
    return found;
  };

  const asked = () => {
    const terms = field.value
      .split(BETWEEN)
      .map((term) => fold(term))
      .filter(Boolean);
    const all = terms.flatMap(lookups);
    for (const filter of filters) {
      if (filter.value) {
        all.push({ from: FILTER + filter.dataset.sort + filter.value, filter: true });
      }
    }
    return { terms, lookups: all };
  };

  // ---------------------------------------------------------------------------------- postings

  const encoder = new TextEncoder();
  const compare = (a, b) => {
    const length = Math.min(a.length, b.length);
    for (let at = 0; at < length; at++) if (a[at] !== b[at]) return a[at] - b[at];
    return a.length - b.length;
  };
  const startsWith = (token, start) =>
    token.length >= start.length && start.every((byte, at) => token[at] === byte);

  class Reader {
    constructor(body) {
      this.body = body;
      this.at = 0;
    }
    get done() {
      return this.at >= this.body.length;
    }
    number() {
      let number = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = this.body[this.at++];
        number |= (byte & 0x7f) << shift;
        if (byte < 0x80) return number;
      }
    }
    token(before) {
      const shared = this.number();
      const length = this.number();
      const token = new Uint8Array(shared + length);
      token.set(before.subarray(0, shared));
      token.set(this.body.subarray(this.at, this.at + length), shared);
      this.at += length;
      return token;
    }
    // Ascending numbers below a limit, as gaps in Rice's code.
    ascending(count, limit, each) {
      const mean = Math.floor((limit * 69) / (Math.max(count, 1) * 100));
      const low = 31 - Math.clz32(Math.max(mean, 1));
      let bit = this.at * 8;
      let next = 0;
      const take = () => (this.body[bit >> 3] >> (7 - (bit++ & 7))) & 1;
      for (let at = 0; at < count; at++) {
        let gap = 0;
        while (take()) gap++;
        for (let left = low; left > 0; left--) gap = (gap << 1) | take();
        each?.(next + gap);
        next += gap + 1;
      }
      this.at = (bit + 7) >> 3;
    }
    // Marks the articles of a token: 1, and 2 where it stands in title or tags.
    places(limit, marks) {
      const count = this.number();
      const articles = [];
      const note = marks && ((article) => articles.push(article));
      this.ascending(count >> 1, limit, note);
      if (count & 1) {
        const heads = this.number();
        this.ascending(heads, count >> 1, marks && ((at) => (marks[articles[at]] = 2)));
      }
      for (const article of articles) marks[article] ||= 1;
    }
  }

  const tokensOf = async (name) => {
    const reader = new Reader(await file(name));
    const tokens = [];
    let token = new Uint8Array();
    while (!reader.done) tokens.push((token = reader.token(token)));
    return tokens;
  };
  // The last of some tokens that does not come after a key.
  const lastBefore = (tokens, key) => {
    let low = 0;
    let high = tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(tokens[middle], key) <= 0) low = middle + 1;
      else high = middle;
    }
    return Math.max(low - 1, 0);
  };
  const TABLE = 128;
  const packOf = async (segment, key) => {
    const parts = Math.ceil(segment.packs / TABLE);
    const part = parts > 1 ? lastBefore(await tokensOf(`${segment.name}/root.bin`), key) : 0;
    const table = await tokensOf(`${segment.name}/table-${part}.bin`);
    return part * TABLE + lastBefore(table, key);
  };

  // The articles of a segment that a lookup finds.
  const marksOf = async (segment, lookup) => {
    const marks = new Uint8Array(segment.count);
    const key = encoder.encode(lookup.from);
    const first = await packOf(segment, key);
    let last = first;
    if (lookup.beginning) {
      const end = new Uint8Array([...key, 0xff]);
      last = Math.min(await packOf(segment, end), first + SPREAD - 1);
    }
    const packs = [];
    for (let pack = first; pack <= last; pack++) packs.push(file(`${segment.name}/${pack}.bin`));
    for (const body of await Promise.all(packs)) {
      const reader = new Reader(body);
      let token = new Uint8Array();
      while (!reader.done) {
        token = reader.token(token);
        const hit = lookup.beginning ? startsWith(token, key) : compare(token, key) === 0;
        reader.places(segment.count, hit ? marks : null);
      }
    }
    if (lookup.filter) marks.forEach((mark, at) => mark && (marks[at] = 2));
    return marks;
  };

  // Articles of a segment that have all that is looked up: [number, whether all is in the head].
  const join = (all) => {
    const found = [];
    for (let at = all[0].length - 1; at >= 0; at--) {
      let least = 2;
      for (const marks of all) if (marks[at] < least) least = marks[at];
      if (least) found.push([at, least === 2]);
    }
    return found;
  };

  const candidatesIn = async (segments, wanted) => {
    // What narrows down most comes first; what is left then is often little enough.
    const rank = (lookup) => (lookup.filter ? -1 : (lookup.rank ?? 0));
    const order = [...wanted].sort((a, b) => rank(a) - rank(b));
    const marks = segments.map(() => []);
    let found = segments.map(() => null);
    const count = () => found.reduce((sum, own) => sum + own.length, 0);
    const read = (lookup) =>
      segments.map(async (segment, at) => {
        if (found[at]?.length !== 0) marks[at].push(await marksOf(segment, lookup));
      });
    for (let next = 0; next < order.length; ) {
      const some = order.slice(next, next + (next ? 1 : 2));
      await Promise.all(some.flatMap(read));
      next += some.length;
      found = marks.map((own, at) => (found[at]?.length === 0 ? [] : join(own)));
      if (count() <= FEW || bytes() > POSTINGS) break;
    }
    const all = found.flatMap((own, at) =>
      own.map(([article, head]) => [segments[at].start + article, head]),
    );
    const of = (wantsHead) => all.filter(([, head]) => head === wantsHead).map(([n]) => n);
    return { heads: of(true), bodies: of(false) };
  };

  // ---------------------------------------------------------------------------------- results

  const textOf = async (n) => {
    const body = await file(`texts/${Math.floor(n / 1000)}/${n}.bin`, edition);
    const encoding = body[1] === 0 ? "utf-16le" : "utf-8";
    const [url, title, time, channel, source, tags, points, text, made = 0, languages = []] =
      JSON.parse(new TextDecoder(encoding).decode(body));
    const own = { n, url, title, time, channel, source, tags, points, text, made };
    const [titleLang, textLang, ...pointLangs] = languages;
    return { ...own, titleLang, textLang, pointLangs, size: body.length };
  };

  // Where all terms stand: 2 in title and tags, 1 anywhere, 0 not at all.
  const standing = (own, terms) => {
    const head = folded([own.title, ...own.tags].join("\n")).out;
    if (terms.every((term) => head.includes(term))) return 2;
    const all = `${head}\n${folded([...own.points, own.text].join("\n")).out}`;
    return terms.every((term) => all.includes(term)) ? 1 : 0;
  };

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  // A text in which what was asked for is marked.
  const marked = (into, text, terms) => {
    const { out, from } = folded(text);
    const spots = [];
    for (const term of terms) {
      for (let at = out.indexOf(term); at >= 0; at = out.indexOf(term, at + term.length)) {
        spots.push([from[at], Math.max(from[at + term.length], from[at] + 1)]);
      }
    }
    spots.sort((a, b) => a[0] - b[0]);
    let done = 0;
    for (const [start, end] of spots) {
      if (start < done) continue;
      into.append(text.slice(done, start));
      into.append(element("mark", text.slice(start, end)));
      done = end;
    }
    into.append(text.slice(done));
    return into;
  };

  const BEFORE = 30;
  const EXCERPT = 120;
  // The part of an article that shows what was asked for: its text, its language, and whether a
  // model made it, which is to be said.
  const excerpt = (own, terms) => {
    const points = own.points.map((text, at) => [text, own.pointLangs[at], at < own.made]);
    const lines = own.text.split("\n").map((text) => [text, own.textLang, false]);
    const parts = [...points, ...lines].filter(([text]) => text);
    for (const [part, lang, made] of parts) {
      const { out, from } = folded(part);
      const at = terms.map((term) => out.indexOf(term)).find((spot) => spot >= 0);
      if (at === undefined) continue;
      let start = from[at] > BEFORE + 10 ? from[at] - BEFORE : 0;
      while (start > 0 && /[\udc00-\udfff\p{M}]/u.test(part[start])) start--;
      const letters = [...part.slice(start)];
      const cut = letters.slice(0, EXCERPT).join("");
      return [(start ? "…" : "") + cut + (letters.length > EXCERPT ? "…" : ""), lang, made];
    }
    const [text, lang, made] = parts[0] ?? [""];
    const letters = [...text];
    const cut = letters.slice(0, EXCERPT).join("") + (letters.length > EXCERPT ? "…" : "");
    return [cut, lang, made];
  };

  const shown = (own, terms) => {
    const item = element("li");
    const title = element("h2");
    const link = element("a");
    if (/^\/(?!\/)/.test(own.url)) link.href = own.url;
    if (own.title && own.titleLang) title.lang = own.titleLang;
    title.append(marked(link, own.title || page.dataset.untitled, terms));
    const [text, lang, made] = excerpt(own, terms);
    const part = element("p", "", "excerpt");
    if (lang) part.lang = lang;
    if (made) {
      const label = element("span", page.dataset.made ?? "AI", "made");
      if (lang) label.lang = document.documentElement.lang;
      part.append(label, " ");
    }
    marked(part, text, terms);
    const meta = element("p", "", "meta");
    const [iso, when] = own.time;
    if (own.source) meta.append(element("span", own.source), " ");
    if (iso) {
      const time = element("time", when);
      time.dateTime = iso;
      meta.append(time, " ");
    }
    meta.append(element("span", own.channel));
    for (const tag of own.tags.slice(0, 4)) {
      meta.append(" ", marked(element("span", "", "tag"), tag, terms));
    }
    item.append(title, part, meta);
    return item;
  };

  // ---------------------------------------------------------------------------------- a search

  let index;
  const loadIndex = async () => {
    if (!index) {
      const known = JSON.parse(new TextDecoder().decode(await file("index.json", edition)));
      postings = known.postings;
      index = known.segments
        .map(([start, end, packs]) => ({
          start,
          count: end - start,
          packs,
          name: `${start}-${end}`,
        }))
        .reverse();
    }
    return index;
  };

  // The newest segments, and those that are left for later.
  const split = (segments) => {
    let large = 0;
    const at = segments.findIndex((own) => own.count > LARGE && ++large > SEGMENTS);
    return at < 0 ? [segments, []] : [segments.slice(0, at), segments.slice(at)];
  };

  // Takes results from what was found, until there are enough or too much was fetched.
  const take = async (state) => {
    const results = [];
    let size = 0;
    const enough = () => results.length >= SHOWN || (size >= TEXTS && bytes() >= BYTES[results.length ? 1 : 0]);
    while (!enough()) {
      const queue = state.heads.length ? state.heads : state.bodies;
      if (!queue.length) {
        if (!state.later.length) break;
        const [now, later] = split(state.later);
        state.later = later;
        const { heads, bodies } = await candidatesIn(now, state.lookups);
        state.heads = heads;
        state.bodies = bodies;
        state.count += heads.length + bodies.length;
        continue;
      }
      const head = queue === state.heads;
      const some = queue.splice(0, Math.min(bytes() < BYTES[1] ? 5 : 2, SHOWN - results.length));
      for (const own of await Promise.all(some.map(textOf))) {
        size += own.size;
        const stands = standing(own, state.terms);
        if (!stands) state.count--;
        else if (head && stands === 1) {
          // Its words stand in the title, but not side by side.
          const later = state.bodies.findIndex((n) => n < own.n);
          state.bodies.splice(later < 0 ? state.bodies.length : later, 0, own.n);
        } else results.push(own);
      }
    }
    return results;
  };

  const words = page.dataset;
  const say = (text) => (status.textContent = text);
  let turn = 0;
  let current = null;

  const show = async (state, mine) => {
    const results = await take(state);
    if (mine !== turn) return;
    for (const own of results) list.append(shown(own, state.terms));
    const left = state.heads.length + state.bodies.length + state.later.length;
    more.parentElement.hidden = !left;
    const sure = state.lookups.filter((own) => !own.filter).length === 1;
    const rough = left > 0 && (!sure || state.later.length > 0);
    const count = (rough ? words.about : words.count).replace("{n}", state.count);
    say(list.children.length || left ? count : words.none);
    const rest = [...state.heads, ...state.bodies];
    const detail = { query: field.value, bytes: bytes(), count: state.count, results, rest };
    page.dispatchEvent(new CustomEvent("found", { detail }));
  };

  const search = async (again) => {
    const mine = ++turn;
    used = new Map();
    try {
      const segments = await loadIndex();
      await loadPairs();
      const query = asked();
      const empty = !query.lookups.length;
      if (empty) {
        list.replaceChildren();
        more.parentElement.hidden = true;
        say(field.value.trim() ? words.short : "");
        page.dispatchEvent(new CustomEvent("found", { detail: { query: field.value, results: [] } }));
        return;
      }
      say(words.busy);
      current = { ...query, heads: [], bodies: [], later: segments, count: 0 };
      if (mine !== turn) return;
      const state = current;
      list.replaceChildren();
      await show(state, mine);
    } catch (error) {
      if (mine !== turn) return;
      // The portal may have been published anew in the meantime.
      held.clear();
      index = undefined;
      cache = "no-cache";
      if (!again) return search(true);
      say(words.failed);
      page.dispatchEvent(new CustomEvent("found", { detail: { query: field.value, error: String(error) } }));
    }
  };

  // ---------------------------------------------------------------------------------- the page

  const address = () => {
    const query = new URLSearchParams();
    if (field.value.trim()) query.set("q", field.value.trim());
    for (const filter of filters) if (filter.value) query.set(filter.name, filter.value);
    const text = query.toString();
    return location.pathname + (text ? `?${text}` : "");
  };
  const read = () => {
    const query = new URLSearchParams(location.search);
    field.value = query.get("q") ?? "";
    for (const filter of filters) {
      const value = query.get(filter.name) ?? "";
      if (value && ![...filter.options].some((option) => option.value === value)) {
        filter.append(new Option(value, value));
      }
      filter.value = value;
    }
    const narrowed = filters.some((filter) => filter.value);
    const details = page.querySelector("details");
    if (details && narrowed) details.open = true;
  };

  let waiting;
  field.addEventListener("input", (event) => {
    clearTimeout(waiting);
    if (event.isComposing) return;
    waiting = setTimeout(() => {
      history.replaceState(null, "", address());
      search();
    }, 200);
  });
  field.addEventListener("compositionend", () => field.dispatchEvent(new Event("input")));
  const submit = (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    if (address() !== location.pathname + location.search) history.pushState(null, "", address());
    search();
  };
  form.addEventListener("submit", submit);
  form.addEventListener("change", (event) => event.target !== field && submit(event));
  more.addEventListener("click", async () => {
    const last = list.lastElementChild;
    used = new Map();
    try {
      await show(current, turn);
    } catch {
      say(words.failed);
    }
    (last ? last.nextElementSibling : list.firstElementChild)?.querySelector("a")?.focus();
  });
  addEventListener("popstate", () => {
    read();
    search();
  });
  addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = [...list.querySelectorAll("h2 a")];
    const at = links.indexOf(document.activeElement);
    const inField = document.activeElement === field;
    const writes = document.activeElement?.matches("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !writes) {
      field.focus();
      field.select();
    } else if (event.key === "ArrowDown" && (inField || at >= 0)) {
      (links[at + 1] ?? links[at])?.focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      (links[at - 1] ?? field).focus();
    } else if (event.key === "Escape" && at >= 0) {
      field.focus();
    } else return;
    event.preventDefault();
  });

  // Whoever wants to know how texts are folded asks with a list of them.
  page.addEventListener("fold", ({ detail }) => (detail.folded = detail.texts.map(fold)));

  form.hidden = false;
  for (const instead of page.querySelectorAll(".without")) instead.hidden = true;
  read();
  if (field.value || filters.some((filter) => filter.value)) search();
  else {
    field.focus({ preventScroll: true });
    loadIndex().then(loadPairs).catch(() => {});
  }
})();
