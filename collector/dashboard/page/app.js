// The frame: which view an address names, who is signed in, what is wrong at the moment.
import { events, get, signOut } from "./api.js";
import { h } from "./dom.js";
import { askWho } from "./sign-in.js";

const views = {
  "/": ["Fleet", () => import("./fleet.js")],
  "/sites": ["Sites", () => import("./sites.js")],
  "/site": ["Site", () => import("./site.js")],
  "/requests": ["Requests", () => import("./requests.js")],
  "/changes": ["Changes", () => import("./changes.js")],
};

const main = document.getElementById("main");
const banner = document.getElementById("banner");
let session = null;
let leaving = new AbortController();

function showSession() {
  document.getElementById("bar").hidden = false;
  document.getElementById("who").textContent = session.role;
  document.getElementById("who").title = session.may_request ? "may look and ask for sweeps" : "may look";
}

events.addEventListener("signed-out", async ({ detail }) => {
  const before = session;
  session = await askWho({ ended: before !== null, role: before?.role });
  showSession();
  detail.done();
  // Another person must not see what the one before had on the screen.
  if (before && before.role !== session.role) show();
});

events.addEventListener("away", ({ detail }) => {
  banner.className = "away";
  banner.textContent = `${detail} Trying again; this page goes on by itself.`;
});

events.addEventListener("back", () => {
  banner.className = "";
  banner.textContent = "";
});

function failed(failure) {
  const title = { 403: "You may not see this", 404: "Not found" }[failure.status] ?? "This did not work";
  return h("div", { className: "state" }, h("h1", { tabIndex: -1 }, title), h("p", null, failure.message ?? String(failure)),
    h("p", null, h("a", { href: "/" }, "Back to the fleet")));
}

function notFound() {
  return failed({ status: 404, message: "There is no view at this address." });
}

function markHere() {
  for (const link of document.querySelectorAll("#bar nav a")) {
    const here = link.getAttribute("href") === location.pathname || (location.pathname === "/site" && link.getAttribute("href") === "/sites");
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

/** Shows the view that the address names. Every view gets its arguments from the address alone. */
export async function show() {
  leaving.abort(new DOMException("left", "AbortError"));
  leaving = new AbortController();
  const { signal } = leaving;
  markHere();
  const view = views[location.pathname];
  if (!view) {
    main.replaceChildren(notFound());
    return;
  }
  document.title = `${view[0]} – natsweep`;
  main.setAttribute("aria-busy", "true");
  const slow = setTimeout(() => main.replaceChildren(h("p", { className: "loading" }, "Loading…")), 150);
  try {
    session ??= await get("/api/session", null, { signal });
    showSession();
    const { draw } = await view[1]();
    const context = { args: Object.fromEntries(new URLSearchParams(location.search)), session, signal, go };
    const drawn = await draw(context);
    if (signal.aborted) return;
    clearTimeout(slow);
    main.replaceChildren(...[drawn].flat());
    drawn.dispatchEvent?.(new CustomEvent("shown"));
    main.querySelector("h1")?.focus({ preventScroll: true });
  } catch (failure) {
    if (signal.aborted) return;
    clearTimeout(slow);
    main.replaceChildren(failed(failure));
    main.querySelector("h1").focus();
  } finally {
    clearTimeout(slow);
    if (!signal.aborted) main.removeAttribute("aria-busy");
  }
}

/** Goes to an address of the page. */
export function go(address, { replace } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", address);
  if (!replace) window.scrollTo(0, 0);
  return show();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='/']");
  if (!link || link.download || link.target || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(link.getAttribute("href"));
});

document.getElementById("sign-out").addEventListener("click", async () => {
  await signOut();
  session = null;
  main.replaceChildren();
  history.pushState(null, "", "/");
  show();
});

window.addEventListener("popstate", show);
show();
