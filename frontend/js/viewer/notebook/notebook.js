// A notebook (nbformat 3 and 4): its cells with their outputs, as they were saved.

import { h, say } from "../dom.js";
import { cell } from "./cell.js";
import { read } from "./read.js";

export function notebook(json) {
  const { cells, language } = read(json);
  if (!cells.length) return h("p", { class: "note" }, say("no_cells"));
  return h("div", { class: "notebook" }, cells.map((each) => cell(each, language)));
}
