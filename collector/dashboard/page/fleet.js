// The fleet at a glance.
import { get, query } from "./api.js";
import { chart } from "./chart.js";
import { card, empty, h, svg, table } from "./dom.js";
import { step } from "./step.js";
import { changed, forwardings, moment, natClasses, number, outcomes, percent, plural, range, siteStates, when, wordOf } from "./words.js";

const ORDER = ["supported", "partial", "unsupported", "inconclusive", "not_run", "never"];
const FRESH_MS = 60000;

const share = (part, whole) => (whole ? `${((part / whole) * 100).toFixed(part && part / whole < 0.1 ? 1 : 0)} %` : "");

function tiles(counts, sites) {
  return h("ul", { className: "tiles" }, ORDER.filter((word) => counts[word] || word === "supported" || word === "unsupported").map((word) =>
    h("li", null, h("a", { href: `/sites${query({ outcome: word })}`, className: `tile outcome-${word}`, title: outcomes[word].means },
      h("span", { className: "count" }, number(counts[word])),
      h("span", { className: "name" }, h("span", { "aria-hidden": "true" }, `${outcomes[word].sign} `), outcomes[word].text),
      h("span", { className: "share" }, share(counts[word] ?? 0, sites))))));
}

/** Bars with words: a list of links, the longest first. */
function bars(key, words, counts = {}) {
  const rows = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  const most = Math.max(1, ...rows.map(([, count]) => count));
  if (rows.length === 0) return empty("Nothing has been judged yet.");
  return h("ul", { className: "bars" }, rows.map(([word, count]) =>
    h("li", null, h("a", { href: `/sites${query({ [key]: word })}` },
      h("span", { className: "name" }, wordOf(words, word)),
      svg("svg", { viewBox: "0 0 100 1", preserveAspectRatio: "none", class: `bar ${key}-${word}`, "aria-hidden": "true" },
        svg("rect", { width: (100 * count) / most, height: 1 })),
      h("span", { className: "count" }, number(count))))));
}

function trend(rows, signal) {
  if (rows.length < 2) return empty("A trend takes two days of sweeps.");
  const series = [["Supported", "supported"], ["Partial", "partial"], ["Unsupported", "unsupported"], ["Inconclusive", "inconclusive"], ["Not run", "not_run"]];
  // dygraphs stacks the last series first, so that the first one lies on top: good news at the bottom.
  const upwards = rows.map(([day, ...values]) => [day, ...values.slice(0, 5).reverse()]);
  return chart("Sites by outcome, ninety days", [...series].reverse(), upwards, { stacked: true, signal });
}

function attention(fleet) {
  const rows = [["stale", fleet.stale], ["flapping", fleet.flapping], ["alg", fleet.alg], ["shared", fleet.shared]].filter(([, count]) => count);
  return rows.length === 0 ? empty("Nothing stale, nothing flapping, no SIP ALG.")
    : h("ul", { className: "plain" }, rows.map(([state, count]) =>
      h("li", null, h("a", { href: `/sites${query({ state })}` }, `${wordOf(siteStates, state)}: `, h("strong", null, number(count))))));
}

function changes({ total, rows }) {
  if (total === 0) return empty("No site is other than it was a day ago.");
  return [
    h("ul", { className: "feed" }, rows.map((row) => h("li", null,
      h("a", { href: `/sites${query({ q: row.site, customer: row.customer })}` }, row.site),
      h("span", { className: "dim" }, ` ${row.customer} · ${wordOf(changed, row.what)} `),
      step(row.what, row.before, row.after)))),
    h("p", null, h("a", { href: "/changes" }, total > rows.length ? `All changes (${number(total)} differences to yesterday)` : "All changes")),
  ];
}

function vantages(rows) {
  if (rows.length === 0) return empty("There is no server to sweep against; an administrator names one with 'natsweep vantage set'.");
  const services = (row) => ["STUN", row.turn_server && "TURN", row.sip_echo && "SIP echo"].filter(Boolean).join(", ");
  const seen = (outage) => `${plural(outage.sites, "site")}, ${moment(outage.first_seen)} to ${moment(outage.last_seen)}`;
  return h("ul", { className: "plain" }, rows.map((row) => h("li", null,
    h("strong", null, row.name), h("span", { className: "dim" }, ` ${row.stun_server} · ${services(row)}`), h("br"),
    row.outage ? h("span", { className: "bad" }, `✕ Outage seen by ${seen(row.outage)}`)
      : h("span", { className: "good" }, "✓ No outage within a week"))));
}

function agents(all) {
  return [
    h("p", null, h("strong", null, `${number(all.online)} of ${number(all.total)}`), " online",
      all.pending ? h("span", { className: "bad" }, `, ${all.pending} waiting for approval`) : "",
      all.cloned ? h("span", { className: "bad" }, `, ${all.cloned} cloned`) : "",
      Number(all.lost) ? h("span", { className: "bad" }, `, ${number(all.lost)} reports dropped by full disks`) : ""),
    all.offline.length === 0 ? empty(all.total ? "No agent is away." : "No agent has enrolled yet; 'natsweep enroll' prints the line for a PBX host.")
      : h("ul", { className: "plain" }, all.offline.map((agent) => h("li", null,
        h("a", { href: `/site${query({ site: agent.site_id })}` }, agent.site),
        h("span", { className: "dim" }, ` ${agent.customer} · last seen `, when(agent.last_seen))))),
    all.offline.length ? h("p", null, h("a", { href: "/sites?state=offline" }, "All sites whose agent is away")) : null,
  ];
}

function failing(rows) {
  if (rows.length === 0) return empty("No port failed on the last day that was added up.");
  return table("Ports that fail at most sites", ["Ports", { cell: "Sites failing", class: "number" }, { cell: "Share", class: "number" }],
    rows.map((row) => [`${range(row.first_port, row.last_port)} ${row.transport}`,
      { cell: `${number(row.sites_failing)} of ${number(row.sites_judged)}`, class: "number" },
      { cell: percent(row.fail_rate), class: "number" }]));
}

export async function draw({ session, signal, go }) {
  const fleet = await get("/api/fleet", null, { signal });
  const outcomeCounts = fleet.counts?.outcome ?? {};
  const again = setTimeout(() => { if (!document.hidden) go("/", { replace: true }); }, FRESH_MS);
  signal.addEventListener("abort", () => clearTimeout(again));
  const title = h("header", { className: "view" }, h("h1", { tabIndex: -1 }, session.customer ?? "Fleet"),
    h("p", { className: "dim" }, plural(fleet.sites, "site"), session.customers > 1 ? ` of ${number(session.customers)} customers` : ""));
  if (fleet.sites === 0) {
    return h("div", null, title, h("div", { className: "state" },
      h("h2", null, session.customers === 0 && !session.sees_all ? "No customer is granted to you" : "No sites yet"),
      h("p", null, session.customers === 0 && !session.sees_all
        ? `An administrator grants one with: natsweep user add ${session.role} --customer NAME --as viewer`
        : "natsweep customer add, natsweep enroll: then the first agent and its site appear here.")));
  }
  return h("div", null, title, tiles(outcomeCounts, fleet.sites), h("div", { className: "cards" },
    h("div", { className: "wide" }, card("Ninety days", trend(fleet.trend, signal))),
    card("NAT class", bars("nat_class", natClasses, fleet.counts?.nat_class)),
    card("Forwarding", bars("forwarding", forwardings, fleet.counts?.forwarding), h("h3", null, "Worth a look"), attention(fleet)),
    card("Since yesterday", changes(fleet.changes)),
    card("Ports that fail most", failing(fleet.failing_ports)),
    card("Agents", agents(fleet.agents)),
    card("Servers", vantages(fleet.vantages))));
}
