// Opens pages in the system's Chromium, and says what axe-core finds and what is wider than its window; then checks certificates.
// In: {"chromium", "pages": [url], "documents": {name: {status, headers, body}}, "once": bool, "narrow": [url], "pictures": folder or none,
// "verify": {"url", "tries": [{id: value}]}}; out: a JSON. Documents are answers that no link leads to, shown as they
// were given; `once`: at one width each.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const asked = JSON.parse(readFileSync(0, "utf-8"));
const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf-8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: asked.chromium, args: quiet });
const found = [], asks = new Set();

async function context(colorScheme, width, script = true) {
  const made = await browser.newContext({ colorScheme, viewport: { width, height: 844 }, javaScriptEnabled: script });
  made.setDefaultTimeout(120_000);
  made.on("request", (request) => asks.add(request.url()));
  return made;
}

async function wide(page, url) {
  const over = await page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return "";
    const widest = [...document.querySelectorAll("main *, header *, footer *")].filter((e) => e.getBoundingClientRect().right > room + 1);
    return `wider than ${room}: ${widest.slice(0, 3).map((e) => e.outerHTML.slice(0, 80)).join(" | ")}`;
  });
  if (over) found.push(`${url} ${over}`);
}

async function look(page, name, scheme, width) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
  await page.evaluate(axe);
  const { violations } = await page.evaluate((values) => globalThis.axe.run({ runOnly: { type: "tag", values } }), rules);
  for (const each of violations) found.push(`${name} ${scheme} ${width}: ${each.id}: ${each.nodes[0].html.slice(0, 120)}`);
  await wide(page, name);
  if (!asked.pictures) return;
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${asked.pictures}/${name.replace(/\W+/g, "-").slice(-60)}-${colorScheme}-${width}.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: scheme });
}

async function every([scheme, width]) {
  const page = await (await context(scheme, width)).newPage();
  for (const url of asked.pages) {
    await page.goto(url);
    await look(page, url, scheme, width);
  }
  const shown = Object.entries(asked.documents).filter((_, at) => !asked.once || at % 2 === Number(width === 390));
  for (const [name, { status, headers, body }] of shown) {
    const url = new URL(`/shown/${name}`, asked.pages[0]).href;
    await page.route(url, (route) => route.fulfill({ status, headers, body }));
    await page.goto(url);
    await look(page, name, scheme, width);
  }
  if (width === 390) {
    for (const url of asked.narrow) { await page.goto(url); await wide(page, url); }
  }
  await page.context().close();
}

// A scheme changes no layout, and a width no colour: each is looked at once. Both go at once, but for pictures: Chromium paints
// none of a window that is not in front.
const looks = [["light", 390], ["dark", 1280]];
if (asked.pictures) for (const each of looks) await every(each);
else await Promise.all(looks.map(every));

const without = await (await context("light", 390, false)).newPage();
await without.goto(asked.verify.url);
const unscripted = await without.locator("main form").isVisible();
const page = await (await context("light", 390)).newPage();
await page.goto(asked.verify.url);
await page.context().setOffline(true);
const said = [];
for (const fields of asked.verify.tries) {
  await page.locator("details summary").last().evaluate((each) => { each.parentElement.open = true; });
  for (const [id, value] of Object.entries(fields)) await page.fill(`#${id}`, value);
  await page.evaluate(() => { document.querySelector("#check").ariaBusy = ""; });
  await page.click("main button");
  await page.waitForFunction(() => document.querySelector("#check").ariaBusy === "false");
  said.push(await page.locator("[role=status] p:visible, #states dd:visible").evaluateAll((all) => all.map((e) => e.id || e.innerText.trim())));
}
await browser.close();
console.log(JSON.stringify({ found, asks: [...asks], unscripted, said }));
