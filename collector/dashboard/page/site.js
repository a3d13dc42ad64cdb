// One site: what is wrong with its router and how to mend it, with the proof.
import { get, query } from "./api.js";
import { chart } from "./chart.js";
import { card, empty, h, table } from "./dom.js";
import { recheck } from "./recheck.js";
import { step } from "./step.js";
import { calendar, difference, strip, tone } from "./strip.js";
import { changed, duration, forwardings, moment, natClasses, number, outcome, percent, range, roles, verdict, when, wordOf } from "./words.js";

const RANGES_SHOWN = 14;
const SWEEPS_SHOWN = 20;
const CLOCK_DIFFERS_MS = 2000;
const yes = (value, good, bad, unknown = "unknown") => (value === null || value === undefined ? unknown : value ? good : bad);
const numberOf = (part) => part.last - part.first + 1;

function facts(rows) {
  const known = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h("dl", { className: "facts" }, known.map(([name, value]) => [h("dt", null, name), h("dd", null, value)]));
}

function judgement(site) {
  const well = site.outcome === "supported";
  if (!site.outcome) return h("div", { className: "judgement" }, h("p", null, "This site has not been swept yet."));
  return h("div", { className: `judgement judgement-${well ? "good" : "bad"}` },
    h("p", { className: "cause" }, site.cause ?? site.message),
    site.cure ? h("p", { className: "cure" }, h("strong", null, "What to do: "), site.cure) : null,
    site.failing_since ? h("p", { className: "dim" }, "Not supported since ", when(site.failing_since)) : null,
    site.flapping ? h("p", { className: "dim" }, "Its outcome changed at least four times within a week.") : null,
    site.shared_address ? h("p", { className: "dim" }, "Another customer's site has the same public address: a provider's NAT, most likely.") : null);
}

function nat(site, sweep) {
  if (!sweep) return empty("No sweep has reported yet.");
  return facts([
    ["NAT class", wordOf(natClasses, site.nat_class)], ["Forwarding", wordOf(forwardings, site.forwarding)],
    ["Mapping", sweep.mapping?.replaceAll("_", " ")], ["Filtering", sweep.filtering?.replaceAll("_", " ")],
    ["Keeps source ports", yes(sweep.port_preservation, "yes", "no")], ["Hairpin", yes(sweep.hairpin, "yes", "no", null)],
    ["Mapping lives", sweep.binding_lifetime_s ? duration(sweep.binding_lifetime_s * 1000) : null],
    ["SIP ALG", yes(sweep.sip_alg, h("span", { className: "bad" }, "✕ rewrites messages"), "none", "not tested")],
    ["Second NAT", yes(sweep.double_nat, h("span", { className: "bad" }, "✕ likely"), "no", null)],
    ["Public address", sweep.public_address], ["Local address", sweep.local_address],
    ["Server", sweep.server_name], ["Took", duration(sweep.duration_us / 1000)],
  ]);
}

function agentFacts(agent) {
  if (!agent) return empty("No agent has enrolled for this site.");
  const clock = Math.abs(agent.clock_offset_ms ?? 0);
  return facts([
    ["State", agent.online ? h("span", { className: "good" }, "✓ online") : h("span", { className: "bad" }, "✕ offline")],
    ["Last seen", when(agent.last_seen)], ["Host", agent.hostname], ["Version", agent.version], ["Connects from", agent.address],
    ["Tests live", yes(agent.live, "yes, binds nothing", "no, binds free ports", null)],
    ["Reports waiting", agent.spool_depth ? number(agent.spool_depth) : null],
    ["Reports dropped", agent.spool_lost ? number(agent.spool_lost) : null],
    ["Clock differs", clock > CLOCK_DIFFERS_MS ? duration(clock) : null],
    ["Cloned", agent.cloned ? h("span", { className: "bad" }, "✕ two programs use its key") : null],
  ]);
}

/** Ranges that share what is to be said of them; neighbours become one, whichever sweeps they are from. */
function alike(ranges) {
  const found = new Map();
  for (const part of ranges) {
    const key = [tone(part), part.verdict, part.transport, part.expect, part.cause].join("|");
    if (!found.has(key)) found.set(key, { ...part, parts: [], count: 0 });
    const group = found.get(key);
    const before = group.parts.at(-1);
    if (before?.last + 1 === part.first) before.last = part.last;
    else group.parts.push({ ...part });
    group.count += numberOf(part);
  }
  return [...found.values()];
}

function rangeButtons(parts, open) {
  const buttons = parts.map((part) => h("button",
    { type: "button", className: "range", title: "Show the evidence", onclick: () => open(part.first, part.transport) }, range(part.first, part.last)));
  if (buttons.length <= RANGES_SHOWN) return buttons;
  return [buttons.slice(0, RANGES_SHOWN),
    h("details", null, h("summary", null, `and ${number(buttons.length - RANGES_SHOWN)} more ranges`), buttons.slice(RANGES_SHOWN))];
}

/** What is the matter, each thing once with its ports: what has to be mended comes first. */
function groups(ranges, open) {
  const rank = (group) => (group.as_expected === false ? 0 : group.as_expected === null ? 1 : 2);
  const rolesOf = (group) => new Set(group.parts.map((part) => wordOf(roles, part.role)).filter(Boolean));
  return table("Ports by verdict", ["Verdict", { cell: "Ports", class: "number" }, "Which", "Cause and cure"],
    alike(ranges).sort((a, b) => rank(a) - rank(b) || b.count - a.count).map((group) => [
      [verdict(group.verdict), group.expect === "closed" ? h("span", { className: "dim" }, " should be closed") : null],
      { cell: number(group.count), class: "number" },
      { cell: [h("span", { className: "dim" }, [group.transport, ...rolesOf(group)].join(" · "), " "), rangeButtons(group.parts, open)], class: "ranges" },
      [h("p", null, group.cause), group.cure && !group.as_expected ? h("p", null, h("strong", null, "What to do: "), group.cure) : null],
    ]), { className: "groups" });
}

function evidence(id, signal) {
  const place = h("div", { "aria-live": "polite" });
  const port = h("input", { name: "port", type: "number", min: 1, max: 65535, required: true, value: 5060 });
  const transport = h("select", { name: "transport" }, h("option", { value: "udp" }, "udp"), h("option", { value: "tcp" }, "tcp"));
  async function open(number_, through) {
    port.value = number_;
    transport.value = through;
    const args = Object.fromEntries(new URLSearchParams(location.search));
    history.replaceState(null, "", `/site${query({ ...args, port: number_, transport: through })}`);
    place.replaceChildren(h("p", { className: "loading" }, "Loading…"));
    try {
      const answer = await get("/api/port", { site: id, port: number_, transport: through }, { signal });
      place.replaceChildren(...proof(answer));
    } catch (failure) {
      if (!signal.aborted) place.replaceChildren(h("p", { className: "wrong" }, failure.message));
    }
  }
  const form = h("form", { className: "inline", onsubmit: (event) => { event.preventDefault(); open(Number(port.value), transport.value); } },
    h("label", null, h("span", null, "Port"), port), h("label", null, h("span", null, "Transport"), transport), h("button", null, "Show"));
  return {
    node: h("div", null, form, place),
    open: (number_, through) => { open(number_, through); form.scrollIntoView({ block: "nearest" }); },
  };
}

function proof({ port, transport, evidence: seen, history: past }) {
  const name = `${port}/${transport}`;
  const answered = (value) => yes(value, "✓ answered", "✕ silent", "not known");
  return [
    seen ? [
      h("p", null, verdict(seen.verdict), " ", h("strong", null, name), seen.reason ? ` (${seen.reason.replaceAll("_", " ")})` : "", ` ${seen.message}`),
      facts([
        ["Test 1: a packet gets out", answered(seen.reached)],
        ["Leaves from the same port", yes(seen.preserved, "✓ yes", "✕ no", "not known")],
        ["Test 2: a stranger answers", answered(seen.inbound)],
        ["Test 3: a stranger comes first", answered(seen.unsolicited)],
        ["Seen by the server as", seen.mapped],
        ["Round trip", seen.rtt_us ? `${(seen.rtt_us / 1000).toFixed(1)} ms` : null],
        ["Requests sent", seen.attempts],
        ["Tested live", yes(seen.live, "yes, nothing was bound", "no, the port was bound", null)],
        ["Held by", seen.owner ? `${seen.owner.name} (process ${seen.owner.pid})` : null],
        ["Swept", when(seen.at)],
      ])] : empty(`Port ${name} was not swept.`),
    past.length ? table(`History of port ${name}`, ["Verdict", "From", "To", { cell: "Sweeps", class: "number" }],
      past.map((row) => [verdict(row.verdict), moment(row.from), moment(row.to), { cell: number(row.sweeps), class: "number" }])) : null,
  ].flat().filter(Boolean);
}

function comparison(id, sweeps, now, signal) {
  const place = h("div", { "aria-live": "polite" });
  const name = (sweep) => `${moment(sweep.at)} – ${sweep.outcome}, ${number(sweep.fail_count)} failing of ${number(sweep.port_count)}`;
  const pick = h("select", {
    onchange: async () => {
      const sweep = sweeps[Number(pick.value)];
      if (!sweep) { place.replaceChildren(); return; }
      try {
        const past = await get("/api/ports", { site: id, at: sweep.at, sweep: sweep.sweep_id }, { signal });
        const found = difference(past.ranges, now);
        const said = (word) => (word ? verdict(word) : "not swept");
        place.replaceChildren(strip(past.ranges, () => {}), found.length === 0 ? empty("Every port is as it was then.")
          : table("What differs", ["Ports", "Then", "Now"],
            found.map((row) => [`${range(row.first, row.last)}/${row.transport}`, said(row.before), said(row.after)])));
      } catch (failure) {
        if (!signal.aborted) place.replaceChildren(h("p", { className: "wrong" }, failure.message));
      }
    },
  }, h("option", { value: "" }, "Choose a sweep"), sweeps.map((sweep, at) => h("option", { value: at }, name(sweep))));
  return [h("label", { className: "inline" }, h("span", null, "Compare now with "), pick), place];
}

function alg(sweep) {
  if (!sweep?.sip_alg_diff) return null;
  const style = (line) => (line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "");
  const lines = sweep.sip_alg_diff.split("\n").filter(Boolean);
  return card("What the SIP ALG rewrites", h("p", { className: "dim" }, "Lines as this host sent them (−) and as they arrived at the server (+)."),
    h("pre", { className: "diff", tabIndex: 0 }, lines.map((line) => h("span", { className: style(line) }, `${line}\n`))));
}

function ninetyDays(days, signal) {
  if (days.length === 0) return empty("No day of the last ninety has a sweep.");
  return [
    calendar("Outcome", days, (day) => day[1], (word) => `tone-outcome-${word}`),
    calendar("NAT class", days, (day) => day[2] ?? "unknown", (word) => `tone-class-${word}`),
    days.length > 1 ? chart("Share of the ports that are as they should be", [["Good ports", "accent", percent]],
      days.map((day) => [day[0], day[3]]), { range: [0, 1.02], signal }) : null,
  ];
}

function changeFeed(changes) {
  if (changes.length === 0) return empty("Nothing has changed since the first sweep.");
  return h("ul", { className: "feed" }, changes.map((row) => h("li", null,
    h("span", { className: "dim" }, when(row.at), ` · ${wordOf(changed, row.what)} `), step(row.what, row.before, row.after))));
}

function sweepTable(sweeps) {
  const count = (value) => ({ cell: number(value), class: "number" });
  const roomy = (value) => ({ cell: value || "–", class: "roomy" });
  return table("Past sweeps", ["When", "Outcome", { cell: "NAT class", class: "roomy" }, { cell: "Forwarding", class: "roomy" },
    { cell: "Failing", class: "number" }, { cell: "Ports", class: "number" }, { cell: "Server", class: "roomy" }],
  sweeps.slice(0, SWEEPS_SHOWN).map((sweep) => [when(sweep.at), outcome(sweep.outcome), roomy(wordOf(natClasses, sweep.nat_class)),
    roomy(wordOf(forwardings, sweep.forwarding)), count(sweep.fail_count), count(sweep.port_count), roomy(sweep.server_name)]));
}

function notes(sweep) {
  const all = [...(sweep?.warnings ?? []).map((warning) => warning.message ?? String(warning)), ...(sweep?.advice ?? [])];
  return all.length ? card("Notes of the last sweep", h("ul", { className: "plain" }, all.map((line) => h("li", null, line)))) : null;
}

function heading(site, agent, session) {
  const ask = () => recheck({ asked: { sites: [String(site.site_id)] }, profiles: ["@3cx"] });
  return h("header", { className: "view" }, h("h1", { tabIndex: -1 }, site.site),
    h("p", null, h("a", { href: `/sites${query({ customer: site.customer })}` }, site.customer), " ",
      site.tags.map((tag) => h("a", { className: "tag", href: `/sites${query({ tag })}` }, tag)), " ",
      outcome(site.outcome), " ", h("span", { className: "dim" }, "last swept ", when(site.last_sweep))),
    session.may_request ? h("p", { className: "actions" },
      h("button", { type: "button", className: "main", disabled: !agent, onclick: ask }, "Recheck…")) : null);
}

const wide = (content) => (content ? h("div", { className: "wide" }, content) : null);

export async function draw({ args, session, signal }) {
  const asked = { site: args.site };
  const [all, ports] = await Promise.all([get("/api/site", asked, { signal }), get("/api/ports", asked, { signal })]);
  const { site, agent, sweeps } = all;
  const latest = sweeps.find((sweep) => sweep.sweep_id === site.sweep_id) ?? sweeps[0];
  document.title = `${site.site} – natsweep`;
  const { node, open } = evidence(site.site_id, signal);
  const view = h("div", null, heading(site, agent, session), judgement(site),
    ports.ranges.length === 0 ? empty("No port of this site has been judged yet.") : [
      card("Ports at a glance", strip(ports.ranges, open)),
      card("Cause and cure", groups(ports.ranges, open))],
    h("div", { className: "cards" },
      wide(card("Evidence of one port", node)), wide(alg(latest)),
      card("NAT", nat(site, latest)), card("Agent", agentFacts(agent)), wide(notes(latest)),
      wide(card("History", ninetyDays(all.days, signal))),
      wide(card("What changed", changeFeed(all.changes))),
      wide(card("Past sweeps", sweeps.length === 0 ? empty("No sweep has reported yet.")
        : [comparison(site.site_id, sweeps, ports.ranges, signal), sweepTable(sweeps)]))));
  if (args.port) view.addEventListener("shown", () => open(Number(args.port), args.transport === "tcp" ? "tcp" : "udp"));
  return view;
}
