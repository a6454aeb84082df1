// Two pictures beside each other.

import { h, say } from "../dom.js";
import { image } from "../image.js";

export function changedPictures(before, after, name) {
  const side = (title, bytes) => h("div", {}, h("p", { class: "note" }, say(title)), bytes ? image(bytes, name) : h("p", { class: "note" }, say("no_file")));
  return h("div", { class: "sides" }, side("before", before), side("after", after));
}
