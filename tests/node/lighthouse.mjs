// Audits pages with Lighthouse in one browser: `node lighthouse.mjs CHROMIUM CATEGORIES URL...`, the categories joined by commas.
// Prints a line of JSON a page: the scores, what keeps them below full marks, how much the page moved and how much was fetched.
import * as chromeLauncher from "chrome-launcher";
import lighthouse from "lighthouse";

const [chromePath, categories, ...pages] = process.argv.slice(2);
const chrome = await chromeLauncher.launch({
  chromePath,
  chromeFlags: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  ],
});
try {
  for (const url of pages) {
    const { lhr } = await lighthouse(url, { port: chrome.port, logLevel: "error", onlyCategories: categories.split(",") });
    const found = Object.values(lhr.categories);
    const weighed = found.flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight).map(({ id }) => lhr.audits[id]));
    console.log(JSON.stringify({
      url,
      error: lhr.runtimeError?.message ?? null,
      scores: Object.fromEntries(found.map(({ id, score }) => [id, Math.round((score ?? 0) * 100)])),
      failed: weighed.filter(({ score }) => score !== null && score < 1).map(({ id, displayValue, title }) => `${id}: ${displayValue ?? title}`),
      shift: lhr.audits["cumulative-layout-shift"]?.numericValue ?? 0,
      bytes: (lhr.audits["network-requests"]?.details?.items ?? []).reduce((sum, { transferSize }) => sum + (transferSize ?? 0), 0),
    }));
  }
} finally {
  chrome.kill();
}
