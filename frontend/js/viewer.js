// The page's side of the frame in which files are shown (viewer/main.js): it fetches them, hands them in, and does
// for the frame the few things that a frame may ask. What the frame says is somebody else's word.

/** Taller frames scroll inside. */
const TALLEST = 60_000;
/** Of another file that a file shows, as a picture in a text. */
const MOST_BESIDE = 20 << 20;

export class Viewer {
  /** `hear` is told, in JSON, what the page has to know. */
  constructor(frame, hear) {
    this.frame = frame;
    this.hear = (message) => hear(JSON.stringify(message));
    this.turn = 0;
    this.ready = new Promise((done) => (this.isReady = done));
    this.listen = ({ source, data }) => {
      if (source === frame.contentWindow && data && typeof data === "object") this.take(data);
    };
    addEventListener("message", this.listen);
    this.appearance = new MutationObserver(() => this.tell(this.look()));
    this.appearance.observe(document.documentElement, { attributeFilter: ["data-theme", "lang"] });
  }

  close() {
    this.turn = -1;
    this.appearance.disconnect();
    removeEventListener("message", this.listen);
  }

  /** Fetches what an order names and has the frame show it. A later order is the one that counts. */
  async show(text) {
    const turn = ++this.turn;
    const order = JSON.parse(text);
    const { parts, beside, words, ...rest } = order;
    Object.assign(this, { beside, words });
    const message = { ...rest, whole: true };
    let bytes = 0;
    try {
      for (const [name, part] of Object.entries(parts)) {
        const got = part && (await fetchPart(part));
        message[name] = got?.bytes;
        message.whole &&= got?.whole ?? true;
        bytes += got?.of ?? 0;
      }
    } catch (fault) {
      if (turn === this.turn) this.hear({ type: "failed", why: fault.why ?? "unreachable", bytes: fault.bytes });
      return;
    }
    await this.ready;
    if (turn !== this.turn) return;
    this.about = { bytes, whole: message.whole };
    this.tell({ ...message, ...this.look() });
  }

  look() {
    const { dataset, lang } = document.documentElement;
    return { theme: dataset.theme ?? "system", language: lang, words: this.words ?? {} };
  }

  // The frame's origin is nobody's, so no other can be named. It cannot have gone elsewhere: the page's policy
  // lets frames of this address be there and no other.
  tell(message) {
    this.frame.contentWindow?.postMessage(message, "*");
  }

  async take({ ready, shown, failed, height, scroll, line, follow, want }) {
    if (ready) this.isReady();
    else if (shown) this.hear({ type: "shown", ...this.about });
    else if (failed) this.hear({ type: "failed", why: failed === "binary" ? "binary" : "damaged", bytes: this.about?.bytes });
    else if (Number.isFinite(height)) this.frame.style.height = `${Math.min(Math.max(height, 24), TALLEST)}px`;
    else if (Number.isFinite(scroll)) this.scroll(scroll);
    else if (Number.isSafeInteger(line) && line > 0) this.hear({ type: "line", line });
    else if (typeof follow === "string") this.hear({ type: "follow", address: follow.slice(0, 4096) });
    else if (typeof want === "string") await this.give(want);
  }

  scroll(y) {
    const top = this.frame.getBoundingClientRect().top + scrollY + y;
    window.scrollTo({ top: top - innerHeight / 3 });
  }

  // Another file of the same version.
  async give(path) {
    const address = this.beside && `${this.beside.content}${encodeURIComponent(resolved(this.beside.folder, path))}`;
    const got = address && (await fetchPart({ address, most: MOST_BESIDE, all: true }).catch(() => undefined));
    this.tell({ given: path, bytes: got?.bytes });
  }
}

function resolved(folder, path) {
  const names = path.startsWith("/") ? [] : folder.split("/").filter(Boolean);
  let plain = path.split(/[?#]/)[0];
  try {
    plain = decodeURIComponent(plain);
  } catch {
    // A name with a percent sign in it, written as it is.
  }
  for (const name of plain.split("/")) {
    if (name === "..") names.pop();
    else if (name && name !== ".") names.push(name);
  }
  return names.join("/");
}

class Fault extends Error {
  constructor(why, bytes) {
    super(why);
    Object.assign(this, { why, bytes });
  }
}

const REASONS = { 401: "gone", 403: "gone", 404: "gone", 409: "folder" };

/** The first bytes of a file; of one that is needed in `all` its parts, nothing if it is longer. */
async function fetchPart({ address, most, all, optional }) {
  const stop = new AbortController();
  const answer = await fetch(address, { headers: { range: `bytes=0-${most - 1}` }, signal: stop.signal });
  // Of an empty file there is no first byte.
  if (answer.status === 416) return { bytes: new ArrayBuffer(0), whole: true, of: 0 };
  if (answer.status === 404 && optional) return undefined;
  if (!answer.ok) throw new Fault(REASONS[answer.status] ?? "unreachable");
  const of = Number(answer.headers.get("content-range")?.split("/")[1] ?? answer.headers.get("content-length"));
  if (all && of > most) {
    stop.abort();
    throw new Fault("too_large", of);
  }
  return { bytes: await answer.arrayBuffer(), whole: of <= most, of };
}
