// The work of lighthouse.sh.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { serve } from "./chromium.mjs";

const [chromium, tools, dir, ...named] = process.argv.slice(2);
const limits = { "largest-contentful-paint": 1200, "cumulative-layout-shift": 0, "total-blocking-time": 0 };
const tries = Number(process.env.TRIES || 4);
const categories = ["performance", "accessibility", "best-practices", "seo"];

// The first page of each kind.
function pagesOf(root) {
  const found = {};
  for (const name of fs.readdirSync(root, { recursive: true }).sort()) {
    if (!name.endsWith(".html")) continue;
    const kind = fs.readFileSync(path.join(root, name), "utf8").match(/<body class="([^"]*)"/)?.[1];
    found[kind] ??= "/" + name.replace(/(^|\/)index\.html$/, "$1");
  }
  return ["home", "channel", "tag", "article"].map((kind) => found[kind]);
}

function audit(url) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "lighthouse-"));
  const cli = path.join(tools, "node_modules/lighthouse/cli/index.js");
  const flags = `--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir=${profile}`;
  const child = spawn(process.execPath, [
    cli, url, "--quiet", "--output=json", `--only-categories=${categories}`, `--chrome-flags=${flags}`,
  ], { env: { ...process.env, CHROME_PATH: chromium }, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  return new Promise((resolve, reject) =>
    child.on("exit", (status) => {
      fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      if (status === 0) resolve(JSON.parse(text));
      else reject(new Error(`lighthouse: status ${status}`));
    }),
  );
}

const seen = (report) => ({
  scores: categories.map((name) => Math.round(report.categories[name].score * 100)),
  values: Object.keys(limits).map((name) => report.audits[name].numericValue),
});
const holds = ({ scores, values }) =>
  scores.every((score) => score === 100) && Object.values(limits).every((limit, n) => values[n] <= limit);

const server = await serve(path.resolve(dir));
let wrong = 0;
for (const page of named.length > 0 ? named : pagesOf(dir)) {
  const url = new URL(page, `http://127.0.0.1:${server.address().port}/`).href;
  // Other work on the machine makes figures worse, and nothing makes them better.
  let report;
  for (let n = 0; n < tries && (n === 0 || !holds(seen(report))); n++) {
    const own = await audit(url);
    if (n === 0 || seen(own).values[0] < seen(report).values[0]) report = own; // by the LCP
  }
  const { scores, values: [lcp, cls, tbt] } = seen(report);
  console.log(`${decodeURIComponent(page)}  ${scores.join(" / ")}  LCP ${(lcp / 1000).toFixed(2)} s, CLS ${cls.toFixed(3)}, TBT ${tbt.toFixed(0)} ms`);
  if (holds(seen(report))) continue;
  wrong += 1;
  for (const name of categories) {
    for (const { id, weight } of report.categories[name].auditRefs) {
      const { score, title, displayValue = "" } = report.audits[id];
      if (weight > 0 && score !== null && score < 1) console.log(`  ${id} (${score}): ${title} ${displayValue}`);
    }
  }
}
server.close();
server.closeAllConnections();
process.exit(wrong > 0 ? 1 : 0);
