// weigh.mjs DIR: what a reader's first visit costs, in bytes as a host sends them (brotli,
// quality 11). Prints the heaviest page of each kind, and fails where one is over its budget.
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const root = process.argv[2];
const budgets = { article: 12 << 10, home: 25 << 10, "site.css": 8 << 10, "site.js": 5 << 10 };
const weight = (bytes) => zlib.brotliCompressSync(bytes).length;

const heaviest = {};
const note = (kind, name) => {
  const bytes = fs.readFileSync(path.join(root, name));
  const own = { name, raw: bytes.length, sent: weight(bytes) };
  if (!heaviest[kind] || heaviest[kind].sent < own.sent) heaviest[kind] = own;
};
let wrong = 0;
for (const name of fs.readdirSync(root, { recursive: true }).sort()) {
  if (!name.endsWith(".html")) continue;
  const html = fs.readFileSync(path.join(root, name), "utf8");
  const kind = html.match(/<body class="([^"]*)"/)?.[1];
  if (kind) note(kind, name);
  // A second script, or one within the page, is for the search page alone.
  const scripts = html.match(/<script(?! type="application\/)[^>]*>/g) ?? [];
  const inline = scripts.filter((script) => !script.includes("src=")).length + (html.match(/<style|<[a-z][^<>]* style="/g) ?? []).length;
  if (kind && (inline > 0 || scripts.length > (kind === "search" ? 2 : 1))) {
    console.log(`${name}: ${scripts.length} scripts, ${inline} scripts or styles within the page`);
    wrong += 1;
  }
}
for (const name of ["site.css", "site.js"]) note(name, name);
for (const [kind, { name, raw, sent }] of Object.entries(heaviest)) {
  const budget = budgets[kind];
  const over = budget !== undefined && sent > budget;
  if (over) wrong += 1;
  console.log(`${kind.padEnd(10)} ${String(sent).padStart(6)} of ${String(budget ?? "-").padStart(6)}  (${raw} raw)  ${name}${over ? "  OVER" : ""}`);
}
process.exit(wrong > 0 ? 1 : 0);
