"""Models as people use them."""

import math
import tempfile
from numbers import Real
from pathlib import Path

from . import _commit, _kept
from ._artifact import Artifact
from ._dataset import Dataset
from ._types import Version


def model(name, version=None, *, project=None):
    """A model: ``churn``, ``acme/fraud/churn`` or either with ``@12``, ``@latest`` or ``@champion``.

    In a session a name alone is one of the session's project. Elsewhere ``project`` or ``ATELIER_PROJECT`` says where
    a name alone belongs, as ``acme/fraud``.
    """
    return Model._named(name, version, project)


class Model(Artifact):
    """A model at a version: the one that was asked for, or the newest."""

    _word = "model"

    def save(self, thing, metrics=None, note="", *, parameters=None, datasets=(), tag=None, create=True, format=None):
        """Makes an object, a file or a folder a new version, and gives it.

        ``metrics`` are numbers by name, ``parameters`` texts or numbers by name. ``datasets`` are those that it was
        made of: what :func:`atelier.dataset` gives, or ``customers@12``. The server adds which session it was. ``tag``
        is pointed to the new version, as ``champion``. The model is made if there is none, unless ``create=False``.

        An object is written with joblib if that is installed, else with pickle; ``format`` says other, as ``skops``.
        Which it was stands in the version's file ``atelier.json``.
        """
        facts = {
            "metrics": {str(name): _number(name, value) for name, value in (metrics or {}).items()},
            "parameters": {str(name): str(value) for name, value in (parameters or {}).items()},
            "datasets": [self._input(of) for of in datasets],
        }
        if create:
            self._create()
        if _commit.is_path(thing):
            told = _commit.commit(self, thing, note, True, None, facts)
        else:
            with tempfile.TemporaryDirectory(prefix="atelier-") as folder:
                _kept.write(thing, Path(folder), format)
                told = _commit.commit(self, folder, note, True, None, facts)
        if tag:
            told = self._tag(tag, told["number"])
        return Version._of(told)

    def load(self):
        """The object that was saved. This runs what the file says: load models of people whom you trust."""
        return _kept.read(self.path())

    def _input(self, of):
        dataset = of if isinstance(of, Dataset) else Dataset._named(of, None, "/".join(self._names[:2]))
        if dataset._names[:2] != self._names[:2]:
            raise ValueError(f"{dataset!r} is of another project than the model")
        return {"dataset": dataset.name, "number": dataset.version.number}


def _number(name, value):
    """A number as JSON has it; those of numpy and torch too."""
    if not isinstance(value, Real) and hasattr(value, "item"):
        value = value.item()
    if not isinstance(value, Real):
        raise TypeError(f"the metric {name!r} is no number but a {type(value).__name__}")
    value = float(value)
    if not math.isfinite(value):
        raise ValueError(f"the metric {name!r} is {value}; leave it out")
    return value
