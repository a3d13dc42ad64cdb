// What changed, newest first.
import { get, query } from "./api.js";
import { card, choice, empty, h, suggested, table } from "./dom.js";
import { step } from "./step.js";
import { changed, choices, moment, wordOf } from "./words.js";

const KEYS = ["q", "customer", "what", "since", "until", "page"];
const PERIODS = [["1", "a day"], ["7", "a week"], ["90", "ninety days"], ["365", "a year"]];
const daysAgo = (days) => new Date(Date.now() - days * 86400000).toISOString().slice(0, 16) + ":00Z";

export async function draw({ args, signal, go }) {
  const asked = Object.fromEntries(KEYS.filter((key) => args[key]).map((key) => [key, args[key]]));
  const since = args.days ? daysAgo(Number(args.days) || 30) : args.since;
  const [answer, filters] = await Promise.all([get("/api/changes", { ...asked, since }, { signal }), get("/api/filters", null, { signal })]);
  const rows = answer.rows.slice(0, answer.size);
  const form = h("form", {
    className: "filters", role: "search", "aria-label": "Filter changes", onsubmit: (event) => { event.preventDefault(); apply(); }, onchange: () => apply(),
  },
    h("label", { className: "grow" }, h("span", null, "Site"), h("input", { type: "search", name: "q", value: args.q ?? "", placeholder: "Part of its name" })),
    filters.customers.length > 1 ? suggested("Customer", "customer", filters.customers, args.customer, "Any") : null,
    choice("What", "what", "Anything", choices(changed), args.what),
    choice("Within", "days", "thirty days", PERIODS, args.days));
  const apply = () => go(`/changes${query(Object.fromEntries(new FormData(form)))}`);
  const place = (page) => (page === 1 ? { page: "", until: "" } : { page, until: answer.until });
  const to = (page, text) => h("a", { className: "button quiet", href: `/changes${query({ ...args, ...place(page) })}` }, text);
  return h("div", null,
    h("header", { className: "view" }, h("h1", { tabIndex: -1 }, "Changes"),
      h("p", { className: "dim" }, `${moment(answer.since)} to ${moment(answer.until)}`)),
    form,
    rows.length === 0 ? empty("Nothing changed in this time that matches.")
      : card("Newest first", table("Changes", ["When", "Site", "Customer", "What", "Change"], rows.map((row) => [
        h("time", { dateTime: row.at, className: "whole" }, moment(row.at)), h("a", { href: `/site${query({ site: row.site_id })}` }, row.site),
        row.customer, h("span", { className: "whole" }, wordOf(changed, row.what)), step(row.what, row.before, row.after)]), { className: "changes" })),
    h("nav", { className: "pager", "aria-label": "Pages" },
      answer.page > 1 ? to(answer.page - 1, "‹ Newer") : null,
      answer.rows.length > answer.size ? to(answer.page + 1, "Older ›") : null));
}
