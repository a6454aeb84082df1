// Which cell of a notebook became which.

import { diffArrays } from "diff";

/**
 * The cells of both, in the order of the newer one with what was removed where it was.
 * @returns {{ before?: object, after?: object, moved: boolean }[]}
 */
export function paired(before, after) {
  const became = byName(before, after);
  byContent(before, after, became);
  bySpot(before, after, became);
  const stayed = unmoved(became);
  const all = after.map((cell, at) => {
    const from = became.indexOf(at);
    return { before: before[from], after: cell, moved: from >= 0 && !stayed.has(from) };
  });
  return withRemoved(all, before, became);
}

// Cells have ids since nbformat 4.5.
function byName(before, after) {
  const places = new Map();
  for (const [at, { id }] of after.entries()) if (id !== undefined && !places.has(id)) places.set(id, at);
  const taken = new Set();
  return before.map(({ id, type }) => {
    const at = places.get(id);
    if (at === undefined || taken.has(at) || after[at].type !== type) return -1;
    taken.add(at);
    return at;
  });
}

const key = ({ type, source }) => `${type}\n${source}`;

// Without ids, or with new ones: what is equal, in order.
function byContent(before, after, became) {
  const [left, right] = rest(before, after, became);
  let [i, j] = [0, 0];
  for (const { added, removed, count } of diffArrays(left.map((at) => key(before[at])), right.map((at) => key(after[at])))) {
    for (let n = 0; n < count; n++) {
      if (added) j++;
      else if (removed) i++;
      else became[left[i++]] = right[j++];
    }
  }
}

// What stands between the same neighbours and has much in common.
function bySpot(before, after, became) {
  const [left, right] = rest(before, after, became);
  for (const from of left) {
    const above = became[from - 1] ?? -1;
    const at = right.find((at) => at === above + 1 && !became.includes(at) && alike(before[from], after[at]));
    if (at !== undefined) became[from] = at;
  }
}

function rest(before, after, became) {
  const left = before.map((_, at) => at).filter((at) => became[at] < 0);
  return [left, after.map((_, at) => at).filter((at) => !became.includes(at))];
}

function alike(one, other) {
  const [left, right] = [one, other].map((cell) => new Set(cell.source.split("\n").map((line) => line.trim())));
  const common = [...left].filter((line) => right.has(line)).length;
  return one.type === other.type && 2 * common >= Math.min(left.size, right.size);
}

// Those that kept their order: the rest has moved.
function unmoved(became) {
  const kept = became.map((at, from) => [at, from]).filter(([at]) => at >= 0);
  const old = kept.map(([, from]) => from);
  const now = [...kept].sort(([a], [b]) => a - b).map(([, from]) => from);
  const same = diffArrays(old, now).filter(({ added, removed }) => !added && !removed);
  return new Set(same.flatMap(({ value }) => value));
}

function withRemoved(all, before, became) {
  for (const [from, cell] of before.entries()) {
    if (became[from] >= 0) continue;
    const above = before[from - 1];
    const place = above ? all.findIndex((pair) => pair.before === above) + 1 : 0;
    all.splice(place, 0, { before: cell, moved: false });
  }
  return all;
}
