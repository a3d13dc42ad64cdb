// Asking for a sweep: whom it would reach, then how far it is.
import { get, post, query } from "./api.js";
import { h, toast } from "./dom.js";
import { duration, number, plural } from "./words.js";

const EVERY_MS = 1500;

export const underWay = (request) => !request.finished;

/** How much of a request is over, from 0 to 1: by its sweeps or, while few of these have ended, by their ports. */
function shareOf(request, ended) {
  if (request.total === 0 || request.finished) return 1;
  const swept = request.ports_total ? request.ports_done / request.ports_total : 0;
  return Math.min(1, Math.max(ended / request.total, swept));
}

function pausedBy(request) {
  const who = request.paused_by ? ` by ${request.paused_by}` : "";
  return h("strong", null, ` – paused${who}${request.paused_why ? `: ${request.paused_why}` : ""}`);
}

/** The progress of a request as a bar with words; `act` cancels, pauses or resumes it, and is absent for who may only look. */
export function progress(request, act) {
  const ended = request.total - request.queued - request.sent - request.accepted - request.running;
  const bad = ["failed", "refused", "expired", "lost"].filter((state) => request[state]).map((state) => `${request[state]} ${state}`);
  const parts = [`${number(request.done)} of ${plural(request.total, "sweep")} done`,
    request.running && `${request.running} running`, request.queued && `${request.queued} waiting`,
    request.cancelled && `${request.cancelled} cancelled`, ...bad].filter(Boolean);
  const left = request.estimated_end && !request.finished ? new Date(request.estimated_end) - Date.now() : null;
  const button = (action, text, style) =>
    h("button", { type: "button", className: style ?? "quiet", onclick: (event) => { event.target.disabled = true; act(action); } }, text);
  return h("div", { className: "progress" },
    h("progress", { max: 1, value: shareOf(request, ended), "aria-label": `Progress of request ${request.request_id}` }),
    h("p", null, parts.join(", "), left !== null && left > 0 ? `; about ${duration(left)} left` : "",
      request.paused_at ? pausedBy(request) : ""),
    act && !request.finished ? h("p", { className: "actions" },
      request.paused_at ? button("resume", "Resume") : button("pause", "Pause"), button("cancel", "Cancel", "danger")) : null);
}

/** Asks again and again until the request has ended or nobody looks. */
export async function follow(id, show, signal) {
  for (let fresh = false; !signal.aborted; fresh = true) {
    if (!document.hidden || !fresh) {
      const request = await get("/api/request", { request: id }, { signal, fresh });
      show(request);
      if (request.finished) return;
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

/** Whom a selection means: the number of sites and the names of the first ones. */
export function reached({ sites, names }) {
  const more = sites - names.length;
  return [`This reaches ${plural(sites, "site")}`, names.length ? ": " : "",
    names.map(([customer, site], at) => [at ? ", " : "", h("strong", null, site), ` (${customer})`]),
    more > 0 ? ` and ${number(more)} more.` : "."];
}

export const changeRequest = (id, action) => post("/api/request", { request: String(id), action });

export function recheck({ asked, profiles }) {
  const closing = new AbortController();
  const body = h("div", { "aria-live": "polite" }, h("p", { className: "loading" }, "Counting…"));
  const dialog = h("dialog", { "aria-labelledby": "recheck-title", onclose: () => { closing.abort(); dialog.remove(); } },
    h("h2", { id: "recheck-title" }, "Recheck"), body);
  const close = h("button", { type: "button", className: "quiet", onclick: () => dialog.close() }, "Close");
  const wrong = h("p", { className: "wrong", role: "alert" });

  function watch(id) {
    const place = h("div", { "aria-live": "off" });
    const show = (request) => place.replaceChildren(progress(request, async (action) => {
      try {
        show(await changeRequest(id, action));
      } catch (failure) {
        wrong.textContent = failure.message;
      }
    }));
    const link = h("a", { href: `/requests${query({ request: id })}`, onclick: () => dialog.close() }, `number ${id}`);
    body.replaceChildren(h("p", null, "Request ", link, " goes on when this is closed."), place, wrong, h("p", { className: "actions" }, close));
    follow(id, show, closing.signal).then(() => toast(`Request ${id} has ended.`))
      .catch((failure) => { if (!closing.signal.aborted) wrong.textContent = failure.message; });
  }

  function offer(preview) {
    const ports = h("input", { name: "ports", value: "@3cx", list: "list-ports", required: true, spellcheck: false });
    const start = h("button", { className: "main", disabled: preview.with_agent === 0 }, `Recheck ${plural(preview.with_agent, "site")}`);
    const form = h("form", {
      onsubmit: async (event) => {
        event.preventDefault();
        start.disabled = true;
        wrong.textContent = "";
        try {
          const { request_id: id } = await post("/api/sweep", { ...asked, ports: ports.value.trim() });
          watch(id);
        } catch (failure) {
          wrong.textContent = failure.message;
          start.disabled = false;
        }
      },
    },
    h("p", null, reached(preview)),
    h("p", { className: "dim" }, `${number(preview.online)} online now`,
      preview.with_agent > preview.online ? `, ${number(preview.with_agent - preview.online)} will be waited for an hour` : "",
      preview.sites > preview.with_agent ? `; ${plural(preview.sites - preview.with_agent, "site")} without an agent left out` : "", "."),
    h("label", null, h("span", null, "Ports: a profile or a list such as 5060/udp,9000-9199/udp"), ports,
      h("datalist", { id: "list-ports" }, profiles.map((profile) => h("option", { value: profile })))),
    wrong, h("p", { className: "actions" }, start, close));
    body.replaceChildren(form);
    (start.disabled ? close : start).focus();
  }

  document.body.append(dialog);
  dialog.showModal();
  post("/api/preview", asked).then(offer).catch((failure) => {
    wrong.textContent = failure.message;
    body.replaceChildren(wrong, h("p", { className: "actions" }, close));
  });
  // Whoever goes to another view closes it.
  window.addEventListener("popstate", () => dialog.close(), { signal: closing.signal });
}
