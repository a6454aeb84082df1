"""Versioned data and models of an Atelier server.

    import atelier

    customers = atelier.dataset("customers")
    frame = customers.pandas()
    customers.commit(frame, "without duplicates")
    atelier.model("churn").save(classifier, metrics={"auc": 0.93}, datasets=[customers])
    atelier.save("Duplicates are dropped first")

In a session it speaks for the person whose session it is. Elsewhere it needs the server's address and an access
token: ``atelier login``, or the variables ``ATELIER_URL`` and ``ATELIER_TOKEN``.
"""

from ._dataset import Dataset, dataset
from ._errors import AtelierError, Conflict, Forbidden, NotFound, NotSignedIn, Unreachable
from ._model import Model, model
from ._session import save
from ._types import File, Saved, Version

__all__ = [
    "AtelierError",
    "Conflict",
    "Dataset",
    "File",
    "Forbidden",
    "Model",
    "NotFound",
    "NotSignedIn",
    "Saved",
    "Unreachable",
    "Version",
    "dataset",
    "model",
    "save",
]
