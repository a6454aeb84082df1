// Files that a person chose or dropped, and where to find them again after the page was loaded anew.

/** What was dropped, folders with all that is in them. The browser empties the list at the first pause. */
export async function dropped(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.());
  const plain = items.map((item) => item.getAsFile());
  const handles = await handlesOf(items);
  const found = { paths: [], files: [], handles };
  for (const [index, entry] of entries.entries()) {
    if (entry) await walk(entry, entry.name, found);
    else if (plain[index]) add(found, plain[index].name, plain[index]);
  }
  return found;
}

/** What a field for files holds. */
export function chosen(field) {
  const found = { paths: [], files: [], handles: [] };
  for (const file of field.files) add(found, file.webkitRelativePath || file.name, file);
  return found;
}

function add(found, path, file) {
  found.paths.push(path);
  found.files.push(file);
}

async function walk(entry, path, found) {
  if (entry.isFile) {
    add(found, path, await new Promise((resolve, reject) => entry.file(resolve, reject)));
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return;
    for (const child of part) await walk(child, `${path}/${child.name}`, found);
  }
}

// Not every browser has handles; without them the same files are chosen again.
async function handlesOf(items) {
  const asked = items.map((item) => item.getAsFileSystemHandle?.());
  const handles = await Promise.all(asked).catch(() => []);
  return handles.every((handle) => handle) ? handles : [];
}

async function walkHandle(handle, path, found) {
  if (handle.kind === "file") {
    add(found, path, await handle.getFile());
    return;
  }
  for await (const child of handle.values()) await walkHandle(child, `${path}/${child.name}`, found);
}

/** The files of an upload that was kept, if the person allows it; nothing if not, or if there is none. */
export async function again(id) {
  const kept = await request("readonly", (store) => store.get(id));
  if (!kept?.handles.length) return undefined;
  const found = { paths: [], files: [], handles: kept.handles };
  for (const handle of kept.handles) {
    if ((await handle.requestPermission({ mode: "read" })) !== "granted") return undefined;
    await walkHandle(handle, handle.name, found);
  }
  return found;
}

/** Keeps the handles of an upload, and a text beside. */
export const keep = (id, handles, text) => request("readwrite", (store) => store.put({ handles, text }, id));

/** The text beside an upload, and whether there are handles. */
export async function kept(id) {
  const kept = await request("readonly", (store) => store.get(id));
  return kept && { text: kept.text, handles: kept.handles.length > 0 };
}

export const forget = (id) => request("readwrite", (store) => store.delete(id));

async function request(mode, make) {
  const opening = indexedDB.open("atelier", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("uploads");
  const database = await done(opening);
  try {
    return await done(make(database.transaction("uploads", mode).objectStore("uploads")));
  } finally {
    database.close();
  }
}

const done = (asked) =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

/** The worker that uploads. */
export const worker = () => new Worker(UPLOADER, { type: "module" });
