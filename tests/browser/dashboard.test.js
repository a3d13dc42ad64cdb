// The dashboard in a real browser, against a real database.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { Dashboard, Database, PASSWORD, SHOTS, openBrowser, openPage, signIn, until } from "./stage.js";

let database, dashboard, browser;

before(async () => {
  database = await Database.start();
  dashboard = await Dashboard.start(database);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  assert.equal(await dashboard?.end(), 0);
  await database?.end();
});

beforeEach(() => database.beat());

/** A dashboard with other settings, for one test. */
async function another(t, settings) {
  const started = await Dashboard.start(database, settings);
  t.after(async () => assert.equal(await started.end(), 0));
  return started;
}

const rowsOf = (page) => page.locator("table.sites tbody tr");
const close = (page) => page.context().close();

// Who is let in.

test("only a person with a password of his own signs in", async () => {
  const said = async (answer) => [answer.status, (await answer.json()).code];
  assert.deepEqual(await said(await dashboard.signIn("adam", "wrong")), [401, "wrong_password"]);
  assert.deepEqual(await said(await dashboard.signIn("adam", "")), [401, "wrong_password"]);
  assert.deepEqual(await said(await dashboard.signIn("postgres", "")), [401, "wrong_password"], "though the passfile of this process knows it");
  assert.deepEqual(await said(await dashboard.signIn("nobody-at-all")), [401, "wrong_password"]);
  assert.deepEqual(await said(await dashboard.signIn("x".repeat(200))), [401, "wrong_password"]);
  assert.deepEqual(await said(await dashboard.signIn("boss")), [403, "too_powerful"]);
  assert.deepEqual(await said(await dashboard.signIn("plain")), [403, "no_member"]);
  assert.deepEqual(await said(await dashboard.signIn("adam", PASSWORD, {})), [403, "csrf"]);
  const answer = await dashboard.signIn("adam");
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("Set-Cookie"), /^natsweep=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
});

test("a role that PostgreSQL lets in without a password is not let in here", async () => {
  const file = path.join(database.folder, "data/pg_hba.conf");
  writeFileSync(file, `local all tess trust\n${readFileSync(file, "utf8")}`);
  await database.sql("select pg_reload_conf()");
  await until(async () => (await (await dashboard.signIn("tess", "anything")).json()).code === "no_password_asked", "pg_hba.conf to be read");
});

test("who tries too often has to wait", async (t) => {
  const strict = await another(t, "[sign_in]\nper_minute = 3\nall_per_minute = 100\n");
  for (let n = 0; n < 3; n++) assert.equal((await strict.signIn("olga", "wrong")).status, 401);
  const answer = await strict.signIn("olga");
  assert.equal(answer.status, 429, "even with the right password");
  assert.equal(answer.headers.get("Retry-After"), "60");
  assert.equal((await strict.signIn("vera")).status, 200, "others are not kept out");
});

test("behind a proxy that is named, who comes through it is told apart", async (t) => {
  const settings = "[sign_in]\nper_minute = 1\nall_per_minute = 100\n";
  const tries = async (at, ...sources) => {
    const statuses = [];
    for (const source of sources) statuses.push((await at.signIn("olga", "wrong", { "X-Sign-In": "1", "X-Forwarded-For": source })).status);
    return statuses;
  };
  const trusting = await another(t, `[dashboard]\nproxy = 127.0.0.1\n${settings}`);
  assert.deepEqual(await tries(trusting, "198.51.100.1", "198.51.100.2", "198.51.100.1"), [401, 401, 429]);
  assert.deepEqual(await tries(trusting, "203.0.113.9, 198.51.100.1"), [429], "only the last one is the proxy's word");
  const strict = await another(t, settings);
  assert.deepEqual(await tries(strict, "198.51.100.1", "198.51.100.2"), [401, 429], "nobody is believed unasked");
});

test("who is refused after the password is counted as turned away", async (t) => {
  const brief = await another(t, "");
  const turnedAway = async () => Number((await (await fetch(`${brief.url}/metrics`)).text()).match(/sign_ins_total\{result="turned_away"\} (\d+)/)[1]);
  await database.sql("revoke execute on function natsweep.dashboard_session() from natsweep_viewer");
  t.after(() => database.sql("grant execute on function natsweep.dashboard_session() to natsweep_viewer"));
  assert.equal((await brief.signIn("vera")).status, 403);
  assert.equal(await turnedAway(), 1);
});

test("behind TLS the cookie is for TLS only", async (t) => {
  const secure = await another(t, "[dashboard]\nbehind_tls = yes\n");
  const answer = await secure.signIn("adam");
  assert.match(answer.headers.get("Set-Cookie"), /^__Host-natsweep=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
  assert.match(answer.headers.get("Strict-Transport-Security"), /max-age/);
});

test("every answer carries the headers that protect it", async () => {
  for (const address of ["/", "/app.js", "/api/session", "/nowhere", "/healthz"]) {
    const { headers } = await fetch(dashboard.url + address);
    assert.match(headers.get("Content-Security-Policy"), /default-src 'none'.*frame-ancestors 'none'/, address);
    assert.equal(headers.get("X-Content-Type-Options"), "nosniff", address);
    assert.equal(headers.get("X-Frame-Options"), "DENY", address);
  }
  assert.equal((await fetch(`${dashboard.url}/readyz`)).status, 200);
  assert.equal((await fetch(`${dashboard.url}/app.js`, { method: "DELETE" })).status, 404);
  assert.equal((await fetch(`${dashboard.url}/api/sweep`)).status, 405);
});

test("a change needs the session's token, and a right", async () => {
  const vera = await dashboard.asker("vera");
  const olga = await dashboard.asker("olga");
  const refused = await olga("/api/sweep", { filter: {} }, { "X-CSRF-Token": "x".repeat(43) });
  assert.deepEqual([refused.status, (await refused.json()).code], [403, "csrf"]);
  const forbidden = await vera("/api/sweep", { filter: {} });
  assert.deepEqual([forbidden.status, (await forbidden.json()).code], [403, "no_right"]);
  const malformed = await fetch(`${dashboard.url}/api/sweep`, { method: "POST", body: "{}" });
  assert.equal(malformed.status, 401);
  assert.equal((await olga("/api/preview", { sites: ["1; drop table"] })).status, 400);
  assert.equal((await olga("/api/preview", { sites: Array(400000).fill("1") })).status, 413);
  assert.equal((await olga("/api/preview", { sites: Array(100000).fill("1") })).status, 200, "who is signed in may send more than a stranger");
  assert.equal((await olga("/api/sites?q=%00")).status, 400);
  assert.equal((await olga("/api/sites?q=%ff")).status, 400);
});

test("a session serves many questions at once over few connections, which close when idle", async (t) => {
  await database.user("busy", "admin");
  const brief = await another(t, "[session]\nconnections = 2\nconnection_idle_s = 1\n[sign_in]\nper_minute = 100\n");
  const busy = await brief.asker("busy");
  const open = async () => Number((await database.sql("select count(*) from pg_stat_activity where application_name = 'natsweep-dashboard' and usename = 'busy'"))[0]);
  let most = 0;
  let asking = true;
  const watching = (async () => { while (asking) most = Math.max(most, await open()); })();
  const answers = await Promise.all(Array.from({ length: 20 }, () => busy("/api/fleet")));
  asking = false;
  await watching;
  assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [200]);
  assert.ok(most <= 2, `${most} connections`);
  assert.equal((await Promise.all(Array.from({ length: 40 }, () => busy("/api/fleet")))).filter((answer) => answer.status === 429).length > 0, true);
  await until(async () => (await open()) === 0, "idle connections to be closed");
  assert.equal((await busy("/api/session")).status, 200, "and the session goes on");
});

test("a role that may no longer come in loses its session", async (t) => {
  await database.user("temp", "viewer", "Alpine Dental");
  const brief = await another(t, "[session]\nconnection_idle_s = 1\n");
  const temp = await brief.asker("temp");
  assert.equal((await temp("/api/session")).status, 200);
  await database.sql("alter role temp nologin");
  await until(async () => (await database.sql("select count(*) from pg_stat_activity where usename = 'temp'"))[0] === "0", "its connection to be closed");
  assert.equal((await temp("/api/session")).status, 401);
});

// Looking.

test("a person signs in, looks at the fleet and goes to the sites of one outcome", async () => {
  const page = await openPage(browser, dashboard, null);
  await page.getByLabel("User").fill("adam");
  await page.getByLabel("Password").fill("wrong");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").filter({ hasText: "the password is wrong" }).waitFor();
  await signIn(page, "adam");
  assert.equal(await page.locator("main h1").textContent(), "Fleet");
  const tile = page.locator("a.tile.outcome-unsupported");
  const count = await tile.locator(".count").textContent();
  await tile.click();
  await page.waitForURL("**/sites?outcome=unsupported");
  await page.getByText(`${count} sites found`).waitFor();
  assert.equal(await rowsOf(page).count(), Math.min(50, Number(count)));
  assert.deepEqual(page.complaints, []);
  await close(page);
});

test("sites are filtered, sorted and paged, and the address says how", async () => {
  const page = await openPage(browser, dashboard, "adam", { address: "/sites" });
  await page.getByText("150 sites found").waitFor();
  assert.equal(await rowsOf(page).count(), 50);
  await page.getByRole("button", { name: "Next page" }).click();
  await page.getByText("51–100 of 150").waitFor();
  assert.match(page.url(), /page=2/);
  await page.getByLabel("Customer", { exact: true }).fill("Pine Hotels");
  await page.keyboard.press("Tab");
  const [pine] = await database.sql("select count(*) from natsweep.site_status where customer = 'Pine Hotels'");
  await page.getByText(`${pine} sites found`).waitFor();
  assert.doesNotMatch(page.url(), /page=/);
  await page.getByRole("button", { name: "Site", exact: true }).press("Enter");
  await page.locator("th[aria-sort=ascending]", { hasText: "Site" }).waitFor();
  const names = await database.sql("select site from natsweep.site_status where customer = 'Pine Hotels' order by lower(site) limit 3");
  await until(async () => JSON.stringify((await rowsOf(page).locator("th a").allTextContents()).slice(0, 3)) === JSON.stringify(names), "the order of names");
  const address = page.url();
  await page.reload();
  await page.getByText(`${pine} sites found`).waitFor();
  assert.equal(page.url(), address);
  assert.deepEqual((await rowsOf(page).locator("th a").allTextContents()).slice(0, 3), names);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV" }).click()]);
  const lines = readFileSync(await download.path(), "utf8").trimEnd().split("\n");
  assert.equal(lines.length, Number(pine) + 1);
  assert.match(lines[0], /^customer,site,tags,outcome/);
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByText("150 sites found").waitFor();
  await page.getByLabel("Search").fill("no such site anywhere");
  await page.getByText("No site matches this filter.").waitFor();
  assert.deepEqual(page.complaints, []);
  await close(page);
});

test("a site says what is wrong, how to mend it, and shows the evidence of a port", async () => {
  const [id] = await database.sql("select site_id from natsweep.site where name = 'Showcase'");
  const page = await openPage(browser, dashboard, "adam", { address: `/site?site=${id}` });
  await page.locator("h1", { hasText: "Showcase" }).waitFor();
  await page.getByRole("cell", { name: /Forward the port one-to-one to this host/ }).first().waitFor();
  assert.equal(await page.locator("svg.row rect.tone-closed").count(), 2, "200 closed ports are two rows of a hundred");
  await page.locator(".diff .added", { hasText: "m=audio 62110" }).waitFor();
  await page.getByRole("button", { name: "9900–10099" }).click();
  await page.locator("strong", { hasText: "9900/udp" }).waitFor();
  await page.getByText("✕ silent").first().waitFor();
  assert.match(page.url(), /port=9900/);
  await page.getByLabel("Port", { exact: true }).fill("5060");
  await page.getByLabel("Transport").selectOption("tcp");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByText("Something else takes the connections: another host that the port is forwarded to, or the router itself.").last().waitFor();
  await page.getByRole("table", { name: "History of port 5060/tcp" }).waitFor();
  await page.getByLabel("Compare now with").selectOption({ index: 2 });
  await page.getByRole("table", { name: "What differs" }).waitFor();
  assert.deepEqual(page.complaints, []);
  await close(page);
});

test("changes are filtered", async () => {
  const page = await openPage(browser, dashboard, "adam", { address: "/changes?days=90" });
  await page.getByLabel("What").selectOption("outcome");
  await page.waitForURL(/what=outcome/);
  await until(async () => {
    const words = await page.locator("tbody tr td:nth-child(4)").allTextContents();
    return words.length > 5 && words.every((word) => word === "Outcome");
  }, "only outcomes"); // and no empty table, which is there while the answer is on its way
  await close(page);
});

test("of failing ports only those are told that the other list has not", async () => {
  const page = await openPage(browser, dashboard, "adam", { address: "/changes?days=90" });
  const told = (...lists) => page.evaluate(async ([before, after]) => (await import("/step.js")).step("ports", before, after).textContent, lists);
  assert.equal(await told("9100-9199/udp", "9120/udp"), "✓ no longer: 9100–9119/udp, 9121–9199/udp");
  assert.equal(await told("9120/udp,5060/tcp", "9100-9120/udp"), "✕ failing: 9100–9119/udp ✓ no longer: 5060/tcp");
  assert.equal(await told("none", "5060-5061/tcp"), "✕ failing: 5060–5061/tcp");
  assert.equal(await told("9000/udp and 7 more ranges", "9004/udp"), "✕ failing now: 9004/udp");
  assert.equal(await told("9000/udp and 7 more ranges", "none"), "✓ failing now: none");
  await close(page);
});

// Acting.

/** What an agent's reports do to the sweeps of a request. */
const move = (request, state, ports) => database.sql(`update natsweep.sweep set state = '${state}', state_at = now(), ports_done = ${ports} where request_id = ${request}`);
const newest = async () => (await database.sql("select max(request_id) from natsweep.request"))[0];

test("an operator chooses sites, sees whom it reaches, watches the progress and cancels", async () => {
  const page = await openPage(browser, dashboard, "olga", { address: "/sites" });
  await rowsOf(page).first().waitFor();
  await rowsOf(page).nth(0).getByRole("checkbox").check();
  await rowsOf(page).nth(2).getByRole("checkbox").check();
  await page.getByText("2 sites selected").waitFor();
  await page.getByRole("button", { name: "Recheck…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("This reaches 2 sites").waitFor();
  await dialog.getByLabel(/^Ports/).fill("5060/udp,nonsense");
  await dialog.getByRole("button", { name: "Recheck 2 sites" }).click();
  await dialog.getByRole("alert").filter({ hasText: "nonsense" }).waitFor();
  await dialog.getByLabel(/^Ports/).fill("5060/udp,9000-9099/udp");
  const before = await newest();
  await dialog.getByRole("button", { name: "Recheck 2 sites" }).click();
  await dialog.getByText("0 of 2 sweeps done, 2 waiting").waitFor();
  const request = await newest();
  assert.notEqual(request, before);
  await move(request, "running", 50);
  await dialog.getByText("2 running").waitFor();
  assert.ok(Number(await dialog.getByRole("progressbar").getAttribute("value")) > 0.4);
  await dialog.getByRole("button", { name: "Pause" }).click();
  await dialog.getByText("paused by olga").waitFor();
  await dialog.getByRole("button", { name: "Resume" }).click();
  await dialog.getByRole("button", { name: "Pause" }).waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.getByText("2 cancelled").waitFor();
  assert.deepEqual(await database.sql(`select distinct state from natsweep.sweep where request_id = ${request}`), ["cancelled"]);
  await page.getByText(`Request ${request} has ended.`).waitFor();
  await dialog.getByRole("link", { name: `number ${request}` }).click();
  await page.getByText("Cancelled by olga", { exact: true }).waitFor();
  assert.deepEqual(page.complaints, []);
  await close(page);
});

test("all that a filter finds are rechecked, and the list of requests follows", async () => {
  const page = await openPage(browser, dashboard, "olga", { address: "/sites?outcome=partial" });
  await page.getByRole("button", { name: /Recheck all/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: /Recheck \d+ sites?/ }).click();
  await page.getByRole("dialog").getByText("goes on when this is closed").waitFor();
  const request = await newest();
  assert.deepEqual(await database.sql(`select selector from natsweep.request where request_id = ${request}`), ['{"outcome": "partial"}']);
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("link", { name: "Requests" }).click();
  const item = page.locator(".requests li").first();
  await item.getByText("outcome partial").waitFor();
  await item.getByText("asked by olga").waitFor();
  await move(request, "done", 2008);
  await item.getByText(/^(\d+) of \1 sweeps done$/).waitFor();
  await close(page);
});

test("a schedule is made, after a look at whom and when it would reach", async () => {
  const page = await openPage(browser, dashboard, "olga", { address: "/requests", timezoneId: "Europe/Zurich" });
  await page.getByRole("button", { name: "New schedule…" }).click();
  const dialog = page.getByRole("dialog");
  const [count] = await database.sql("select count(*) from natsweep.site_status where customer = 'Alpine Dental'");
  await dialog.getByText(new RegExp(`This reaches ${Number(count).toLocaleString("en")} sites`)).waitFor();
  await dialog.getByText(/02:00.*02:00.*02:00/).waitFor();
  await dialog.getByLabel("Name").fill("Weekly look");
  await dialog.getByLabel(/^When/).fill("at night");
  await dialog.getByRole("alert").filter({ hasText: "five fields" }).waitFor();
  await dialog.getByRole("button", { name: "Make the schedule" }).click();
  await dialog.getByRole("alert").filter({ hasText: "five fields" }).waitFor();
  assert.deepEqual(await database.sql("select count(*) from natsweep.schedule"), ["0"], "a bad time makes nothing");
  await dialog.getByLabel(/^When/).fill("30 3 * * 1");
  await dialog.getByLabel("Last outcome").selectOption("partial");
  const [partial] = await database.sql("select count(*) from natsweep.site_status where customer = 'Alpine Dental' and outcome = 'partial'");
  await dialog.getByText(new RegExp(`This reaches ${partial} site`)).waitFor();
  await dialog.getByText(/Next: Mon.*03:30/).waitFor();
  await dialog.getByLabel(/^Ports/).fill("5060/udp");
  await dialog.getByLabel(/^Spread/).fill("30");
  await page.screenshot({ path: path.join(SHOTS, "schedule.png") });
  await dialog.getByRole("button", { name: "Make the schedule" }).click();
  await page.getByRole("cell", { name: "30 3 * * 1 Europe/Zurich" }).waitFor();
  assert.deepEqual(await database.sql("select name, cron, time_zone, selector, ports, options ->> 'jitter_s', asked_by from natsweep.schedule"),
    ['Weekly look|30 3 * * 1|Europe/Zurich|{"outcome": "partial"}|5060/udp|1800|olga']);
  await page.getByRole("button", { name: "New schedule…" }).click();
  await dialog.getByLabel("Name").fill("Weekly look");
  await dialog.getByRole("button", { name: "Make the schedule" }).click();
  await dialog.getByRole("alert").filter({ hasText: "you have a schedule" }).waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  assert.deepEqual(page.complaints, []);
  await database.sql("delete from natsweep.schedule");
  await close(page);
});

test("a schedule is paused and dropped", async () => {
  await database.sql("set session authorization olga; select natsweep.add_schedule('nightly', '0 2 * * *', '{\"customer\": \"Alpine Dental\"}', '@3cx', '{}', 'Europe/Zurich')");
  const page = await openPage(browser, dashboard, "olga", { address: "/requests" });
  await page.getByRole("button", { name: "Pause schedule nightly" }).click();
  await page.getByText("paused by olga").waitFor();
  page.on("dialog", (question) => question.accept());
  await page.getByRole("button", { name: "Drop schedule nightly" }).click();
  await page.getByText(/^No schedule:/).waitFor();
  assert.deepEqual(await database.sql("select count(*) from natsweep.schedule"), ["0"]);
  await close(page);
});

// Keeping apart.

test("a viewer sees his customer alone and can only look", async () => {
  const page = await openPage(browser, dashboard, "vera", { address: "/sites" });
  const [count] = await database.sql("select count(*) from natsweep.site_status where customer = 'Harbour Freight'");
  await page.getByText(`${count} sites found`).waitFor();
  assert.deepEqual([...new Set(await rowsOf(page).locator("td.customer").allTextContents())], ["Harbour Freight"]);
  assert.equal(await page.getByRole("button", { name: /Recheck/ }).count(), 0);
  assert.equal(await page.getByRole("checkbox").count(), 0);
  const [foreign] = await database.sql("select site_id from natsweep.site_status where customer = 'Pine Hotels' limit 1");
  await page.goto(`${dashboard.url}/site?site=${foreign}`);
  await page.getByRole("heading", { name: "Not found" }).waitFor();
  await page.goto(`${dashboard.url}/changes?customer=Pine+Hotels&days=90`);
  await page.getByText("Nothing changed in this time that matches.").waitFor();
  await page.goto(`${dashboard.url}/requests`);
  await page.getByText("Nobody has asked for a sweep yet.").waitFor();
  await close(page);
});

test("who has no customer is told so", async () => {
  const page = await openPage(browser, dashboard, "nora");
  await page.getByText("No customer is granted to you").waitFor();
  await page.screenshot({ path: path.join(SHOTS, "no-customer.png") });
  await close(page);
});

test("names that would like to be markup are text", async () => {
  const page = await openPage(browser, dashboard, "adam", { address: "/sites?q=onerror" });
  const name = "<img src=x onerror=\"document.title='owned'\">";
  await page.getByRole("link", { name }).waitFor();
  assert.equal(await page.locator("main img, main b, main script").count(), 0);
  await page.getByRole("checkbox", { name: new RegExp("^Select <img") }).check();
  await page.getByRole("button", { name: "Recheck…" }).click();
  await page.getByRole("dialog").getByText(name).waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("link", { name }).click();
  await page.locator("h1", { hasText: name }).waitFor();
  assert.equal(await page.title(), `${name} – natsweep`);
  assert.equal(await page.locator("main img, main b, main script").count(), 0);
  assert.deepEqual(page.complaints, []);
  const adam = await dashboard.asker("adam");
  assert.match(await (await adam("/api/sites.csv?q=cmd")).text(), /,"'=cmd/);
  await close(page);
});

test("addresses that nobody meant get a clear word", async () => {
  const page = await openPage(browser, dashboard, "adam");
  for (const [address, said] of [
    ["/sites?outcome=%3Cscript%3Ealert(1)%3C/script%3E", /"outcome" must be one of .* not "<script>/], ["/sites?page=99999999999999999999", /"page" must be a whole number/],
    ["/sites?page=77", /There is no such page/], ["/site?site=abc", /"site" must be a whole number/], ["/site?site=999999", /there is no site 999999/], ["/site", /there is no site 0/],
    ["/requests?request=-1", /"request" must be a whole number/], ["/changes?since=0000", /"since" must be a time/], ["/nowhere", /There is no view at this address/]]) {
    await page.goto(dashboard.url + address);
    await page.locator("main").getByText(said).waitFor();
  }
  assert.deepEqual(page.complaints, []);
  await close(page);
});

// When something is amiss.

test("a session that ended asks who it is and goes on where it was", async () => {
  const page = await openPage(browser, dashboard, "olga", { address: "/sites" });
  await rowsOf(page).first().getByRole("checkbox").check();
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Recheck…" }).click();
  await page.getByText("Your session has ended.").waitFor();
  await page.screenshot({ path: path.join(SHOTS, "session-ended.png") });
  await signIn(page, "olga");
  await page.getByRole("dialog").getByText("This reaches 1 site").waitFor();
  await page.getByText("1 site selected").waitFor();
  await close(page);
});

test("two tabs: what one does, the other survives", async () => {
  const one = await openPage(browser, dashboard, "olga", { address: "/sites" });
  const other = await one.context().newPage();
  await other.goto(`${dashboard.url}/requests`);
  await other.locator("h1").waitFor();
  await other.getByRole("button", { name: "Sign out" }).click();
  await signIn(other, "olga");
  // The cookie is the new session's, the token of the first tab the old one's.
  await rowsOf(one).first().getByRole("checkbox").check();
  await one.getByRole("button", { name: "Recheck…" }).click();
  await one.getByRole("dialog").getByText("This reaches 1 site").waitFor();
  // Another person in the same browser: nothing of the one before stays.
  await other.getByRole("button", { name: "Sign out" }).click();
  await signIn(other, "vera");
  await one.reload();
  await one.getByText("vera").waitFor();
  assert.equal(await one.getByText("Alpine Dental").count(), 0);
  await close(one);
});

test("a database that is away is said to be, and the page recovers by itself", async () => {
  const page = await openPage(browser, dashboard, "adam", { address: "/sites" });
  await rowsOf(page).first().waitFor();
  await database.stopServer();
  try {
    assert.equal((await fetch(`${dashboard.url}/healthz`)).status, 200);
    assert.equal((await fetch(`${dashboard.url}/readyz`)).status, 503);
    assert.equal((await dashboard.signIn("adam")).status, 503);
    await page.getByLabel("Search").fill("Oslo");
    await page.locator("#banner.away").waitFor();
    await page.screenshot({ path: path.join(SHOTS, "database-away.png") });
  } finally {
    await database.startServer();
  }
  await page.locator("#banner.away").waitFor({ state: "detached" });
  await until(async () => {
    const names = await rowsOf(page).locator("th a").allTextContents();
    return names.length > 0 && names.every((name) => name.startsWith("Oslo"));
  }, "the answer to what was asked");
  assert.equal((await fetch(`${dashboard.url}/readyz`)).status, 200);
  await close(page);
});

// For everybody.

const VIEWS = async () => {
  const [id] = await database.sql("select site_id from natsweep.site where name = 'Showcase'");
  return { fleet: "/", sites: "/sites", site: `/site?site=${id}&port=9950&transport=udp`, requests: "/requests", changes: "/changes" };
};

/** Texts whose contrast with what lies behind them is below WCAG's 4.5 (3 for large ones). Runs in the page. */
function faint() {
  const parse = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)).reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll("main *, header *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || node.closest(":disabled, .unseen, svg, option") || !node.checkVisibility()) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(parse(style.color)), light(behind(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) found.push(`${node.className || node.tagName} "${node.textContent.slice(0, 20)}" ${ratio.toFixed(2)}`);
  }
  return [...new Set(found)];
}

/** What a screen reader would stumble over. Runs in the page. */
function stumbles() {
  const found = [];
  if (document.querySelectorAll("h1").length !== 1) found.push("not one h1");
  for (const field of document.querySelectorAll("input, select, button, progress"))
    if (field.checkVisibility() && !field.closest("[aria-hidden=true]") && field.getAttribute("aria-hidden") !== "true" && !field.labels?.length && !field.getAttribute("aria-label") && !field.textContent.trim()) found.push(`no name: ${field.outerHTML.slice(0, 80)}`);
  for (const table of document.querySelectorAll("table")) if (!table.caption || !table.querySelector("th[scope]")) found.push(`table without caption or heads: ${table.outerHTML.slice(0, 60)}`);
  for (const image of document.querySelectorAll("img:not([alt]), [role=img]:not([aria-label])")) found.push(`no words: ${image.outerHTML.slice(0, 60)}`);
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  found.push(...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `id twice: ${id}`));
  return found;
}

for (const [name, options] of Object.entries({
  light: { colorScheme: "light" }, dark: { colorScheme: "dark" }, phone: { colorScheme: "light", viewport: { width: 390, height: 844 } }, "phone-dark": { colorScheme: "dark", viewport: { width: 390, height: 844 } },
})) {
  test(`every view is readable: ${name}`, async () => {
    const page = await openPage(browser, dashboard, null, options);
    await page.locator("dialog.sign-in").waitFor();
    await page.screenshot({ path: path.join(SHOTS, `sign-in-${name}.png`) });
    await signIn(page, "adam");
    for (const [view, address] of Object.entries(await VIEWS())) {
      await page.goto(dashboard.url + address);
      await page.locator("main h1").waitFor();
      if (view === "fleet") await page.locator(".chart canvas").first().waitFor();
      if (view === "site") await page.getByRole("table", { name: /History of port/ }).waitFor();
      await page.screenshot({ path: path.join(SHOTS, `${view}-${name}.png`), fullPage: true });
      assert.deepEqual(await page.evaluate(faint), [], `${view}: contrast`);
      assert.deepEqual(await page.evaluate(stumbles), [], `${view}: names`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${view} is no wider than the screen`);
      assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll(".scroll")].filter((node) => node.checkVisibility() && node.scrollWidth > node.clientWidth).map((node) => node.innerText.slice(0, 60))), [], `${view}: every table is seen whole`);
    }
    assert.deepEqual(page.complaints, []);
    await close(page);
  });
}

test("it is used by keyboard alone", async () => {
  const page = await openPage(browser, dashboard, null);
  await page.locator("dialog.sign-in").waitFor();
  await page.keyboard.type("olga");
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.locator("main h1", { hasText: "Alpine Dental" }).waitFor();
  await page.locator("a.skip").focus();
  await page.keyboard.press("Tab"); // brand
  for (let n = 0; n < 2; n++) await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  const reached = await page.evaluate(() => document.activeElement.textContent);
  assert.ok(["Sites", "Requests"].includes(reached), reached);
  await page.locator("nav a", { hasText: "Sites" }).focus();
  await page.keyboard.press("Enter");
  await rowsOf(page).first().waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1", "the new view's title has the focus");
  await rowsOf(page).first().getByRole("checkbox").focus();
  await page.keyboard.press("Space");
  await page.getByText("1 site selected").waitFor();
  await page.getByRole("button", { name: "Recheck…" }).press("Enter");
  await page.getByText("This reaches 1 site").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await close(page);
});

test("paper has the facts and none of the controls", async () => {
  const page = await openPage(browser, dashboard, "adam", { address: (await VIEWS()).site });
  await page.locator("h1", { hasText: "Showcase" }).waitFor();
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("#bar").isVisible(), false);
  assert.equal(await page.getByRole("button", { name: "Recheck…" }).isVisible(), false);
  assert.equal(await page.getByRole("table", { name: "Ports by verdict" }).isVisible(), true);
  await page.screenshot({ path: path.join(SHOTS, "site-print.png"), fullPage: true });
  await close(page);
});
