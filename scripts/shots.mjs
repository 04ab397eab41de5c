// The work of shots.sh.
import fs from "node:fs";
import path from "node:path";
import { openTab, settled, withBrowser, withLimit } from "./chromium.mjs";

const [chromium, dir, out, ...pages] = process.argv.slice(2);
const widths = (process.env.WIDTHS || "360 768 1280").split(" ").map(Number);
const schemes = (process.env.SCHEMES || "light dark").split(" ");
const tallest = Number(process.env.HEIGHT || 16_000); // pixels; Chromium can't paint taller pictures
const format = process.env.FORMAT || "png";
const scale = Number(process.env.SCALE || 1);
const quality = format === "png" ? undefined : Number(process.env.QUALITY || 70);

async function shoot(browser, url, width, scheme) {
  const tab = await openTab(browser);
  try {
    const height = width < 600 ? 740 : 800;
    await tab.screen(width);
    await tab.scheme(scheme);
    await tab.go(url);
    await tab.run(settled);
    // Pictures below the first screen are loaded late, and are to be seen all the same.
    await tab.run(allLoaded);
    const wide = await tab.run("document.documentElement.scrollWidth");
    if (wide > width) tab.problems.push(`scrolls sideways: ${wide} pixels wide`);
    const { cssContentSize } = await tab.send("Page.getLayoutMetrics");
    const clip = { x: 0, y: 0, width, height: Math.min(Math.max(cssContentSize.height, height), tallest), scale };
    const { data } = await tab.send("Page.captureScreenshot", { format, quality, clip, captureBeyondViewport: true });
    return { picture: Buffer.from(data, "base64"), problems: tab.problems };
  } finally {
    await tab.close();
  }
}

// What is asked for at once may be another width than before (`sizes="auto"` is for lazy ones), so
// that a first decoding fails; what is decoded aside may not be painted yet.
const allLoaded = `(async () => {
  const loaded = async (one) => {
    one.loading = "eager";
    one.decoding = "sync";
    for (let tries = 0; tries < 5; tries++) {
      if (!one.complete) await new Promise((go) => { one.onload = one.onerror = go; });
      if (await one.decode().then(() => true, () => false)) return;
      await new Promise((go) => setTimeout(go, 50));
    }
  };
  await Promise.all([...document.images].map(loaded));
  await new Promise((go) => setTimeout(go, 200));
  await Promise.all([...document.images].map(loaded));
  await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  return 0;
})()`;

function nameOf(page) {
  const plain = decodeURIComponent(page).replace(/^\/+|\/+$|\.html$/g, "");
  return plain.replace(/[\/?#%:*"<>|\\\s]+/g, "-") || "home";
}

process.exit(await withBrowser(chromium, dir, async (browser, home) => {
  fs.mkdirSync(out, { recursive: true });
  for (const page of pages) {
    for (const width of widths) {
      for (const scheme of schemes) {
        const url = new URL(page, home).href;
        const { picture, problems } = await withLimit(shoot(browser, url, width, scheme), `${page} at ${width}`);
        const file = path.join(out, `${nameOf(page)}-${width}-${scheme}.${format}`);
        fs.writeFileSync(file, picture);
        console.log([file, ...problems].join("\n  "));
      }
    }
  }
  return 0;
}));
