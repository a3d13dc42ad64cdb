// Making a schedule: whom it would reach and when, before it is made.
import { get, post } from "./api.js";
import { choice, h, suggested, toast } from "./dom.js";
import { reached } from "./recheck.js";
import { choices, natClasses, outcomes, wordOf } from "./words.js";

const TYPING_MS = 300;
const FILTER = ["customer", "tag", "outcome", "nat_class"];
const TIMES = [
  ["0 2 * * *", "every night at two"], ["0 2 * * 1-5", "at two before every working day"], ["0 2 * * 0", "on Sundays at two"],
  ["0 */6 * * *", "every six hours"], ["0 2 1 * *", "on the first of the month"],
];
const OUTCOMES = ["supported", "partial", "unsupported", "inconclusive", "not_run"];

const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
const zones = () => Intl.supportedValuesOf?.("timeZone") ?? [];

function inZone(text, timeZone) {
  return new Date(text).toLocaleString("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone });
}

function field(label, name, value, options, attributes) {
  const list = options ? `list-${name}` : null;
  return h("label", null, h("span", null, label),
    h("input", { name, value, required: true, spellcheck: false, autocomplete: "off", list, ...attributes }),
    options ? h("datalist", { id: `list-${name}` }, options.map(([word, text]) => h("option", { value: word }, text))) : null);
}

/** What the form says, as the database is asked. */
function askedBy(form) {
  const said = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
  const filter = Object.fromEntries(FILTER.filter((name) => said[name]).map((name) => [name, said[name]]));
  const options = Number(said.spread) ? { jitter_s: Number(said.spread) * 60 } : {};
  return { name: said.name, cron: said.cron, time_zone: said.time_zone, ports: said.ports, filter, options };
}

function fields(filters) {
  return [
    field("Name", "name", "", null, { maxLength: 100 }),
    h("fieldset", null, h("legend", null, "Which sites, chosen anew each time"),
      filters.customers.length > 1 ? suggested("Customer", "customer", filters.customers, "", "Any") : null,
      filters.tags.length > 0 ? suggested("Tag", "tag", filters.tags, "", "Any") : null,
      choice("NAT class", "nat_class", "Any", choices(natClasses)),
      choice("Last outcome", "outcome", "Any", OUTCOMES.map((word) => [word, wordOf(outcomes, word)]))),
    h("div", { className: "pair" },
      field("When: minute hour day month weekday", "cron", TIMES[0][0], TIMES),
      field("Time zone", "time_zone", ownZone(), zones().map((zone) => [zone, ""])),
      field("Ports: a profile or a list", "ports", "@3cx", filters.profiles.map((profile) => [profile, ""])),
      field("Spread the sites over, minutes", "spread", "0", null, { type: "number", min: 0, max: 1440, step: 1 })),
  ];
}

function open(filters, made) {
  const closing = new AbortController();
  const plan = h("div", { className: "plan", "aria-live": "polite" });
  const wrong = h("p", { className: "wrong", role: "alert" });
  const make = h("button", { className: "main" }, "Make the schedule");
  const form = h("form", null, fields(filters), plan, wrong,
    h("p", { className: "actions" }, make, h("button", { type: "button", className: "quiet", onclick: () => dialog.close() }, "Close")));
  const dialog = h("dialog", { "aria-labelledby": "schedule-title", onclose: () => { closing.abort(); dialog.remove(); } },
    h("h2", { id: "schedule-title" }, "New schedule"), form);
  let typing = null;
  let latest = null;

  async function look() {
    const asked = latest = askedBy(form);
    try {
      const answer = await post("/api/schedule-plan", asked);
      if (asked !== latest) return;
      wrong.textContent = "";
      const times = answer.next.map((time) => inZone(time, asked.time_zone));
      plan.replaceChildren(h("p", null, reached(answer)), h("p", { className: "dim" }, `Next: ${times.join("; ")}.`));
    } catch (failure) {
      if (asked !== latest || closing.signal.aborted) return;
      plan.replaceChildren();
      wrong.textContent = failure.message;
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.name === "name") return;
    clearTimeout(typing);
    typing = setTimeout(look, TYPING_MS);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const asked = askedBy(form);
    make.disabled = true;
    try {
      await post("/api/schedules", asked);
      dialog.close();
      toast(`Schedule "${asked.name}" is made.`);
      await made();
    } catch (failure) {
      wrong.textContent = failure.message;
      make.disabled = false;
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  window.addEventListener("popstate", () => dialog.close(), { signal: closing.signal }); // who goes to another view closes it
  look();
}

/** Asks for what can be chosen and opens the form; `made` is called once there is a new schedule. */
export async function newSchedule({ made }) {
  try {
    open(await get("/api/filters"), made);
  } catch (failure) {
    toast(failure.message);
  }
}
