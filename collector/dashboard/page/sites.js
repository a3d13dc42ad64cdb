// The sites: a table of thousands, paged by the server, and a selection to recheck.
import { get, query } from "./api.js";
import { choice, empty, h, suggested } from "./dom.js";
import { recheck } from "./recheck.js";
import { choices, forwardings, natClasses, number, outcome, outcomes, plural, siteStates, when, wordOf } from "./words.js";

const FILTER = ["q", "customer", "tag", "outcome", "nat_class", "forwarding", "state"];
const TYPING_MS = 300;

const pick = (args, keys) => Object.fromEntries(keys.filter((key) => args[key]).map((key) => [key, args[key]]));

function filterForm(args, filters, apply) {
  const shown = Object.keys(outcomes).filter((word) => !["cancelled", "interrupted"].includes(word));
  let typing = null;
  const form = h("form", { className: "filters", role: "search", "aria-label": "Filter sites" },
    h("label", { className: "grow" }, h("span", null, "Search"),
      h("input", { type: "search", name: "q", value: args.q ?? "", placeholder: "Site, customer, address, tag" })),
    filters.customers.length > 1 ? suggested("Customer", "customer", filters.customers, args.customer, "Any") : null,
    filters.tags.length > 0 ? suggested("Tag", "tag", filters.tags, args.tag, "Any") : null,
    choice("Outcome", "outcome", "Any", choices(outcomes).filter(([word]) => shown.includes(word)), args.outcome),
    choice("NAT class", "nat_class", "Any", choices(natClasses), args.nat_class),
    choice("Forwarding", "forwarding", "Any", choices(forwardings), args.forwarding),
    choice("State", "state", "Any", choices(siteStates), args.state),
    h("button", { type: "reset", className: "quiet" }, "Clear"));
  const read = () => apply(Object.fromEntries(new FormData(form)));
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(typing); read(); });
  form.addEventListener("change", (event) => { if (event.target.name !== "q") read(); });
  form.addEventListener("input", (event) => {
    if (event.target.name !== "q") return;
    clearTimeout(typing);
    typing = setTimeout(read, TYPING_MS);
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    clearTimeout(typing);
    apply({});
    for (const field of form.elements) if (field.name) field.value = "";
  });
  return form;
}

const COLUMNS = [
  ["site", "Site"], ["customer", "Customer", "roomy"], ["outcome", "Outcome"], ["nat_class", "NAT class", "roomy"], ["forwarding", "Forwarding", "roomy"],
  ["fail_count", "Failing ports", "number"], ["public_address", "Public address", "spare"], ["last_sweep", "Last sweep", "spare"],
];

function head([key, text, style], args, apply) {
  const sorted = (args.sort ?? "outcome") === key;
  const down = sorted && args.order === "down";
  return h("th", { scope: "col", className: style ?? "", "aria-sort": sorted ? (down ? "descending" : "ascending") : null },
    h("button", { type: "button", className: "sort", onclick: () => apply({ sort: key, order: sorted && !down ? "down" : "" }) },
      text, h("span", { "aria-hidden": "true" }, sorted ? (down ? " ▼" : " ▲") : "")));
}

function signs(row) {
  const said = [
    !row.agent_online && ["away", "agent offline"], row.stale && ["stale", "not checked for a week"], row.flapping && ["flaps", "flapping"],
    ["sip", "generic"].includes(row.alg) && ["ALG", "SIP ALG found"],
    row.shared_address && ["CGNAT?", "shares its public address with another customer's site"],
  ].filter(Boolean);
  return said.map(([text, title]) => h("span", { className: "sign", title }, text));
}

const tickCell = (label, checked, tick) => h("td", { className: "tick" },
  h("input", { type: "checkbox", checked, "aria-label": label, onchange: (event) => tick(event.target.checked) }));

function row(site, selected, may, onTick) {
  return h("tr", { className: selected ? "selected" : "" },
    may ? tickCell(`Select ${site.site} of ${site.customer}`, selected, (on) => onTick(site, on)) : null,
    h("th", { scope: "row" }, h("a", { href: `/site${query({ site: site.site_id })}` }, site.site), signs(site),
      h("span", { className: "tags narrow" }, site.customer), site.tags.length ? h("span", { className: "tags" }, site.tags.join(" · ")) : null),
    h("td", { className: "roomy customer" }, site.customer),
    h("td", null, outcome(site.outcome)),
    h("td", { className: "roomy" }, wordOf(natClasses, site.nat_class) || "–"),
    h("td", { className: "roomy" }, wordOf(forwardings, site.forwarding) || "–"),
    h("td", { className: "number" }, site.fail_count === null ? "–" : number(site.fail_count),
      site.pass_count === null ? null : h("span", { className: "dim" }, ` / ${number(site.pass_count + site.fail_count)}`)),
    h("td", { className: "spare" }, site.public_address ?? "–"),
    h("td", { className: "spare" }, when(site.last_sweep)));
}

function pager(page, apply) {
  const last = Math.max(1, Math.ceil(page.total / page.size));
  const to = (target, text, label) => h("button", {
    type: "button", className: "quiet", disabled: target < 1 || target > last || target === page.page, "aria-label": label,
    onclick: () => apply({ page: target === 1 ? "" : target }),
  }, text);
  const from = (page.page - 1) * page.size + 1;
  return h("nav", { className: "pager", "aria-label": "Pages" },
    to(1, "«", "First page"), to(page.page - 1, "‹ Back", "Page before"),
    h("span", null, page.total ? `${number(from)}–${number(Math.min(page.total, from + page.size - 1))} of ${number(page.total)}` : "0"),
    to(page.page + 1, "Next ›", "Next page"), to(last, "»", "Last page"));
}

export async function draw({ args, session, signal }) {
  const [page, filters] = await Promise.all([
    get("/api/sites", pick(args, [...FILTER, "sort", "order", "page", "size"]), { signal }), get("/api/filters", null, { signal })]);
  const filter = pick(args, FILTER);
  const selected = new Map();
  const may = session.may_request;
  const list = h("div");
  let shown = page;
  let current = { ...args };

  async function apply(change) {
    const resets = Object.keys(change).some((key) => key !== "page");
    const before = current;
    current = Object.fromEntries(Object.entries({ ...current, ...(resets && { page: "" }), ...change }).filter(([, value]) => value !== ""));
    if (Object.keys(change).length === 0) current = pick(current, ["sort", "order", "size"]);
    if (query(current) === query(before)) return;
    for (const key of FILTER) delete filter[key];
    Object.assign(filter, pick(current, FILTER));
    history.replaceState(null, "", `/sites${query(current)}`);
    list.setAttribute("aria-busy", "true");
    const asked = current;
    try {
      const answer = await get("/api/sites", current, { signal });
      if (asked !== current) return;
      shown = answer;
      drawList();
    } catch (failure) {
      if (!signal.aborted && asked === current) list.replaceChildren(empty(failure.message));
    } finally {
      list.removeAttribute("aria-busy");
    }
  }

  const bar = h("div", { className: "selection", role: "region", "aria-label": "Selection" });
  const what = () => (selected.size ? { sites: [...selected.keys()].map(String) } : { filter });
  const selectNone = () => { selected.clear(); drawList(); };
  const ask = () => recheck({ asked: what(), profiles: filters.profiles });
  function drawBar() {
    const all = selected.size === 0;
    const csv = `/api/sites.csv${query(pick(current, [...FILTER, "sort", "order"]))}`;
    bar.replaceChildren(...[
      h("span", { "aria-live": "polite" }, all ? `${plural(shown.total, "site")} found` : `${plural(selected.size, "site")} selected`),
      all ? null : h("button", { type: "button", className: "quiet", onclick: selectNone }, "Select none"),
      may ? h("button", { type: "button", className: "main", disabled: all && shown.total === 0, onclick: ask },
        all ? `Recheck all ${number(shown.total)}…` : "Recheck…") : null,
      h("a", { className: "button quiet", href: csv, download: "natsweep-sites.csv" }, "CSV")].filter(Boolean));
  }

  function tick(site, on) {
    if (on) selected.set(site.site_id, site);
    else selected.delete(site.site_id);
    drawBar();
    const boxes = [...list.querySelectorAll("tbody input[type=checkbox]")];
    boxes.forEach((box) => box.closest("tr").classList.toggle("selected", box.checked));
    const every = list.querySelector("thead input");
    if (every) every.checked = boxes.length > 0 && boxes.every((box) => box.checked);
  }

  function tickPage(on) {
    list.querySelectorAll("tbody input[type=checkbox]").forEach((box, at) => { box.checked = on; tick(shown.rows[at], on); });
  }

  function drawList() {
    drawBar();
    const focused = list.contains(document.activeElement) ? document.activeElement.textContent.replace(/ [▲▼]$/, "") : null;
    list.replaceChildren(...(shown.rows.length === 0
      ? [empty(shown.total ? "There is no such page." : Object.keys(filter).length ? "No site matches this filter." : "There are no sites yet.",
        Object.keys(filter).length || shown.total ? h("p", null, h("a", { href: "/sites" }, "Show all sites")) : null)]
      : [h("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "Sites, scrolls sideways" },
        h("table", { className: "sites" },
          h("caption", { className: "unseen" }, `Sites, page ${shown.page}`),
          h("thead", null, h("tr", null,
            may ? tickCell("Select the sites of this page", shown.rows.every((site) => selected.has(site.site_id)), tickPage) : null,
            COLUMNS.map((column) => head(column, current, apply)))),
          h("tbody", null, shown.rows.map((site) => row(site, selected.has(site.site_id), may, tick))))),
      pager(shown, apply)]));
    if (focused) [...list.querySelectorAll("button.sort, .pager button")].find((button) => button.textContent.replace(/ [▲▼]$/, "") === focused)?.focus();
  }

  // A field that is empty is a filter taken back; no field at all means the form was cleared.
  function applyForm(fields) {
    if (Object.keys(fields).length === 0) return apply(fields);
    return apply(Object.fromEntries(FILTER.map((key) => [key, (fields[key] ?? "").trim()])));
  }

  drawList();
  return h("div", null, h("header", { className: "view" }, h("h1", { tabIndex: -1 }, "Sites")), filterForm(args, filters, applyForm), bar, list);
}
