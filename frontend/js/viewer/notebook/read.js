// What a notebook says, whatever its version: cells with plain texts.

const join = (text) => (Array.isArray(text) ? text.join("") : String(text ?? ""));

/** @returns {{ cells: object[], language: string }} */
export function read(json) {
  const cells = json?.cells ?? json?.worksheets?.flatMap((sheet) => sheet.cells ?? []);
  if (!Array.isArray(cells)) throw new SyntaxError("no cells");
  const about = json.metadata ?? {};
  const language = about.language_info?.name ?? about.kernelspec?.language ?? "python";
  return { cells: cells.map(cell), language: String(language).toLowerCase().replace(/^ipython$/, "python") };
}

function cell(from) {
  const heading = from.cell_type === "heading";
  const source = join(from.source ?? from.input);
  return {
    id: from.id,
    type: heading ? "markdown" : from.cell_type,
    source: heading ? `${"#".repeat(from.level ?? 1)} ${source}` : source,
    count: from.execution_count ?? from.prompt_number,
    attachments: from.attachments,
    outputs: (from.outputs ?? []).map(output),
  };
}

function output(from) {
  switch (from.output_type) {
    case "stream":
      return { type: "stream", error: (from.name ?? from.stream) === "stderr", text: join(from.text) };
    case "error":
    case "pyerr":
      return { type: "error", name: join(from.ename), value: join(from.evalue), text: (from.traceback ?? []).join("\n") };
    default:
      return { type: "data", data: from.data ?? named(from) };
  }
}

// Before nbformat 4 the kinds of data had short names.
const OLD = { text: "text/plain", html: "text/html", svg: "image/svg+xml", png: "image/png", jpeg: "image/jpeg", latex: "text/latex", json: "application/json" };

function named(from) {
  const known = Object.entries(OLD).filter(([name]) => name in from);
  return Object.fromEntries(known.map(([name, type]) => [type, from[name]]));
}

export { join };
