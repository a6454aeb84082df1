"""Files as tables: csv, parquet and json lines. Several files of one kind are one frame."""

import io
import os
import shutil
import tempfile
from contextlib import contextmanager

_KINDS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_PACKED = (".gz", ".zst", ".bz2", ".xz")


def kind_of(path):
    """What kind of table a file holds by its name; None if none."""
    path = path.lower()
    for packed in _PACKED:
        path = path.removesuffix(packed)
    return _KINDS.get(os.path.splitext(path)[1])


def chosen(files, name):
    """The files that make one frame, and their kind."""
    tables = [(file, kind_of(file.path)) for file in files]
    tables = [(file, kind) for file, kind in tables if kind]
    kinds = sorted({kind for _, kind in tables})
    where = f"{name!r}" if name else "the version"
    if not kinds:
        raise ValueError(f"{where} has no csv, parquet or json lines; .path() and .open() give any file")
    if len(kinds) > 1:
        raise ValueError(f"{where} has tables of several kinds ({', '.join(kinds)}); name a file or a folder")
    return sorted((file for file, _ in tables), key=lambda file: file.path), kinds[0]


def pandas(files, kind, opened, options):
    import pandas as pd

    frames = []
    for file in files:
        with opened(file.path) as data:
            compression = _compression(file.path)
            if kind == "parquet":
                frames.append(pd.read_parquet(data, **options))
            elif kind == "jsonl":
                frames.append(pd.read_json(data, **{"lines": True, "compression": compression, **options}))
            else:
                separator = {"sep": "\t"} if kind == "tsv" else {}
                frames.append(pd.read_csv(data, **{"compression": compression, **separator, **options}))
    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def polars(files, kind, opened, options):
    import polars as pl

    frames = []
    for file in files:
        with opened(file.path) as data:
            if kind == "parquet":
                frames.append(pl.read_parquet(data, **options))
            elif kind == "jsonl":
                with _on_disk(data) as path:
                    frames.append(pl.read_ndjson(path, **options))
            else:
                separator = {"separator": "\t"} if kind == "tsv" else {}
                with _on_disk(data) as path:
                    frames.append(pl.read_csv(path, **{**separator, **options}))
    return frames[0] if len(frames) == 1 else pl.concat(frames, how="vertical_relaxed")


@contextmanager
def _on_disk(data):
    """Where an open file is on this machine. What polars is given as an open file it reads into memory first."""
    if isinstance(data.raw, io.FileIO):
        yield data.name
        return
    with tempfile.NamedTemporaryFile(prefix="atelier-") as copy:
        shutil.copyfileobj(data, copy, 1 << 20)
        copy.flush()
        yield copy.name


def write(frame, path):
    """Writes a frame of pandas or polars as the name of the file says."""
    kind = kind_of(path)
    is_polars = type(frame).__module__.partition(".")[0] == "polars"
    if is_polars and path.lower().endswith(_PACKED):
        raise ValueError(f"polars does not pack {os.path.basename(path)!r}; leave out the last ending")
    if kind == "parquet":
        frame.write_parquet(path) if is_polars else frame.to_parquet(path)
    elif kind == "jsonl":
        frame.write_ndjson(path) if is_polars else frame.to_json(path, orient="records", lines=True)
    elif kind in ("csv", "tsv"):
        separator = "\t" if kind == "tsv" else ","
        if is_polars:
            frame.write_csv(path, separator=separator)
        else:
            frame.to_csv(path, sep=separator, index=False)
    else:
        raise ValueError(f"{os.path.basename(path)!r} must end in .parquet, .csv, .tsv or .jsonl")


def is_frame(thing):
    return type(thing).__module__.partition(".")[0] in ("pandas", "polars") and type(thing).__name__ == "DataFrame"


def _compression(path):
    packed = os.path.splitext(path)[1].lower()
    return {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2", ".xz": "xz"}.get(packed)
