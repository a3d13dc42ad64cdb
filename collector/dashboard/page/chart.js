// Charts by dygraphs, in the colours of the page, with the same numbers as a table for who cannot see them.
/* global Dygraph */
import { h, table } from "./dom.js";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Without dygraphs' own legend, which measures itself by inline styles that the page's policy forbids. */
function withoutLegend() {
  Dygraph.PLUGINS = Dygraph.PLUGINS.filter((plugin) => plugin !== Dygraph.Plugins.Legend);
}

/** `series`: [[name, colour, text of a value], ...]; `rows`: [[day, value, ...], ...]. */
export function chart(label, series, rows, { stacked, range, signal } = {}) {
  const box = h("div", { className: "chart", role: "img", "aria-label": `${label}; the numbers are in the table below` });
  const legend = h("p", { className: "legend", "aria-hidden": "true" });
  const data = rows.map(([day, ...values]) => [new Date(`${day}T00:00:00Z`), ...values]);
  const text = (at, value) => (value === null || value === undefined ? "–" : series[at][2]?.(value) ?? value.toLocaleString("en"));
  const explain = (row) => legend.replaceChildren(
    h("span", { className: "day" }, rows[row]?.[0] ?? ""),
    ...series.map(([name, tone], at) => h("span", { className: `key key-${tone}` }, `${name} ${text(at, rows[row]?.[at + 1])}`)));
  const draw = () => new Dygraph(box, data, {
    labels: ["day", ...series.map(([name]) => name)],
    colors: series.map(([, tone]) => colour(tone)),
    stackedGraph: stacked, fillGraph: true, fillAlpha: stacked ? 0.85 : 0.15, strokeWidth: stacked ? 0.5 : 2,
    valueRange: range, legend: "never", labelsUTC: true, interactionModel: {}, highlightCircleSize: 3,
    axisLineColor: colour("line"), gridLineColor: colour("line"), gridLineWidth: 0.5, axisLabelFontSize: 12, rightGap: 12,
    axes: {
      x: { drawGrid: false, pixelsPerLabel: 70 },
      y: { axisLabelFormatter: (value) => (range ? `${Math.round(value * 100)} %` : value.toLocaleString("en")) },
    },
    highlightCallback: (event, x, points, row) => explain(row),
    unhighlightCallback: () => explain(rows.length - 1),
  });
  explain(rows.length - 1);
  const show = () => {
    if (!box.isConnected || !window.Dygraph) return;
    withoutLegend();
    draw();
  };
  // dygraphs measures its box, so it can begin only when the view is in the page.
  requestAnimationFrame(show);
  dark.addEventListener("change", show, { signal });
  return [box, legend, h("details", { className: "numbers" }, h("summary", null, "As a table"),
    table(label, ["Day", ...series.map(([name]) => name)],
      [...rows].reverse().map(([day, ...values]) => [day, ...values.map((value, at) => text(at, value))])))];
}
