// Whatever comes as markup passes here. The frame's policy would run no script anyway; this takes away what would
// mislead: forms, frames, pictures from elsewhere, styles that reach out of their place.

import DOMPurify from "dompurify";
import { address, pictureType } from "./image.js";
import { file } from "./page.js";

const RULES = {
  USE_PROFILES: { html: true, svg: true, svgFilters: true, mathMl: true },
  ADD_TAGS: ["semantics", "annotation"],
  FORBID_TAGS: ["form", "input", "button", "textarea", "select", "option", "dialog", "audio", "video", "base", "link", "meta"],
  FORBID_ATTR: ["action", "formaction", "ping", "autofocus", "popover", "popovertarget", "target", "download", "background", "srcset"],
  SANITIZE_NAMED_PROPS: true,
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

const PICTURE = /^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/i;
const ELSEWHERE = /^([a-z][a-z0-9+.-]*:|[\\/]{2})/i;
// Measured by the frame, whose height follows its content: they would grow for ever.
const OF_THE_VIEW = /(\d)[dsl]?v(h|b|min|max)\b/gi;
// The frame's policy loads nothing in any case; without these, nothing is even tried.
const LOADING = /@import[^;]*;?|url\(\s*(?!["']?(data:|#))[^)]*\)/i;
const plain = (style) => style.replace(OF_THE_VIEW, "$1px").replace(new RegExp(LOADING, "gi"), "");
const OWN = /^(#|data:image\/)/i;

DOMPurify.addHook("uponSanitizeElement", (node, { tagName }) => {
  if (tagName === "style") node.textContent = plain(node.textContent);
});

DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  for (const { name, value } of [...node.attributes]) {
    if (name === "style") node.setAttribute(name, plain(value));
    else if (/href$/.test(name) && !isLink(node) && !OWN.test(value)) node.removeAttribute(name);
    else if (LOADING.test(value)) node.removeAttribute(name);
  }
});

const isLink = (node) => node.nodeName.toLowerCase() === "a";

/** Markup as nodes that may be shown. */
export function clean(markup) {
  const nodes = DOMPurify.sanitize(markup, RULES);
  for (const image of nodes.querySelectorAll("img")) bringPicture(image);
  for (const head of nodes.querySelectorAll("th:empty")) headsNothing(head);
  return nodes;
}

// The corner that pandas writes: read out, it would be a head without a name.
function headsNothing(head) {
  const cell = document.createElement("td");
  for (const { name, value } of head.attributes) cell.setAttribute(name, value);
  head.replaceWith(cell);
}

// What is no part of the markup is another file of the same version, or stays away.
function bringPicture(image) {
  const source = image.getAttribute("src") ?? "";
  if (PICTURE.test(source)) return;
  image.removeAttribute("src");
  if (ELSEWHERE.test(source) || !pictureType(source)) {
    image.replaceWith(image.alt ? `[${image.alt}]` : "");
    return;
  }
  file(source).then((bytes) => {
    if (bytes) image.src = address(bytes, source);
  });
}

/** The same in a place of its own: its styles reach nothing else. */
export function apart(markup) {
  const place = document.createElement("div");
  place.className = "apart";
  const style = document.createElement("style");
  style.textContent = sheet;
  place.attachShadow({ mode: "open" }).append(style, clean(markup));
  return place;
}

let sheet;

/** Styles that every such place begins with. */
export const bringStyles = (text) => (sheet = text);
