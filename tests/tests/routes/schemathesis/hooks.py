"""Most requests go to what is there; some to what is not."""

import json
import os

import schemathesis

PLACE = json.loads(os.environ["ATELIER_PLACE"])


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    # By the generated value itself, so that a case can be repeated.
    return {
        name: value if name not in PLACE or len(str(value)) % 4 == 3 else PLACE[name]
        for name, value in (path_parameters or {}).items()
    }
