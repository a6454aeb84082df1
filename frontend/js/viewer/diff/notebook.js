// Two versions of a notebook, cell by cell. Outputs change with every run, so they are apart and folded.

import { figure, folded, h, say } from "../dom.js";
import { outputs, written } from "../notebook/cell.js";
import { read } from "../notebook/read.js";
import { paired } from "./cells.js";
import { changedLines } from "./lines.js";

const NOTHING = { cells: [] };

export function changedNotebook(before, after) {
  const [old, now] = [before ?? NOTHING, after ?? NOTHING].map(read);
  const place = h("div", { class: "notebook compared" });
  let same = [];
  const fold = () => {
    if (!same.length) return;
    const cells = same;
    place.append(folded(say("cells_unchanged", figure(cells.length)), () => h("div", {}, cells.map((cell) => h("section", { class: "cell" }, written(cell, now.language))))));
    same = [];
  };
  for (const pair of paired(old.cells, now.cells)) {
    if (isSame(pair)) {
      same.push(pair.after);
      continue;
    }
    fold();
    place.append(changed(pair, now.language));
  }
  if (!place.childElementCount && same.length) return h("p", { class: "note" }, say("same_cells"));
  fold();
  return place;
}

// A cell ends without a newline, which is no news.
const ended = (source) => (source.endsWith("\n") || !source ? source : `${source}\n`);

const isSame = ({ before, after, moved }) => before && after && !moved && before.source === after.source && sameOutputs(before, after);
const sameOutputs = (before, after) => JSON.stringify(before.outputs) === JSON.stringify(after.outputs);

function changed({ before, after, moved }, language) {
  const kind = !before ? "added" : !after ? "removed" : before.source !== after.source ? "changed" : undefined;
  const chips = [kind, moved && "moved"].filter(Boolean).map((kind) => h("span", { class: `chip ${kind}` }, say(kind)));
  const head = h("p", { class: "about" }, chips, h("span", { class: "note" }, say((after ?? before).type) || (after ?? before).type));
  const text = kind === "changed" ? changedLines(ended(before.source), ended(after.source)) : written(after ?? before, language);
  return h("section", { class: `cell ${kind ?? ""}`, "aria-label": say(kind ?? "outputs_changed") }, head, text ?? say("too_different"), results(before, after));
}

function results(before, after) {
  const had = [before, after].filter((cell) => cell?.outputs.length);
  if (!had.length) return undefined;
  if (before && after && sameOutputs(before, after)) return undefined;
  const title = before && after ? say("outputs_changed") : say("output");
  const side = (name, cell) => cell && h("div", {}, h("p", { class: "note" }, say(name)), outputs(cell) || h("p", { class: "note" }, say("no_output")));
  return folded(title, () => h("div", { class: "sides" }, side("before", before), side("after", after)));
}
