// Markdown, with formulas and coloured code.

import katex from "@vscode/markdown-it-katex";
import MarkdownIt from "markdown-it";
import { clean } from "./clean.js";
import { coloured } from "./code.js";
import { h } from "./dom.js";

const reader = new MarkdownIt({ html: true, linkify: true, highlight: coloured }).use(katex.default ?? katex, {
  // Browsers draw it themselves: no fonts, no styles.
  output: "mathml",
  throwOnError: false,
  // A formula cannot make a page of gigabytes.
  maxExpand: 500,
});
reader.linkify.set({ fuzzyLink: false });

// Headings can be linked to, by the words in them.
reader.renderer.rules.heading_open = (tokens, index, options, env, self) => {
  const words = tokens[index + 1].content.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").trim().replace(/ +/g, "-");
  tokens[index].attrSet("id", words);
  return self.renderToken(tokens, index, options);
};

// A notebook's cell brings pictures of its own, which it calls by name.
const picture = reader.renderer.rules.image;
reader.renderer.rules.image = (tokens, index, options, env, self) => {
  const name = /^attachment:(.*)$/.exec(tokens[index].attrGet("src"))?.[1];
  const [type, data] = Object.entries(env.attachments?.[name] ?? {})[0] ?? [];
  if (type) tokens[index].attrSet("src", `data:${type};base64,${[data].flat().join("")}`);
  return picture(tokens, index, options, env, self);
};

/** `attachments` are a cell's own pictures, by name. */
export const markdown = (text, attachments) =>
  h("div", { class: "markdown" }, clean(reader.render(text, { attachments })));
