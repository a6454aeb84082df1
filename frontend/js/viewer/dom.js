// Elements made by hand. Nothing here reads markup.

/** An element with attributes and children; texts among the children stay texts. */
export function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === undefined) continue;
    if (typeof value === "function") element.addEventListener(key, value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== false));
  return element;
}

let words = {};

/** The texts of the page's language. */
export function speak(given) {
  words = given;
}

/** A text of the page's, with its places filled in order. */
export function say(key, ...values) {
  return values.reduce((text, value) => text.replace("%", value), words[key] ?? "");
}

/** A number as the reader writes it. */
export const figure = (number) => number.toLocaleString(document.documentElement.lang);

/** Something that is shown when one asks for it, made only then. */
export function folded(summary, make, open = false) {
  const details = h("details", { class: "folded" }, h("summary", {}, summary));
  const fill = () => {
    if (details.open && details.childElementCount === 1) details.append(make());
  };
  details.addEventListener("toggle", fill);
  details.open = open;
  if (open) fill();
  return details;
}
