/**
 * Runs a program of records in two pages, one of which forbids `new Function`. Both have to give the same bytes and messages, and the
 * browser may report one violation at most.
 *
 *   /free/     no policy
 *   /strict/   Content-Security-Policy: script-src 'self'
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const PROGRAM = "/packages/typed/test/support/record-program.mjs";
const SOURCES = /^\/packages\/\w+\/(?:dist|test\/support)\/[\w./-]+\.m?js$/;

const scripts = {
  // A report comes as a task of its own: those of the program are there before the timer.
  "/page.js": `
    const reports = [];
    addEventListener("securitypolicyviolation", (event) => reports.push(event.blockedURI));
    const { runRecords } = await import("${PROGRAM}");
    const lines = runRecords();
    setTimeout(() => { globalThis.outcome = { lines, reports }; }, 100);`,
};

/** A source of the packages, whose imports a page can follow. */
function sourceAt(path) {
  if (!SOURCES.test(path) || path.includes("..")) return undefined;
  return readFileSync(join(root, path), "utf8").replace(
    /from "@perfloc\/(\w+)(?:\/(\w+))?"/g,
    (_text, name, entry = "index") => `from "/packages/${name}/dist/${entry}.js"`,
  );
}

function answer({ url }, response) {
  if (url === "/free/" || url === "/strict/") {
    response.setHeader("Content-Type", "text/html");
    if (url === "/strict/") response.setHeader("Content-Security-Policy", "script-src 'self'");
    response.end('<!doctype html><script type="module" src="/page.js"></script>');
    return;
  }
  const source = scripts[url] ?? sourceAt(url);
  response.statusCode = source === undefined ? 404 : 200;
  response.setHeader("Content-Type", "text/javascript");
  response.end(source);
}

/** Runs the program in the page at a path. @returns its results */
async function outcomeOf(browser, origin, path) {
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error));
  await page.goto(origin + path);
  const isDone = page.waitForFunction(() => globalThis.outcome !== undefined);
  const failure = page.waitForEvent("pageerror", { timeout: 0 });
  failure.catch(() => undefined);
  await Promise.race([isDone, failure]);
  if (errors.length > 0) throw new Error(`${path} failed: ${errors[0].message}`);
  const outcome = await page.evaluate(() => globalThis.outcome);
  await page.close();
  return outcome;
}

/** Compares the results of the two pages. @returns a line for each fault */
function differences(free, strict) {
  const found = free.lines.flatMap((line, index) =>
    line === strict.lines[index]
      ? []
      : [`without a policy: ${line}`, `with it: ${strict.lines[index]}`],
  );
  if (free.lines.length !== strict.lines.length)
    found.push(`${free.lines.length} lines without a policy, ${strict.lines.length} with it`);
  if (free.reports.length > 0) found.push(`${free.reports.length} reports without a policy`);
  // Without a report the policy was not in force.
  if (strict.reports.length !== 1) found.push(`${strict.reports.length} reports with the policy`);
  return found;
}

/** @returns whether both pages give the same results */
export async function passesUnderPolicy(executablePath) {
  const server = createServer(answer);
  await new Promise((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const free = await outcomeOf(browser, origin, "/free/");
    const strict = await outcomeOf(browser, origin, "/strict/");
    const found = differences(free, strict);
    for (const line of found) console.error(line);
    const { length } = free.lines;
    console.log(
      found.length === 0
        ? `the same ${length} results with and without a Content-Security-Policy, and one report`
        : "FAIL: a Content-Security-Policy makes a difference",
    );
    return found.length === 0;
  } finally {
    await browser.close();
    server.close();
  }
}
