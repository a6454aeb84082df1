"""Writes the scripts that draw what this image's Altair makes, as one module, to the given file."""

import sys
from pathlib import Path

import vl_convert
from altair.utils._importers import vl_version_for_vl_convert

bundle = vl_convert.javascript_bundle("export { vegaEmbed };", vl_version=vl_version_for_vl_convert())
Path(sys.argv[1]).write_text(bundle)
