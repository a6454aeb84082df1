// Outputs of a cell. Of several forms of one the richest is shown that needs no program to run.

import { AnsiUp } from "ansi_up";
import { apart, clean } from "../clean.js";
import { figure, folded, h, say } from "../dom.js";
import { markdown } from "../markdown.js";
import { join } from "./read.js";

/** Text beyond this is folded. */
const LINES = 60;
const CHARACTERS = 20_000;
/** Markup beyond this is folded. */
const MARKUP = 500_000;

export function output(from) {
  switch (from.type) {
    case "stream":
      return h("div", { class: from.error && "warned" }, long(from.text));
    case "error":
      return h("div", { class: "error", role: "note" }, long(from.text || `${from.name}: ${from.value}`));
    default:
      return data(from.data);
  }
}

const picture = (type) => (data) => {
  const text = type === "image/svg+xml" ? encodeURIComponent(data) : data.replace(/\s/g, "");
  const coding = type === "image/svg+xml" ? "" : ";base64";
  return h("img", { src: `data:${type}${coding},${text}`, alt: say("picture"), class: "picture" });
};

// In the order in which they are preferred, as Jupyter has it.
const SHOWN = [
  ["text/html", (text) => (text.length > MARKUP ? folded(say("large_markup"), () => apart(text)) : apart(text))],
  ["text/markdown", (text) => markdown(text)],
  ["image/svg+xml", picture("image/svg+xml")],
  ["text/latex", (text) => markdown(/^\s*\$/.test(text) ? text : `$$\n${text}\n$$`)],
  ["image/png", picture("image/png")],
  ["image/jpeg", picture("image/jpeg")],
  ["image/gif", picture("image/gif")],
  ["image/webp", picture("image/webp")],
  ["application/json", (data) => long(typeof data === "string" ? data : JSON.stringify(data, null, 2))],
  ["text/plain", (text) => long(text)],
];

// What draws itself with a program of its own.
const MOVING = [
  [/^application\/vnd\.plotly/, "plotly"],
  [/^application\/vnd\.vega/, "vega"],
  [/^application\/vnd\.(bokehjs|holoviews)/, "bokeh"],
  [/^application\/vnd\.jupyter\.widget-view/, "widget"],
];

function data(bundle) {
  const types = Object.keys(bundle ?? {});
  const moving = MOVING.find(([pattern]) => types.some((type) => pattern.test(type)));
  // Beside a chart that moves there may be a picture of it; markup beside it is a program.
  const fit = SHOWN.filter(([type]) => type in bundle && !(moving && type.startsWith("text/")));
  const [type, show] = fit[0] ?? [];
  const shown = type && show(type === "application/json" ? bundle[type] : join(bundle[type]));
  if (moving && !type) return unmoved(say(moving[1]), bundle);
  if (shown && type === "text/html" && isEmpty(shown)) return unmoved(say("program"), bundle);
  return shown || h("p", { class: "note" }, say("unknown_output", types.join(", ")));
}

// What markup leaves when its program is taken out.
function isEmpty(shown) {
  const root = shown.shadowRoot;
  return root && !root.textContent.replace(root.querySelector("style").textContent, "").trim() && !root.querySelector("img, svg, hr, table");
}

function unmoved(words, bundle) {
  const text = bundle["text/plain"];
  return h("div", { class: "unmoved" }, h("p", { class: "note" }, words), text && long(join(text)));
}

/** Text as a terminal shows it. */
function long(text) {
  const lines = text.split("\n");
  if (lines.length <= LINES && text.length <= CHARACTERS) return terminal(text);
  const begin = lines.slice(0, LINES / 2).join("\n").slice(0, CHARACTERS / 2);
  return h("div", {}, terminal(begin), folded(say("all_lines", figure(lines.length)), () => terminal(text)));
}

function terminal(text) {
  const writer = new AnsiUp();
  writer.use_classes = true;
  // A progress bar writes over its own line.
  const last = text.replace(/[^\n]*\r(?!\n|$)/g, "");
  return h("pre", { class: "terminal", tabindex: "0" }, clean(writer.ansi_to_html(last)));
}
