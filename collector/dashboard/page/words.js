// The words of the schema as people read them, and how numbers and times are written.
import { h } from "./dom.js";

export const outcomes = {
  supported: { text: "Supported", sign: "✓", means: "calls work: every port that was judged is as it should be" },
  partial: { text: "Partial", sign: "◐", means: "some ports are not as they should be" },
  unsupported: { text: "Unsupported", sign: "✕", means: "no port is as it should be" },
  inconclusive: { text: "Inconclusive", sign: "?", means: "what was judged is good, and something could not be judged" },
  not_run: { text: "Not run", sign: "–", means: "nothing could be judged" },
  cancelled: { text: "Cancelled", sign: "–", means: "somebody cancelled the sweep" },
  interrupted: { text: "Interrupted", sign: "–", means: "the agent died meanwhile" },
  never: { text: "Not yet", sign: "·", means: "never swept" },
};

export const natClasses = {
  open_internet: "Open internet", full_cone: "Full cone", restricted_cone: "Restricted cone", port_restricted_cone: "Port-restricted cone",
  symmetric: "Symmetric", symmetric_firewall: "Symmetric firewall", udp_blocked: "UDP blocked", unknown: "Unknown",
};

export const forwardings = { complete: "Complete", partial: "Partial", none: "None" };

export const verdicts = {
  pass: "Pass", closed: "Closed", dynamic: "Dynamic", translated: "Translated", unreachable: "Unreachable", refused: "Refused",
  wrong_host: "Wrong host", bad_response: "Bad response", no_second_address: "No second address", in_use: "In use",
  inconclusive: "Inconclusive", not_tested: "Not tested",
};

export const changed = { outcome: "Outcome", nat_class: "NAT class", public_address: "Public address", alg: "SIP ALG", ports: "Failing ports" };

export const siteStates = {
  online: "Agent online", offline: "Agent offline", stale: "Not checked for a week", flapping: "Flapping", alg: "SIP ALG found",
  shared: "Shares its address",
};

export const roles = { sip: "SIP", tunnel: "Tunnel", rtp: "RTP", https: "HTTPS", setup: "Set-up", other: "" };

const spoken = (word) => (word ?? "").replaceAll("_", " ");
export const wordOf = (words, word) => words[word]?.text ?? words[word] ?? spoken(word);
export const choices = (words) => Object.keys(words).map((word) => [word, wordOf(words, word)]);

export function outcome(word) {
  const known = outcomes[word ?? "never"] ?? { text: spoken(word), sign: "·", means: "" };
  return h("span", { className: `badge outcome-${word ?? "never"}`, title: known.means }, h("span", { "aria-hidden": "true" }, known.sign), " ", known.text);
}

export const verdict = (word) => h("span", { className: `badge verdict-${word}` }, wordOf(verdicts, word));

export const number = (value) => (value ?? 0).toLocaleString("en");
export const plural = (count, one, many) => `${number(count)} ${count === 1 ? one : many ?? `${one}s`}`;
export const percent = (share) => (share === null || share === undefined ? "–" : `${(share * 100).toFixed(share > 0.9995 || share === 0 ? 0 : 1)} %`);
export const range = (first, last) => (first === last ? `${first}` : `${first}–${last}`);

export function duration(milliseconds) {
  const s = Math.round(milliseconds / 1000);
  if (s < 1) return `${Math.max(0, Math.round(milliseconds))} ms`;
  if (s < 90) return `${s} s`;
  if (s < 5400) return `${Math.round(s / 60)} min`;
  return s < 172800 ? `${Math.round(s / 3600)} h` : `${Math.round(s / 86400)} days`;
}

/** A time as people say it, with the whole of it on demand. */
export function when(text) {
  if (!text) return "never";
  const time = new Date(text);
  const past = Date.now() - time;
  const said = Math.abs(past) < 5000 ? "now" : past < 0 ? `in ${duration(-past)}` : `${duration(past)} ago`;
  return h("time", { dateTime: time.toISOString(), title: moment(text) }, said);
}

export const moment = (text) => new Date(text).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
