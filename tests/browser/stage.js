// The stage: a private PostgreSQL with a fleet, the dashboard, a browser. All of it ends with this process.
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const run = promisify(execFile);
export const TOP = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../..");
const BIN = process.env.NATSWEEP_BIN ?? path.join(TOP, "build/dev/bin");
const CLUSTER = path.join(TOP, "deploy/private-cluster");
export const PASSWORD = "correct horse battery staple";

/** Asks until it is so. */
export async function until(condition, what, timeoutMs = 20000) {
  for (const end = Date.now() + timeoutMs; ;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`still waiting after ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Resolves with what the output of a process says when it matches. */
function heard(child, stream, pattern, what) {
  return new Promise((resolve, reject) => {
    let said = "";
    child[stream].on("data", (bytes) => {
      said += bytes;
      const match = said.match(pattern);
      if (match) resolve(match);
    });
    child.on("exit", (code) => reject(new Error(`${what} ended with ${code}: ${said}`)));
  });
}

export class Database {
  static async start() {
    const database = new Database();
    try {
      await database.fill();
    } catch (error) {
      await database.end(); // or the cluster would keep this process
      throw error;
    }
    return database;
  }

  async fill() {
    // The cluster's keeper waits for our end of a pipe, so it goes however we go.
    this.keeper = spawn(CLUSTER, ["run", "--throwaway", "--", "bash", "-c", "env | grep ^PG; echo ready; cat >/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
    const [said] = await heard(this.keeper, "stdout", /[^]*ready\n/, "private-cluster");
    this.env = { ...process.env, ...Object.fromEntries(said.split("\n").filter((line) => line.startsWith("PG")).map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)])) };
    this.folder = path.dirname(this.env.PGHOST);
    await run(path.join(BIN, "natsweep"), ["init", "--schema-dir", path.join(TOP, "schema")], { env: this.env });
    await run("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", path.join(TOP, "tests/browser/fleet.sql")], { env: this.env, maxBuffer: 1e8 });
    for (const [name, as, customer] of [["adam", "admin"], ["olga", "operator", "Alpine Dental"], ["vera", "viewer", "Harbour Freight"]]) await this.user(name, as, customer);
    await this.sql("create role nora login in role natsweep_viewer password '" + PASSWORD + "'; create role plain login password '" + PASSWORD + "';"
      + "create role boss login superuser password '" + PASSWORD + "'; create role tess login in role natsweep_viewer password '" + PASSWORD + "'");
  }

  async user(name, as, customer) {
    const child = execFile(path.join(BIN, "natsweep"), ["user", "add", name, "--as", as, "--password-file", "-", ...(customer ? ["--customer", customer] : [])], { env: this.env });
    child.stdin.end(`${PASSWORD}\n`);
    await new Promise((resolve, reject) => child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`natsweep user add ${name}: ${code}`)))));
  }

  /** Runs statements; returns the first column of the last one's rows as texts. */
  async sql(statement) {
    const { stdout } = await run("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement], { env: this.env });
    return stdout.split("\n").filter(Boolean);
  }

  /** The agents show life: who was not seen for 45 s is offline. */
  beat() {
    return this.sql("update natsweep.agent_seen set last_seen = now() where connected");
  }

  stopServer() {
    return run(CLUSTER, ["stop", this.folder]);
  }

  startServer() {
    return run(CLUSTER, ["start", this.folder, "--throwaway", "--port", this.env.PGPORT]);
  }

  async end() {
    this.keeper.stdin.end();
    await new Promise((resolve) => this.keeper.on("exit", resolve));
  }
}

export class Dashboard {
  static async start(database, more = "[sign_in]\nper_minute = 1000\nall_per_minute = 1000\n") {
    const dashboard = new Dashboard();
    dashboard.folder = mkdtempSync(path.join(tmpdir(), "natsweep-dashboard-"));
    const settings = path.join(dashboard.folder, "dashboard.conf");
    writeFileSync(settings, `[dashboard]\nlisten = 127.0.0.1:0\n[database]\ndsn = host=${database.env.PGHOST} port=${database.env.PGPORT} dbname=${database.env.PGDATABASE}\n${more}`);
    dashboard.process = spawn(path.join(BIN, "natsweep-dashboard"), ["--settings", settings], { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, PGPASSFILE: database.env.PGPASSFILE } });
    dashboard.url = (await heard(dashboard.process, "stderr", /serving (http:\S+)\/\n/, "natsweep-dashboard"))[1];
    return dashboard;
  }

  /** Signs in as a script does; returns the answer with its headers. */
  signIn(role, password = PASSWORD, headers = { "X-Sign-In": "1" }) {
    return fetch(`${this.url}/api/sign-in`, { method: "POST", body: new URLSearchParams({ role, password }), headers });
  }

  /** A signed-in asker of the JSON addresses. */
  async asker(role) {
    const answer = await this.signIn(role);
    const headers = { Cookie: answer.headers.get("Set-Cookie").split(";")[0], "X-CSRF-Token": answer.headers.get("X-CSRF-Token") };
    return (address, body, more) => fetch(this.url + address, { method: body ? "POST" : "GET", body: body && JSON.stringify(body), headers: { ...headers, ...more } });
  }

  async end() {
    const ended = new Promise((resolve) => this.process.on("exit", resolve));
    this.process.kill("SIGTERM");
    const code = await ended;
    rmSync(this.folder, { recursive: true });
    return code;
  }
}

export const SHOTS = path.join(TOP, "build/logs/screenshots");
mkdirSync(SHOTS, { recursive: true });

export function openBrowser() {
  return chromium.launch({ // with a profile of its own, new each time
    executablePath: "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** A page of a person, who signs in unless role is null. What the browser complains of is kept in page.complaints. */
export async function openPage(browser, dashboard, role, { address = "/", ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", timezoneId: "UTC", ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.setDefaultTimeout(20000);
  page.on("console", (message) => { if (["error", "warning"].includes(message.type()) && !/status of (4|5)\d\d|ERR_CONNECTION/.test(message.text())) page.complaints.push(message.text()); });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  await page.goto(dashboard.url + address);
  if (role) await signIn(page, role);
  return page;
}

export async function signIn(page, role, password = PASSWORD) {
  await page.getByLabel("User").fill(role);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("dialog.sign-in").waitFor({ state: "detached" });
  await page.locator("main h1").waitFor();
}
