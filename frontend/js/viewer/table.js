// Tables of text: CSV and TSV, as far as they came.

import Papa from "papaparse";
import { figure, h, say } from "./dom.js";

const ROWS = 500;
const COLUMNS = 100;
/** Of one cell, in characters. */
const CELL = 300;

/** `whole` says whether the text ends where the file does. */
export function table(text, whole) {
  const { data } = Papa.parse(text, { skipEmptyLines: true, preview: ROWS + 2 });
  // The last row may have been cut in the middle.
  const rows = whole || data.length > ROWS + 1 ? data : data.slice(0, -1);
  const [names = [], ...all] = rows;
  const shown = all.slice(0, ROWS);
  const more = !whole || all.length > ROWS;
  const columns = Math.max(names.length, ...shown.map((row) => row.length));
  const numeric = Array.from({ length: columns }, (_, at) => shown.some((row) => row[at]) && shown.every((row) => isNumber(row[at])));
  const line = (row) => Array.from({ length: Math.min(columns, COLUMNS) }, (_, at) => cell("td", row[at], numeric[at]));
  const head = h("tr", {}, h("td", { class: "count" }), names.slice(0, COLUMNS).map((name, at) => cell("th", name, numeric[at])));
  const body = shown.map((row, at) => h("tr", {}, h("td", { class: "count" }, String(at + 1)), line(row)));
  return h(
    "div",
    {},
    more && h("p", { class: "note" }, say("first_rows", figure(shown.length))),
    columns > COLUMNS && h("p", { class: "note" }, say("first_columns", figure(COLUMNS), figure(columns))),
    h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": say("table") }, h("table", { class: "rows" }, h("thead", {}, head), h("tbody", {}, body))),
  );
}

function cell(name, text = "", numeric) {
  const cut = text.length > CELL;
  const attributes = { class: numeric && "number", scope: name === "th" && "col", title: cut && text.slice(0, 2000) };
  return h(name, attributes, cut ? `${text.slice(0, CELL)}…` : text);
}

const isNumber = (text) => !text || /^\s*[-+]?[\d.,]+(e[-+]?\d+)?\s*%?$/i.test(text);
