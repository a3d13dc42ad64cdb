// Every port of a site at a glance: a row of cells for a hundred ports, the colour says how each one is.
import { h, svg } from "./dom.js";
import { range, roles, verdicts, wordOf } from "./words.js";

const LONG = 20; // a stretch of more ports is drawn in rows, a shorter one as a chip
const ROWS_MAX = 60;

/** How a range is: good, or its verdict. A port that should be closed and is, is good. */
export const tone = (part) => (part.as_expected ? "pass" : part.verdict);

function stretches(ranges) {
  const found = [];
  for (const part of ranges) {
    const last = found.at(-1);
    if (last && last.transport === part.transport && last.last + 1 === part.first) {
      last.last = part.last;
      last.parts.push(part);
    } else {
      found.push({ transport: part.transport, first: part.first, last: part.last, parts: [part] });
    }
  }
  return found;
}

function describe(part, first, last) {
  const hoped = part.expect === "closed" ? "(should be closed)" : "";
  return [`${range(first, last)}/${part.transport}`, wordOf(roles, part.role), hoped, wordOf(verdicts, part.verdict)].filter(Boolean).join(" ");
}

function line(stretch, start, width, open) {
  const cells = stretch.parts.filter((part) => part.last >= start && part.first < start + width).map((part) => {
    const first = Math.max(part.first, start);
    const last = Math.min(part.last, start + width - 1);
    return svg("rect", { x: first - start, y: 0, width: last - first + 1, height: 1, class: `tone-${tone(part)}` },
      svg("title", null, describe(part, first, last)));
  });
  const drawing = svg("svg", { viewBox: `0 0 ${width} 1`, preserveAspectRatio: "none", class: "row", "aria-hidden": "true" }, cells);
  drawing.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    const port = start + Math.floor(((event.clientX - box.left) / box.width) * width);
    if (port >= stretch.first && port <= stretch.last) open(port, stretch.transport);
  });
  return [h("span", { className: "from", "aria-hidden": "true" }, start), drawing];
}

function rows(stretch, open) {
  const count = stretch.last - stretch.first + 1;
  const width = [100, 200, 500, 1000, 2000].find((ports) => count / ports <= ROWS_MAX) ?? 2000;
  const from = Math.floor(stretch.first / width) * width;
  const lines = [];
  for (let start = from; start <= stretch.last; start += width) lines.push(line(stretch, start, width, open));
  const name = [`${range(stretch.first, stretch.last)}/${stretch.transport}`, wordOf(roles, stretch.parts[0].role)].filter(Boolean).join(" ");
  return h("figure", { className: "ports-rows" },
    h("figcaption", null, `${name}, ${width} ports a row`),
    h("div", { className: "grid" }, lines));
}

const chip = (part, port, open) =>
  h("button", { type: "button", className: `chip tone-${tone(part)}`, title: describe(part, port, port), onclick: () => open(port, part.transport) },
    h("strong", null, `${port}/${part.transport}`), ` ${[wordOf(roles, part.role), wordOf(verdicts, part.verdict)].filter(Boolean).join(" · ")}`);

export function strip(ranges, open) {
  const all = stretches(ranges);
  const short = all.filter((stretch) => stretch.last - stretch.first < LONG);
  const long = all.filter((stretch) => stretch.last - stretch.first >= LONG);
  const chips = short.flatMap((stretch) => stretch.parts.flatMap((part) =>
    Array.from({ length: part.last - part.first + 1 }, (_, at) => chip(part, part.first + at, open))));
  const present = [...new Set(ranges.map(tone))];
  const key = (word) => h("span", { className: `key tone-key-${word}` }, word === "pass" ? "As it should be" : wordOf(verdicts, word));
  return h("div", { className: "strip" },
    chips.length ? h("div", { className: "chips" }, chips) : null,
    long.map((stretch) => rows(stretch, open)),
    h("p", { className: "legend", "aria-hidden": "true" }, present.map(key)));
}

/** Where two states of a site's ports differ: ranges with the verdict of each; null where one has none. */
export function difference(before, after) {
  const edges = (ranges) => ranges.flatMap((part) => [`${part.transport} ${part.first}`, `${part.transport} ${part.last + 1}`]);
  const marks = [...new Set([...edges(before), ...edges(after)])].map((mark) => mark.split(" ")).map(([transport, port]) => [transport, Number(port)])
    .sort((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] < b[0] ? 1 : -1));
  const at = (ranges, transport, port) => ranges.find((part) => part.transport === transport && part.first <= port && port <= part.last)?.verdict ?? null;
  const found = [];
  marks.forEach(([transport, port], place) => {
    const next = marks[place + 1];
    const [was, is] = [at(before, transport, port), at(after, transport, port)];
    if (!next || next[0] !== transport || was === is) return;
    const last = found.at(-1);
    if (last && last.transport === transport && last.last + 1 === port && last.before === was && last.after === is) last.last = next[1] - 1;
    else found.push({ transport, first: port, last: next[1] - 1, before: was, after: is });
  });
  return found;
}

/** One row of cells, a cell a day. */
export function calendar(label, days, wordAt, style) {
  const known = new Map(days.map((day) => [day[0], day]));
  const today = new Date();
  const cells = Array.from({ length: 90 }, (_, at) => {
    const day = new Date(today - (89 - at) * 86400000).toISOString().slice(0, 10);
    const word = known.has(day) ? wordAt(known.get(day)) : null;
    return svg("rect", { x: at, y: 0, width: 0.86, height: 1, class: word ? style(word) : "none" },
      svg("title", null, `${day}: ${word ? word.replaceAll("_", " ") : "not swept"}`));
  });
  return h("div", { className: "calendar" }, h("span", { className: "dim" }, label),
    svg("svg", { viewBox: "0 0 90 1", preserveAspectRatio: "none", role: "img", "aria-label": `${label} of the last ninety days` }, cells));
}
