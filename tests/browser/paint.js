// node paint.js ADDRESS USER PASSWORD: how long views take in Chromium from the first byte asked to what they are about, in
// milliseconds, as JSON. Each is the median of some loads with an empty cache.
import { openBrowser, openPage, signIn } from "./stage.js";

const RUNS = 5;
const VIEWS = { fleet: ["/", "a.tile .count"], sites: ["/sites", "table.sites tbody tr"], "sites, filtered and sorted": ["/sites?q=isp+1&sort=fail_count&order=down", "table.sites tbody tr"],
  site: ["/site?site=5", ".strip svg.row"], changes: ["/changes", "main table tbody tr"] };

const [url, user, password] = process.argv.slice(2);
const browser = await openBrowser();
const page = await openPage(browser, { url }, null);
await signIn(page, user, password);
const session = await page.context().newCDPSession(page);
const figures = {};
for (const [name, [address, shows]] of Object.entries(VIEWS)) {
  const taken = [];
  for (let run = 0; run < RUNS; run++) {
    await session.send("Network.clearBrowserCache");
    await page.goto(url + address, { waitUntil: "commit" });
    taken.push(await page.evaluate((selector) => new Promise((resolve) => {
      const look = () => requestAnimationFrame(() => (document.querySelector(selector) ? resolve(performance.now()) : look()));
      look();
    }), shows));
  }
  figures[name] = taken.sort((a, b) => a - b)[Math.floor(RUNS / 2)];
}
await browser.close();
console.log(JSON.stringify(figures));
