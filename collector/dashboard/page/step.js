// What changed, before and after, each in its own words.
import { h } from "./dom.js";
import { rangesOf, without, written } from "./ports.js";
import { natClasses, outcome, wordOf } from "./words.js";

const PORTS_SHOWN = 6;

function some(sign, said, ports) {
  if (ports.length === 0) return null;
  const more = ports.length - PORTS_SHOWN;
  return h("span", { className: "ports-step" }, h("span", { "aria-hidden": "true" }, `${sign} `), `${said} `, ports.slice(0, PORTS_SHOWN).join(", "),
    more > 0 ? h("span", { className: "dim", title: ports.join(", ") }, ` and ${more} more`) : null);
}

/** Of two long lists of failing ports only what is in one of them; where one is cut, what fails now. */
function portStep(before, after) {
  const [was, is] = [rangesOf(before), rangesOf(after)];
  if (!was || !is) return h("span", { className: "step" }, some(after === "none" ? "✓" : "✕", "failing now:", after.split(",")));
  const [worse, mended] = [without(is, was).map(written), without(was, is).map(written)];
  return h("span", { className: "step" }, some("✕", "failing:", worse), worse.length && mended.length ? " " : null, some("✓", "no longer:", mended));
}

export function step(what, before, after) {
  if (what === "ports") return portStep(before, after);
  const show = (word) => (what === "outcome" ? outcome(word) : what === "nat_class" ? wordOf(natClasses, word) : word);
  return h("span", { className: "step" }, h("span", { className: "unseen" }, "from "), show(before),
    h("span", { "aria-hidden": "true", className: "arrow" }, " → "),
    h("span", { className: "unseen" }, " to "), show(after));
}
