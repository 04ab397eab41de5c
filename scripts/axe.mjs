// The work of axe.sh.
import fs from "node:fs";
import path from "node:path";
import { openTab, settled, styled, withBrowser, withLimit } from "./chromium.mjs";

const [chromium, axe, dir, ...named] = process.argv.slice(2);
const widths = [320, 360, 768, 1280];
const looked = [360, 1280]; // where axe looks
const tabs = 3; // at once
const spacing = `* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }`; // WCAG 1.4.12

// The fewest pages, nearly, that together have each kind of page in each language, each class and
// each element that the site has anywhere.
function pagesOf(root) {
  const all = [];
  for (const name of fs.readdirSync(root, { recursive: true }).sort()) {
    if (!name.endsWith(".html")) continue;
    const html = fs.readFileSync(path.join(root, name), "utf8");
    const kind = html.match(/<body class="([^"]*)"/)?.[1];
    if (kind === undefined) continue; // leads on to another address
    const language = html.match(/<html lang="([^"]*)"/)?.[1];
    const has = new Set([`${language} ${kind}`]);
    for (const [, classes] of html.matchAll(/ class="([^"]*)"/g)) for (const one of classes.split(" ")) has.add(`.${one}`);
    for (const [, element] of html.matchAll(/<([a-z][a-z0-9]*)/g)) has.add(element);
    all.push({ url: "/" + name.replace(/(^|\/)index\.html$/, "$1"), has });
  }
  const chosen = [];
  const missing = new Set(all.flatMap(({ has }) => [...has]));
  while (missing.size > 0) {
    const news = ({ has }) => [...has].filter((one) => missing.has(one)).length;
    const best = all.reduce((a, b) => (news(b) > news(a) ? b : a));
    for (const one of best.has) missing.delete(one);
    chosen.push(best.url);
  }
  return chosen;
}

// Words that readers of the demo search for, so that there are results to look at.
const found = (url) => (url.endsWith("/search/") ? `${url}?q=${encodeURIComponent("大桥")}` : url);

// What lies wrong on the page, as texts. Runs in the page.
function faults(width) {
  const wrong = [];
  const wide = document.documentElement.scrollWidth;
  if (wide > width) wrong.push(`scrolls sideways: ${wide} pixels wide`);
  const name = (node) => {
    const element = node.nodeType === 1 ? node : node.parentElement;
    const shown = node.textContent.trim().replace(/\s+/g, " ").slice(0, 20);
    return `${element.localName}${element.className ? "." + element.classList[0] : ""} “${shown}”`;
  };
  const unseen = (element) => element.closest(".skip, [hidden], [aria-hidden], math, svg, [popover]:not(:popover-open)");
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  texts: for (let text; (text = walker.nextNode()); ) {
    const parent = text.parentElement;
    if (!text.data.trim() || unseen(parent) || !parent.checkVisibility({ contentVisibilityAuto: true })) continue;
    if (parent.closest("rt, rp, script, style, option, sup, summary")) continue;
    // What scrolls or is clamped on purpose shows only what lies in its box.
    let [left, top, right, bottom] = [-Infinity, -Infinity, Infinity, Infinity];
    let layer = "";
    for (let box = parent; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (/sticky|fixed/.test(style.position)) layer = box;
      if (style.clipPath === "inset(50%)") continue texts; // for screen readers
      if (style.overflowX === "visible") continue;
      const area = box.getBoundingClientRect();
      const kept = /auto|scroll/.test(style.overflowX) || style.webkitLineClamp !== "none";
      if (!kept && (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1)) wrong.push(`cut off: ${name(box)}`);
      left = Math.max(left, area.left);
      top = Math.max(top, area.top);
      right = Math.min(right, area.right);
      bottom = Math.min(bottom, area.bottom);
    }
    range.selectNodeContents(text);
    for (const line of range.getClientRects()) {
      const box = { left: Math.max(line.left, left), top: Math.max(line.top, top), right: Math.min(line.right, right), bottom: Math.min(line.bottom, bottom), text, layer };
      if (box.right - box.left < 2 || box.bottom - box.top < 4) continue;
      if (box.left < -1 || box.right > width + 1) wrong.push(`off the page: ${name(text)}`);
      lines.push(box);
    }
  }
  // A line's box is taller than its letters, and lines may be set close: a quarter is no overlap.
  const shrunk = lines.map((line) => {
    const inset = (line.bottom - line.top) / 4;
    return { ...line, top: line.top + inset, bottom: line.bottom - inset };
  });
  shrunk.sort((a, b) => a.top - b.top);
  for (let i = 0; i < shrunk.length; i++) {
    for (let k = i + 1; k < shrunk.length && shrunk[k].top < shrunk[i].bottom; k++) {
      const [a, b] = [shrunk[i], shrunk[k]];
      if (a.text === b.text || a.layer !== b.layer) continue;
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - b.top;
      if (across > 2 && down > 1) wrong.push(`one upon the other: ${name(a.text)} and ${name(b.text)}`);
    }
  }
  return [...new Set(wrong)].slice(0, 5);
}

const rules = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] };
const audit = `axe.run(${JSON.stringify(rules)}).then(({ violations }) => violations.flatMap(({ id, help, nodes }) =>
  nodes.slice(0, 3).map((node) => id + ": " + help + "\\n      " + node.target.join(" ") + "\\n      "
    + (node.any[0] ?? node.all[0] ?? node.none[0])?.message)))`;

async function look(browser, home, url, menu) {
  const tab = await openTab(browser);
  const said = [];
  const note = (where, what) => {
    for (const one of what) said.push(`${where}: ${one}`);
  };
  try {
    await tab.screen(widths[0]);
    await tab.scheme("light");
    await tab.go(new URL(found(url), home).href);
    await tab.run(`${settled}.then(async () => {
      for (let n = 0; n < 50 && location.search && !document.querySelector(".found li"); n++) await new Promise((go) => setTimeout(go, 100));
      return !location.search || document.querySelector(".found li") !== null;
    })`).then((any) => any || said.push("no results"));
    // Transitions would be caught half-way.
    await tab.run(styled("* { transition: none !important; animation: none !important; }"));
    await tab.run(fs.readFileSync(axe, "utf8") + "; 0");
    for (const width of widths) {
      await tab.screen(width);
      await tab.run(settled);
      note(width, await tab.run(`(${faults})(${width})`));
      if (!looked.includes(width)) continue;
      for (const scheme of ["light", "dark"]) {
        await tab.scheme(scheme);
        await tab.run(settled);
        note(`${width} ${scheme}`, await tab.run(audit));
        if (!menu) continue;
        await tab.run(`document.querySelector("[popover]").showPopover()`);
        note(`${width} ${scheme} menu`, [...await tab.run(audit), ...await tab.run(`(${faults})(${width})`)]);
        await tab.run(`document.querySelector("[popover]").hidePopover()`);
      }
      await tab.scheme("light");
    }
    await tab.screen(widths[0]);
    await tab.run(`document.documentElement.dataset.text = "4"; 0`);
    note("320 large", await tab.run(`(${faults})(${widths[0]})`));
    await tab.run(`delete document.documentElement.dataset.text; ${styled(spacing)}`);
    note("320 spaced", await tab.run(`(${faults})(${widths[0]})`));
    return [...said, ...tab.problems.filter((problem) => !/ 404 .*\/404\.html$/.test(problem))];
  } finally {
    await tab.close();
  }
}

process.exit(await withBrowser(chromium, dir, async (browser, home) => {
  const pages = named.length > 0 ? named : pagesOf(dir);
  const left = [...pages];
  let bad = 0;
  const work = async () => {
    for (let url; (url = left.shift()) !== undefined; ) {
      const said = await withLimit(look(browser, home, url, url === pages[0]), url);
      if (said.length === 0) continue;
      bad += 1;
      console.log([decodeURIComponent(url), ...said].join("\n  "));
    }
  };
  await Promise.all(Array.from({ length: tabs }, work));
  console.log(`${pages.length} pages looked at, ${bad} with faults`);
  return bad > 0 ? 1 : 0;
}));
