// Requests and schedules: who asked for what, how far it is, and the brakes.
import { get, post, query } from "./api.js";
import { card, empty, h, table, toast } from "./dom.js";
import { changeRequest, follow, progress, underWay } from "./recheck.js";
import { newSchedule } from "./schedule.js";
import { moment, number, outcome, plural, when } from "./words.js";

const EVERY_MS = 2000;
const IDLE_MS = 15000;
const PAGE = 25; // requests, as the database gives them
const NOTHING_ASKED = "Nobody has asked for a sweep yet. Choose sites and recheck them, or run 'natsweep sweep'.";

/** A selector in words. */
export function said(selector) {
  if (selector.all) return "every site";
  return Object.entries(selector).map(([key, value]) => {
    const list = [value].flat();
    if (key === "site_id") return plural(list.length, "chosen site");
    return `${key.replaceAll("_", " ")} ${list.slice(0, 3).join(" or ")}${list.length > 3 ? ` or ${list.length - 3} more` : ""}`;
  }).join(", ");
}

function asked(request) {
  const how = request.schedule_id ? "by a schedule of " : "asked by ";
  return h("span", null, h("strong", null, said(request.selector)),
    h("span", { className: "dim" }, ` · ${request.ports} · `, how, request.asked_by, " ", when(request.asked_at)));
}

function item(request, may, act) {
  return h("li", { className: underWay(request) ? "request" : "request ended" },
    h("p", null, h("a", { href: `/requests${query({ request: request.request_id })}` }, `#${request.request_id}`), " ", asked(request)),
    progress(request, may ? act : null),
    request.cancelled_by ? h("p", { className: "dim" }, `Cancelled by ${request.cancelled_by}`) : null,
    request.no_agent ? h("p", { className: "dim" }, `${plural(request.no_agent, "site")} without an agent left out`) : null);
}

function schedules(rows, may, act) {
  if (rows.length === 0) return empty("No schedule: nothing is checked by itself.");
  const button = (row, action, text, style) => h("button", {
    type: "button", className: style ?? "quiet", "aria-label": `${text} schedule ${row.name}`,
    onclick: (event) => { event.target.disabled = true; act(row, action, event.target); },
  }, text);
  const actions = (row) => [row.paused_at ? button(row, "resume", "Resume") : button(row, "pause", "Pause"), " ", button(row, "drop", "Drop", "danger")];
  return table("Schedules", ["Name", "When", "Which sites", "Ports", "Next", "Last", "Made by", may ? "" : null].filter((head) => head !== null),
    rows.map((row) => [row.name, [h("code", null, row.cron), h("span", { className: "dim" }, ` ${row.time_zone}`)], said(row.selector), row.ports,
      row.paused_at ? h("span", null, "paused", row.paused_by ? ` by ${row.paused_by}` : "") : h("time", { dateTime: row.next_run }, moment(row.next_run)),
      [row.last_run ? when(row.last_run) : "–", row.last_error ? h("p", { className: "bad" }, `✕ ${row.last_error}`) : null], row.asked_by,
      may ? { cell: actions(row), class: "actions" } : null].filter((cell) => cell !== null)));
}

const earlier = (last) => h("p", null, h("a", { href: `/requests${query({ before: last.request_id })}` }, "Earlier requests"));

async function drawOne({ args, session, signal }) {
  const place = h("div");
  const wrong = h("p", { className: "wrong", role: "alert" });
  const act = async (action) => {
    wrong.textContent = "";
    try {
      show(await changeRequest(args.request, action));
    } catch (failure) {
      wrong.textContent = failure.message;
    }
  };
  const title = h("h1", { tabIndex: -1 }, `Request ${args.request}`);
  function show(request) {
    place.replaceChildren(h("p", null, asked(request)), progress(request, session.may_request ? act : null),
      request.cancelled_by ? h("p", { className: "dim" }, `Cancelled by ${request.cancelled_by}`) : "",
      h("p", { className: "dim" }, `Expires ${moment(request.expires_at)}.`,
        request.total > request.sweeps.length ? ` The ${request.sweeps.length} sweeps where something happened last:` : ""),
      request.sweeps.length === 0 ? empty("None of its sweeps is of a site that you may see.")
        : table("Sweeps of this request", ["Site", "Customer", "State", { cell: "Ports done", class: "number" }, "Since", "Outcome"],
          request.sweeps.map((sweep) => [h("a", { href: `/site${query({ site: sweep.site_id })}` }, sweep.site), sweep.customer,
            [h("span", { className: `state-word state-${sweep.state}`, title: sweep.meaning }, sweep.state),
              sweep.message ? h("span", { className: "dim" }, ` ${sweep.message}`) : null],
            { cell: `${number(sweep.ports_done)} / ${number(sweep.ports_total)}`, class: "number" },
            when(sweep.state_at), sweep.outcome ? outcome(sweep.outcome) : "–"])));
  }
  show(await get("/api/request", { request: args.request }, { signal }));
  follow(args.request, show, signal).catch((failure) => { if (!signal.aborted) wrong.textContent = failure.message; });
  return h("div", null, h("header", { className: "view" }, title, h("p", null, h("a", { href: "/requests" }, "All requests"))), wrong, place);
}

export async function draw(context) {
  const { args, session, signal } = context;
  if (args.request) return drawOne(context);
  const may = session.may_request;
  const list = h("div");
  const times = h("div");
  const wrong = h("p", { className: "wrong", role: "alert" });
  const read = (fresh) => get("/api/requests", { before: args.before }, { signal, fresh });

  async function actOnRequest(request, action) {
    try {
      await changeRequest(request.request_id, action);
    } catch (failure) {
      wrong.textContent = failure.message;
    }
    document.activeElement?.blur?.();
    show(await read());
  }

  async function actOnSchedule(row, action, button) {
    if (action === "drop" && !window.confirm(`Drop the schedule "${row.name}"? What it has asked goes on.`)) { button.disabled = false; return; }
    try {
      await post("/api/schedule", { schedule: String(row.schedule_id), action });
      toast(`Schedule "${row.name}": ${{ pause: "paused", resume: "goes on", drop: "dropped" }[action]}.`);
      show(await read());
    } catch (failure) {
      wrong.textContent = failure.message;
      button.disabled = false;
    }
  }

  let latest = null;
  function show(answer) {
    latest = answer;
    const focused = list.contains(document.activeElement) || times.contains(document.activeElement);
    if (focused && document.activeElement.tagName === "BUTTON" && !document.activeElement.disabled) return; // not under somebody's finger
    list.replaceChildren(answer.requests.length === 0 ? empty(args.before ? "There are no earlier requests." : NOTHING_ASKED)
      : h("ul", { className: "requests" }, answer.requests.map((request) => item(request, may, (action) => actOnRequest(request, action)))),
    answer.requests.length === PAGE ? earlier(answer.requests.at(-1)) : "");
    times.replaceChildren(schedules(answer.schedules, may, actOnSchedule));
  }

  async function keepFresh() {
    while (!signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, latest.requests.some(underWay) ? EVERY_MS : IDLE_MS));
      if (!signal.aborted && !document.hidden) show(await read(true));
    }
  }

  show(await read());
  keepFresh().catch((failure) => { if (!signal.aborted) wrong.textContent = failure.message; });
  const make = () => newSchedule({ made: async () => show(await read()) });
  return h("div", null, h("header", { className: "view" }, h("h1", { tabIndex: -1 }, "Requests and schedules")), wrong,
    card("Schedules", times, may ? h("p", { className: "actions" }, h("button", { type: "button", onclick: make }, "New schedule…")) : null),
    card("Requests", list));
}
