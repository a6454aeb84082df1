// Text as it is written in a file, coloured where its language is known, with numbered lines.

import hljs from "highlight.js/lib/common";
import { clean } from "./clean.js";
import { h, say } from "./dom.js";
import { tell } from "./page.js";

/** Beyond this many characters, colours cost more time than they are worth. */
const COLOURED = 300_000;

/** Markup of a text in colours; nothing if the language is not known. */
export function coloured(text, language) {
  const known = language && hljs.getLanguage(language) && text.length <= COLOURED;
  return known ? hljs.highlight(text, { language, ignoreIllegals: true }).value : "";
}

/** The text as an element, without numbers. */
export function source(text, language) {
  const markup = coloured(text, language);
  return h("pre", { class: "source", tabindex: "0" }, h("code", {}, markup ? clean(markup) : text));
}

/** A whole file; `line` is where a link leads. */
export function code(text, language, line) {
  const count = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  const numbers = h("div", { class: "numbers", "aria-hidden": "true" });
  const mark = h("div", { class: "mark", hidden: true });
  for (let number = 1; number <= count; number++) {
    const choose = () => (point(mark, number), tell({ line: number }));
    numbers.append(h("a", { click: choose }, String(number)));
  }
  const file = h("div", { class: "file", role: "region", "aria-label": say("file") }, mark, numbers, source(text, language));
  if (line >= 1 && line <= count) {
    point(mark, line);
    requestAnimationFrame(() => tell({ scroll: mark.getBoundingClientRect().top + scrollY }));
  }
  return file;
}

function point(mark, line) {
  mark.hidden = false;
  mark.style.setProperty("--line-number", line - 1);
}
