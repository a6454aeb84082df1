// Shows one file, or what differs between two, in a frame that can do nothing else: it has an origin of nobody,
// no network, and a page around it that hands in the bytes. See docs/files.md.

import tokens from "../../style/tokens.css";
import { bringStyles } from "./clean.js";
import { code } from "./code.js";
import { changedLines } from "./diff/lines.js";
import { changedNotebook } from "./diff/notebook.js";
import { changedPictures } from "./diff/pictures.js";
import { h, say, speak } from "./dom.js";
import { image } from "./image.js";
import { markdown } from "./markdown.js";
import { notebook } from "./notebook/notebook.js";
import { given, tell } from "./page.js";
import { table } from "./table.js";
import inner from "./style/apart.css";
import coded from "./style/code.css";
import frame from "./style/frame.css";
import written from "./style/markdown.css";
import cells from "./style/notebook.css";
import pictures from "./style/pictures.css";
import tables from "./style/tables.css";
import terminal from "./style/terminal.css";

const style = document.createElement("style");
style.textContent = [tokens, frame, coded, tables, pictures, cells, written, terminal].join("\n");
document.head.append(style);
bringStyles(inner);

const SHOWN = {
  code: ({ file, kind, line }) => code(text(file), kind.language, line),
  image: ({ file, name }) => image(file, name),
  markdown: ({ file }) => markdown(text(file)),
  notebook: ({ file }) => notebook(parsed(file)),
  table: ({ file, whole }) => table(text(file), whole),
};
const COMPARED = {
  image: ({ before, after, name }) => changedPictures(before, after, name),
  notebook: ({ before, after }) => changedNotebook(parsed(before), parsed(after)),
};

/** What is no text of any kind says so. */
class NotText extends Error {}

function text(bytes) {
  if (!bytes) return "";
  const view = new Uint8Array(bytes);
  if (view.subarray(0, 8000).includes(0)) throw new NotText();
  // The end may have been cut in the middle of a letter.
  return new TextDecoder().decode(view, { stream: true });
}

function parsed(bytes) {
  return bytes && JSON.parse(text(bytes));
}

function show(order) {
  const way = "after" in order ? (COMPARED[order.kind.name] ?? lines) : SHOWN[order.kind.name];
  try {
    document.body.replaceChildren(way(order));
  } catch (error) {
    document.body.replaceChildren();
    return tell({ failed: error instanceof NotText ? "binary" : "damaged" });
  }
  tell({ shown: true });
}

const lines = ({ before, after }) => changedLines(text(before), text(after)) ?? h("p", { class: "note" }, say("too_different"));

addEventListener("message", ({ source, data }) => {
  if (source !== parent) return;
  if ("given" in data) return given(data);
  document.documentElement.dataset.theme = data.theme;
  document.documentElement.lang = data.language;
  speak(data.words);
  if (data.kind) show(data);
});

// A link leads where the page lets it.
addEventListener("click", (event) => {
  const link = event.composedPath().find((node) => node.nodeName?.toLowerCase() === "a");
  const address = link?.getAttribute("href") ?? link?.getAttribute("xlink:href");
  if (!address) return;
  event.preventDefault();
  if (!address.startsWith("#")) return tell({ follow: address });
  const place = document.getElementById(`user-content-${decodeURIComponent(address.slice(1))}`);
  if (place) tell({ scroll: place.getBoundingClientRect().top + scrollY });
});

new ResizeObserver(() => tell({ height: Math.ceil(document.body.getBoundingClientRect().height) })).observe(document.body);
tell({ ready: true });
