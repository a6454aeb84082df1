// One cell: what was written, and what came of it.

import { source } from "../code.js";
import { h, say } from "../dom.js";
import { markdown } from "../markdown.js";
import { output } from "./outputs.js";

export function cell(from, language) {
  return h("section", { class: `cell ${from.type}` }, from.type === "code" && count(from), h("div", { class: "content" }, written(from, language), outputs(from)));
}

const count = ({ count }) => h("span", { class: "prompt" }, `[${count ?? " "}]`);

/** What was written. */
export function written(from, language) {
  switch (from.type) {
    case "markdown":
      return markdown(from.source, from.attachments);
    case "code":
      return source(from.source, language);
    default:
      return h("pre", { class: "raw" }, from.source);
  }
}

/** What came of it. */
export function outputs({ outputs }) {
  return outputs.length > 0 && h("div", { class: "outputs", role: "group", "aria-label": say("output") }, joined(outputs).map(output));
}

// A program prints in many small pieces.
function joined(outputs) {
  const all = [];
  for (const each of outputs) {
    const last = all.at(-1);
    if (each.type === "stream" && last?.type === "stream" && last.error === each.error) last.text += each.text;
    else all.push({ ...each });
  }
  return all;
}
