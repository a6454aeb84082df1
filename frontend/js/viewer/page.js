// The way to the page that this frame is in. It is told what happened; it decides what that may do.

export const tell = (message) => parent.postMessage(message, "*");

const wanted = new Map();

/** The bytes of another file of the same version, by its path from this one; nothing if there is none. */
export function file(path) {
  if (!wanted.has(path)) {
    const asked = {};
    asked.bytes = new Promise((done) => (asked.done = done));
    wanted.set(path, asked);
    tell({ want: path });
  }
  return wanted.get(path).bytes;
}

/** What the page answers. */
export const given = ({ given, bytes }) => wanted.get(given)?.done(bytes);
