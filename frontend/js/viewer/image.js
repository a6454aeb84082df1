// Pictures, as pictures: an SVG that is one runs no script and loads nothing.

import { h, say } from "./dom.js";

const TYPES = { png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp", avif: "image/avif", bmp: "image/bmp", ico: "image/x-icon", svg: "image/svg+xml" };

/** The media type of a picture with this name; nothing if it is none. */
export const pictureType = (name) => TYPES[name.split(".").pop().toLowerCase()];

export function address(bytes, name) {
  return URL.createObjectURL(new Blob([bytes], { type: pictureType(name) }));
}

/** With its size in pixels below. */
export function image(bytes, name) {
  const caption = h("figcaption", { class: "note" });
  const picture = h("img", { src: address(bytes, name), alt: name, class: "picture" });
  picture.addEventListener("load", () => {
    if (picture.naturalWidth) caption.append(say("pixels", picture.naturalWidth, picture.naturalHeight));
  });
  picture.addEventListener("error", () => picture.replaceWith(h("p", { class: "note" }, say("no_picture"))));
  return h("figure", { class: "checkered" }, picture, caption);
}
