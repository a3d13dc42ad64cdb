// Lists of ports as the database writes them: "5060/udp,9000-9099/udp", "none", or one that is cut, "... and 12 more ranges".
import { range } from "./words.js";

const WRITTEN = /^(\d+)(?:-(\d+))?\/(\w+)$/;

/** The ranges of a list; null when it is cut. */
export function rangesOf(list) {
  if (list === "none") return [];
  const parts = list.split(",").map((part) => WRITTEN.exec(part));
  return parts.includes(null) ? null : parts.map(([, first, last, transport]) => ({ first: Number(first), last: Number(last ?? first), transport }));
}

/** What of some ranges is in none of the others. */
export function without(ranges, others) {
  const cut = (parts, other) => parts.flatMap((part) => (part.transport !== other.transport ? [part]
    : [{ ...part, last: Math.min(part.last, other.first - 1) }, { ...part, first: Math.max(part.first, other.last + 1) }]
      .filter(({ first, last }) => first <= last)));
  return others.reduce(cut, ranges);
}

export const written = ({ first, last, transport }) => `${range(first, last)}/${transport}`;
