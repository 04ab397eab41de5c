// The work of shots.sh, with nothing but node: a small file server, and Chromium driven by its
// DevTools protocol over a pipe (--window-size can't go below some 500 pixels, emulation can).
import { spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";

const [chromium, dir, out, ...pages] = process.argv.slice(2);
const widths = (process.env.WIDTHS || "360 768 1280").split(" ").map(Number);
const schemes = (process.env.SCHEMES || "light dark").split(" ");
const limitMs = 20_000; // for one page
const tallest = 16_000; // pixels; Chromium can't paint taller pictures

const types = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript",
  ".mjs": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml",
  ".xml": "application/xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp",
  ".avif": "image/avif", ".woff2": "font/woff2", ".ico": "image/x-icon",
  ".txt": "text/plain; charset=utf-8",
};

function serve(root) {
  const server = http.createServer((request, response) => {
    let file;
    try {
      const url = new URL(request.url, "http://localhost");
      file = path.join(root, path.normalize("/" + decodeURIComponent(url.pathname)));
      if (fs.statSync(file).isDirectory()) file = path.join(file, "index.html");
      const bytes = fs.readFileSync(file);
      response.writeHead(200, { "content-type": types[path.extname(file)] || "application/octet-stream" });
      response.end(bytes);
    } catch {
      response.writeHead(404, { "content-type": "text/plain" });
      response.end("not found");
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

// Commands and events are JSON texts with a zero byte after each, on file descriptors 3 and 4.
function startBrowser(profile) {
  const child = spawn(chromium, [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage",
    "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--hide-scrollbars", `--user-data-dir=${profile}`, "--remote-debugging-pipe",
  ], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const pending = new Map();
  const listeners = new Set();
  let last = 0;
  let rest = Buffer.alloc(0);
  child.stdio[4].on("data", (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end; (end = rest.indexOf(0)) >= 0; rest = rest.subarray(end + 1)) {
      const message = JSON.parse(rest.subarray(0, end));
      if (!message.id) for (const listener of [...listeners]) listener(message);
      else if (message.error) pending.get(message.id).reject(new Error(JSON.stringify(message.error)));
      else pending.get(message.id).resolve(message.result);
      pending.delete(message.id);
    }
  });
  const gone = () => {
    for (const { reject } of pending.values()) reject(new Error("Chromium ended"));
  };
  child.on("exit", gone);
  child.on("error", gone);
  child.stdio[3].on("error", gone);
  const send = (method, params = {}, sessionId = undefined) =>
    new Promise((resolve, reject) => {
      pending.set(++last, { resolve, reject });
      child.stdio[3].write(JSON.stringify({ id: last, method, params, sessionId }) + "\0");
    });
  return { child, send, listeners };
}

function withLimit(promise, what) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing for ${limitMs} ms`)), limitMs);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

async function shoot(browser, url, width, scheme) {
  const { browserContextId } = await browser.send("Target.createBrowserContext");
  const { targetId } = await browser.send("Target.createTarget", { url: "about:blank", browserContextId });
  const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: true });
  const send = (method, params) => browser.send(method, params, sessionId);
  const problems = [];
  let loaded;
  const load = new Promise((resolve) => (loaded = resolve));
  const listener = ({ method, params, sessionId: from }) => {
    if (from !== sessionId) return;
    if (method === "Page.loadEventFired") loaded();
    if (method === "Runtime.exceptionThrown") problems.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === "Log.entryAdded" && params.entry.level === "error") problems.push(`${params.entry.text} ${params.entry.url ?? ""}`);
    if (method === "Runtime.consoleAPICalled" && params.type === "error") problems.push(params.args.map((a) => a.value ?? a.description).join(" "));
  };
  browser.listeners.add(listener);
  try {
    for (const domain of ["Page", "Runtime", "Log"]) await send(`${domain}.enable`);
    const height = width < 600 ? 740 : 800;
    const screen = (height) => send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: width < 600 });
    await screen(height);
    await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
    await send("Page.navigate", { url });
    await load;
    const ready = "document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(document.documentElement.scrollWidth)))))";
    const { result } = await send("Runtime.evaluate", { expression: ready, awaitPromise: true });
    if (result.value > width) problems.push(`scrolls sideways: ${result.value} pixels wide`);
    const { cssContentSize } = await send("Page.getLayoutMetrics");
    const clip = { x: 0, y: 0, width, height: Math.min(Math.max(cssContentSize.height, height), tallest), scale: 1 };
    const { data } = await send("Page.captureScreenshot", { format: "png", clip, captureBeyondViewport: true });
    return { png: Buffer.from(data, "base64"), problems };
  } finally {
    browser.listeners.delete(listener);
    await browser.send("Target.disposeBrowserContext", { browserContextId }).catch(() => {});
  }
}

function nameOf(page) {
  const plain = decodeURIComponent(page).replace(/^\/+|\/+$|\.html$/g, "");
  return plain.replace(/[\/?#%:*"<>|\\\s]+/g, "-") || "home";
}

const profile = fs.mkdtempSync(path.join(os.tmpdir(), "shots-"));
const server = await serve(path.resolve(dir));
const browser = startBrowser(profile);
let failed = false;
try {
  fs.mkdirSync(out, { recursive: true });
  for (const page of pages) {
    for (const width of widths) {
      for (const scheme of schemes) {
        const url = new URL(page, `http://127.0.0.1:${server.address().port}/`).href;
        const { png, problems } = await withLimit(shoot(browser, url, width, scheme), `${page} at ${width}`);
        const file = path.join(out, `${nameOf(page)}-${width}-${scheme}.png`);
        fs.writeFileSync(file, png);
        console.log([file, ...problems].join("\n  "));
      }
    }
  }
} catch (error) {
  console.error(`shots: ${error.message}`);
  failed = true;
} finally {
  // Asked to close, Chromium waits for its own children; killed, it would leave them behind.
  const ended = new Promise((resolve) => (browser.child.exitCode === null ? browser.child.on("exit", resolve) : resolve()));
  browser.send("Browser.close").catch(() => {});
  await withLimit(ended, "closing").catch(() => browser.child.kill("SIGKILL"));
  server.close();
  server.closeAllConnections();
  fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
process.exit(failed ? 1 : 0);
