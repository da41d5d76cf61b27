"""The organisation of this process: the include folder found and read in one call."""

import os
import pathlib

from opsbot.configuration import include, organisation_files
from opsbot.vocabulary.organisation import Organisation


def load() -> Organisation:
    """Read the organisation from the include folder that this process sees."""
    folder = include.find(os.environ, pathlib.Path.cwd())
    return organisation_files.read_organisation(folder)
