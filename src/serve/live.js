// The preview in a page: loads it again when it is another one, swaps its styles and pictures,
// and shows what is wrong.
((style) => {
  const script = document.currentScript;
  const tab = { ...script.dataset }; // page, print, mark

  // Memory of this tab; where the browser forbids it, there is none.
  const remember = (key, value) => {
    try {
      sessionStorage.setItem(`masthead:${key}`, JSON.stringify(value));
    } catch {}
  };
  const remembered = (key) => {
    try {
      return JSON.parse(sessionStorage.getItem(`masthead:${key}`));
    } catch {
      return null;
    }
  };

  const reload = () => {
    remember("scroll", [location.pathname, scrollX, scrollY]);
    location.reload();
  };
  const scrollBack = () => {
    const [path, left, top] = remembered("scroll") ?? [];
    remember("scroll", null);
    if (path === location.pathname) scrollTo({ left, top, behavior: "instant" });
  };

  // The decoded path of an address on this host; nothing for others.
  const pathOf = (address) => {
    try {
      const url = new URL(address, document.baseURI);
      return url.origin === location.origin ? decodeURIComponent(url.pathname) : "";
    } catch {
      return "";
    }
  };
  const renewed = (address) => {
    const url = new URL(address, document.baseURI);
    url.searchParams.set("masthead", tab.mark);
    return url.href;
  };

  // The new style sheet takes the place of the old one when it is there: nothing flashes.
  const next = new Map();
  const restyle = (link) => {
    next.get(link)?.remove();
    const fresh = link.cloneNode();
    fresh.href = renewed(link.href);
    next.set(link, fresh);
    const settle = (kept, gone) => {
      if (next.get(link) !== fresh) return;
      next.delete(link);
      gone.remove();
    };
    fresh.addEventListener("load", () => settle(fresh, link));
    fresh.addEventListener("error", () => settle(link, fresh));
    link.after(fresh);
  };

  const all = (selector) => [...document.querySelectorAll(selector)];
  const change = (files) => {
    const any = files.includes("*");
    const names = new Set(files.map(pathOf));
    names.delete("");
    const isHit = (address) => names.has(pathOf(address));
    const scripts = [...document.scripts].filter((other) => other !== script && other.src);
    if (scripts.some((other) => isHit(other.src))) return reload();
    const swapped = new Set();

    const waiting = new Set(next.values());
    for (const link of all('link[rel~="stylesheet"][href]')) {
      if (waiting.has(link) || !(isHit(link.href) || (any && pathOf(link.href)))) continue;
      swapped.add(pathOf(link.href));
      restyle(link);
    }

    const swap = (address) => {
      if (!isHit(address)) return address;
      swapped.add(pathOf(address));
      return renewed(address);
    };
    for (const element of all('img, source, video, image, input[type="image"], link[rel~="icon"]')) {
      for (const name of ["src", "srcset", "href", "poster"]) {
        const old = element.getAttribute(name);
        if (!old) continue;
        const now = name === "srcset" ? old.replace(/[^\s,]\S*[^\s,]/g, swap) : swap(old);
        if (now !== old) element.setAttribute(name, now);
      }
    }

    // Loaded by a style sheet or a script: a font, an import, a background.
    const loaded = performance.getEntriesByType("resource").map((entry) => pathOf(entry.name));
    if (loaded.some((path) => names.has(path) && !swapped.has(path))) reload();
  };

  // What is wrong, over the page. It takes no focus: somebody may be typing.
  const host = document.createElement("masthead-trouble");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  host.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
  let shown = "";
  const close = () => {
    remember("closed", shown);
    host.remove();
  };
  const make = (name, text, attributes = {}) => {
    const element = document.createElement(name);
    element.textContent = text;
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    return element;
  };
  const item = ({ severity, message, place, report }) => {
    const details = make("details", "", { class: severity });
    details.open = severity === "error";
    const summary = make("summary", "");
    summary.append(make("b", severity), " ", message, " ", make("span", place));
    details.append(summary, make("pre", report));
    return details;
  };
  const overlay = (trouble) => {
    const now = JSON.stringify(trouble);
    if (now === shown) return;
    shown = now;
    if (trouble.total === 0) remember("closed", null);
    if (trouble.total === 0 || remembered("closed") === now) return host.remove();
    const panel = make("section", "", { role: "region", "aria-label": "masthead", lang: "en" });
    const count = trouble.total === 1 ? "one thing is wrong" : `${trouble.total} things are wrong`;
    const head = make("header", "");
    const button = make("button", "Close", { type: "button", title: "Esc" });
    button.addEventListener("click", close);
    head.append(make("strong", `masthead: ${count}`, { role: "alert" }), button);
    const left = trouble.total - trouble.reports.length;
    panel.append(head, ...trouble.reports.map(item));
    if (left > 0) panel.append(make("p", `and ${left} more: the terminal shows all of them`));
    host.shadowRoot.replaceChildren(panel);
    document.documentElement.append(host);
  };
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && host.isConnected) close();
  });

  const take = (news) => {
    tab.mark = news.mark;
    if (news.trouble) overlay(news.trouble);
    if (news.follow && pathOf(news.follow) !== pathOf(location.href)) location.assign(news.follow);
    else if (news.reload) reload();
    else if (news.files?.length) change(news.files);
  };

  // How to listen: through the worker that all tabs share; or alone, where the browser or the page
  // allows none, and then only while the tab is seen, since a stream holds one of six connections.
  const alone = () => {
    const watch = stream(new URL("events", script.src), (news) =>
      take({ ...news, ...news.tabs[0] }),
    );
    const listen = (isHere) => watch(isHere && !document.hidden ? [tab] : []);
    addEventListener("visibilitychange", () => listen(true));
    return listen;
  };
  const together = () => {
    const worker = new SharedWorker(new URL("worker.js", script.src));
    const front = () => {
      remember("front", Date.now());
      worker.port.postMessage({ front: Date.now() });
    };
    const isFront = () => document.hidden || front();
    addEventListener("focus", isFront);
    addEventListener("visibilitychange", isFront);
    if (!remembered("front")) remember("front", Date.now());
    worker.port.onmessage = ({ data }) => take(data);
    worker.onerror = () => {
      listen = alone();
      listen(true);
    };
    return (isHere) =>
      worker.port.postMessage(isHere ? { ...tab, front: remembered("front") ?? 0 } : { bye: true });
  };
  let listen;
  try {
    listen = together();
  } catch {
    listen = alone();
  }

  scrollBack();
  listen(true);
  addEventListener("pagehide", () => listen(false));
  addEventListener("pageshow", (event) => event.persisted && listen(true));
})
