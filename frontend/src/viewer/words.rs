//! What the frame says in the reader's language. Where a `%` stands, it puts a figure of its own.

use crate::text::tr;
use serde_json::{Value, json};

pub(super) fn words() -> Value {
    json!({
        "file": tr!(viewer.file),
        "table": tr!(viewer.table),
        "changes": tr!(viewer.changes),
        "first_rows": tr!(viewer.first_rows, n = "%"),
        "first_columns": tr!(viewer.first_columns, n = "%", of = "%"),
        "pixels": tr!(viewer.pixels, width = "%", height = "%"),
        "no_picture": tr!(viewer.no_picture),
        "picture": tr!(viewer.picture),
        "no_cells": tr!(viewer.no_cells),
        "output": tr!(viewer.output),
        "no_output": tr!(viewer.no_output),
        "all_lines": tr!(viewer.all_lines, n = "%"),
        "large_markup": tr!(viewer.large_markup),
        "unknown_output": tr!(viewer.unknown_output, types = "%"),
        "plotly": tr!(viewer.plotly),
        "vega": tr!(viewer.vega),
        "bokeh": tr!(viewer.bokeh),
        "widget": tr!(viewer.widget),
        "program": tr!(viewer.program),
        "same": tr!(viewer.same),
        "same_cells": tr!(viewer.same_cells),
        "too_different": tr!(viewer.too_different),
        "no_last_newline": tr!(viewer.no_last_newline),
        "lines_left_out": tr!(viewer.lines_left_out, n = "%"),
        "line_counts": tr!(viewer.line_counts, added = "%", removed = "%"),
        "cells_unchanged": tr!(viewer.cells_unchanged, n = "%"),
        "outputs_changed": tr!(viewer.outputs_changed),
        "no_file": tr!(viewer.no_file),
        "before": tr!(data.before),
        "after": tr!(data.after),
        "added": tr!(data.added),
        "removed": tr!(data.removed),
        "changed": tr!(data.changed),
        "moved": tr!(viewer.moved),
        "code": tr!(viewer.code),
        "markdown": tr!(viewer.markdown),
        "raw": tr!(viewer.raw),
    })
}
