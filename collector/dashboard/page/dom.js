// Elements made of text and nodes: nothing that a host, a customer or an address says is ever read as markup.

function put(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name in node && !(node instanceof SVGElement) && name !== "list" && name !== "form") node[name] = value;
  else node.setAttribute(name, value === true ? "" : value);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) put(node, name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
export const svg = (tag, attributes, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

/** A table with a caption and column heads; rows are lists of cells, a cell is a node, a text or {cell, class}. The roles are said because
    a style that lays a table out otherwise on a phone would take them away. */
export function table(caption, heads, rows, attributes) {
  const cell = (tag, role, content, more) => {
    const plain = content !== null && typeof content === "object" && "cell" in content;
    return h(tag, { role, ...more, className: plain ? content.class : "" }, plain ? content.cell : content);
  };
  return h("div", { className: "scroll" },
    h("table", { role: "table", ...attributes },
      h("caption", { className: "unseen" }, caption),
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads.map((head) => cell("th", "columnheader", head, { scope: "col" })))),
      h("tbody", { role: "rowgroup" }, rows.map((row) => h("tr", { role: "row" }, row.map((content, at) =>
        (at === 0 ? cell("th", "rowheader", content, { scope: "row" }) : cell("td", "cell", content))))))));
}

export function card(title, ...children) {
  const id = `card-${title.toLowerCase().replace(/[^a-z]+/g, "-")}`;
  return h("section", { className: "card", "aria-labelledby": id }, h("h2", { id }, title), children);
}

export const empty = (sentence, ...more) => h("p", { className: "empty" }, sentence, more);

export function toast(sentence) {
  const note = h("p", { className: "toast" }, sentence);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 8000);
}

/** A select whose first choice means "any". */
export function choice(label, name, any, words, value) {
  return h("label", null, h("span", null, label),
    h("select", { name }, h("option", { value: "" }, any),
      words.map(([word, text]) => h("option", { value: word, selected: word === value }, text))));
}

/** A text with suggestions: for names of which there may be thousands. */
export function suggested(label, name, words, value, placeholder) {
  return h("label", null, h("span", null, label),
    h("input", { name, value: value ?? "", list: `list-${name}`, placeholder, autocomplete: "off" }),
    h("datalist", { id: `list-${name}` }, words.map((word) => h("option", { value: word }))));
}
