// What the browser scripts share, with nothing but node: a small file server, and Chromium driven by
// its DevTools protocol over a pipe (--window-size can't go below some 500 pixels, emulation can).
import { spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import zlib from "node:zlib";

export const limitMs = 20_000; // for one page

const types = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript",
  ".mjs": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml",
  ".xml": "application/xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp",
  ".avif": "image/avif", ".woff2": "font/woff2", ".ico": "image/x-icon",
  ".txt": "text/plain; charset=utf-8",
};

// A site as a host would serve it: compressed, and with its own page for what is not there.
export function serve(root) {
  const packed = new Map(); // of text files: what is sent
  const server = http.createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    let file = path.join(root, path.normalize("/" + decodeURIComponent(url.pathname)));
    let status = 200;
    if (fs.existsSync(file) && fs.statSync(file).isDirectory()) file = path.join(file, "index.html");
    if (!fs.existsSync(file)) [status, file] = [404, path.join(root, "404.html")];
    if (!fs.existsSync(file)) return response.writeHead(404).end();
    const type = types[path.extname(file)] || "application/octet-stream";
    const headers = { "content-type": type };
    let bytes = fs.readFileSync(file);
    if (/text|json|xml|svg/.test(type)) {
      if (!packed.has(file)) packed.set(file, zlib.brotliCompressSync(bytes));
      if (/\bbr\b/.test(request.headers["accept-encoding"])) {
        bytes = packed.get(file);
        headers["content-encoding"] = "br";
      }
    }
    response.writeHead(status, headers).end(bytes);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

// Commands and events are JSON texts with a zero byte after each, on file descriptors 3 and 4.
function startBrowser(chromium, profile) {
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

// Fails where a promise is not kept in time.
export function withLimit(promise, what) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing for ${limitMs} ms`)), limitMs);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

// Runs `work` with a server of `root` and a Chromium, and ends both whatever happens. What it
// returns is the exit status.
export async function withBrowser(chromium, root, work) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "masthead-browser-"));
  const server = await serve(path.resolve(root));
  const browser = startBrowser(chromium, profile);
  let status = 1;
  try {
    status = await work(browser, `http://127.0.0.1:${server.address().port}/`);
  } catch (error) {
    console.error(error.message);
  } finally {
    // Asked to close, Chromium waits for its own children; killed, it would leave them behind.
    const ended = new Promise((resolve) => (browser.child.exitCode === null ? browser.child.on("exit", resolve) : resolve()));
    browser.send("Browser.close").catch(() => {});
    await withLimit(ended, "closing").catch(() => browser.child.kill("SIGKILL"));
    server.close();
    server.closeAllConnections();
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
  return status;
}

// A tab of its own, with what it complains of in `problems`.
export async function openTab(browser) {
  const { browserContextId } = await browser.send("Target.createBrowserContext");
  const { targetId } = await browser.send("Target.createTarget", { url: "about:blank", browserContextId });
  const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: true });
  const send = (method, params) => browser.send(method, params, sessionId);
  const tab = { send, problems: [] };
  let loaded = () => {};
  const listener = ({ method, params, sessionId: from }) => {
    if (from !== sessionId) return;
    if (method === "Page.loadEventFired") loaded();
    if (method === "Runtime.exceptionThrown") tab.problems.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === "Log.entryAdded" && params.entry.level === "error") tab.problems.push(`${params.entry.text} ${params.entry.url ?? ""}`);
    if (method === "Runtime.consoleAPICalled" && params.type === "error") tab.problems.push(params.args.map((a) => a.value ?? a.description).join(" "));
  };
  browser.listeners.add(listener);
  for (const domain of ["Page", "Runtime", "Log"]) await send(`${domain}.enable`);
  tab.screen = (width, height = width < 600 ? 740 : 800) =>
    send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: width < 600 });
  // `light` or `dark`; `print` is paper, and `forced` the few colours of a system's high contrast.
  tab.scheme = (scheme) => {
    const features = [{ name: "prefers-color-scheme", value: scheme === "dark" ? "dark" : "light" }];
    features.push({ name: "forced-colors", value: scheme === "forced" ? "active" : "none" });
    return send("Emulation.setEmulatedMedia", { media: scheme === "print" ? "print" : "", features });
  };
  tab.go = async (url) => {
    const load = new Promise((resolve) => (loaded = resolve));
    await send("Page.navigate", { url });
    await load;
  };
  tab.run = async (expression) => {
    const { result, exceptionDetails: thrown } = await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (thrown) throw new Error(thrown.exception?.description ?? thrown.text);
    return result.value;
  };
  tab.close = async () => {
    browser.listeners.delete(listener);
    await browser.send("Target.disposeBrowserContext", { browserContextId }).catch(() => {});
  };
  return tab;
}

// An expression that styles a page: by a sheet of the script's own, since the page's policy lets
// no other style in.
export const styled = (css) => `(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(${JSON.stringify(css)});
  document.adoptedStyleSheets.push(sheet);
})()`;

// An expression that is done when all pictures and all sections are there and painted.
export const settled = `(() => {
  ${styled("* { content-visibility: visible !important; }")};
  return Promise.all([...document.images].map((image) => {
    image.loading = "eager";
    return image.decode().catch(() => {});
  }));
})().then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))))`;
