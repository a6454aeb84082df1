"""Objects in files, and back. Beside the object stands ``atelier.json``: how it was written, and with what."""

import importlib
import json
import pickle
import platform
import warnings
from importlib import metadata, util

_ABOUT = "atelier.json"
_FILES = {"joblib": "model.joblib", "pickle": "model.pkl", "skops": "model.skops"}


def write(thing, folder, format=None):
    """Writes an object, with joblib if there is one."""
    format = format or ("joblib" if util.find_spec("joblib") else "pickle")
    if format not in _FILES:
        raise ValueError(f"{format!r} is none of {', '.join(_FILES)}")
    path = folder / _FILES[format]
    if format == "joblib":
        importlib.import_module("joblib").dump(thing, path)
    elif format == "skops":
        importlib.import_module("skops.io").dump(thing, path)
    else:
        with path.open("wb") as file:
            pickle.dump(thing, file, protocol=pickle.HIGHEST_PROTOCOL)
    kind = type(thing)
    about = {
        "format": format,
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "python": platform.python_version(),
        "packages": _versions({format, kind.__module__.partition(".")[0]}),
    }
    (folder / _ABOUT).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def read(folder):
    """The object that was written into a folder."""
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError("this version was saved from files; .path() has them") from None
    format = about["format"]
    if format not in _FILES:
        raise ValueError(f"this version was written with {format!r}, which this package does not know")
    here = _versions(about["packages"])
    for name, version in about["packages"].items():
        if here.get(name) != version:
            is_here = f"here is {here[name]}" if name in here else "which is not here"
            warnings.warn(f"this version was written with {name} {version}, {is_here}", stacklevel=3)
    path = folder / _FILES[format]
    if format == "joblib":
        return importlib.import_module("joblib").load(path)
    if format == "skops":
        skops = importlib.import_module("skops.io")
        return skops.load(path, trusted=skops.get_untrusted_types(file=path))
    with path.open("rb") as file:
        return pickle.load(file)


def _versions(modules):
    """Of the distributions that these modules come from; not of what comes from none."""
    distributions = metadata.packages_distributions()
    found = {}
    for module in modules:
        for name in distributions.get(module, [module]):
            try:
                found[name] = metadata.version(name)
            except metadata.PackageNotFoundError:
                pass
    return dict(sorted(found.items()))
