// Two texts, line by line: what changed, with a few lines around.

import { structuredPatch } from "diff";
import { figure, h, say } from "../dom.js";

const AROUND = 3;
/** Texts with nothing in common take too long to compare. */
const MOST_EDITS = 20_000;

/** Nothing if they are too different. */
export function changedLines(before, after, around = AROUND) {
  const patch = structuredPatch("", "", before, after, "", "", { context: around, maxEditLength: MOST_EDITS });
  if (!patch) return undefined;
  if (!patch.hunks.length) return h("p", { class: "note" }, say("same"));
  const [body, counts] = [h("tbody", {}), { added: 0, removed: 0 }];
  let shown = 0;
  for (const hunk of patch.hunks) {
    const left = hunk.oldStart - 1 - shown;
    if (left > 0) body.append(h("tr", { class: "left-out" }, h("td", { colspan: "4" }, say("lines_left_out", figure(left)))));
    body.append(...rows(hunk, counts));
    shown = hunk.oldStart - 1 + hunk.oldLines;
  }
  const sum = h("p", { class: "note" }, say("line_counts", figure(counts.added), figure(counts.removed)));
  return h("div", {}, sum, h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": say("changes") }, h("table", { class: "lines" }, body)));
}

function rows({ oldStart, newStart, lines }, counts) {
  let [old, now] = [oldStart, newStart];
  return lines.map((line) => {
    const [sign, text] = [line[0], line.slice(1)];
    switch (sign) {
      case "+":
        counts.added++;
        return row("added", "", now++, sign, text);
      case "-":
        counts.removed++;
        return row("removed", old++, "", "−", text);
      case " ":
        return row("", old++, now++, "", text);
      default:
        return row("left-out", "", "", "", say("no_last_newline"));
    }
  });
}

function row(kind, old, now, sign, text) {
  const number = (value) => h("td", { class: "count" }, String(value));
  return h("tr", { class: kind }, number(old), number(now), h("td", { class: "sign" }, sign), h("td", {}, h("code", {}, text)));
}
