"""The sample organisation that the project ships, read once for all tests of understanding."""

import functools
import pathlib

from opsbot.configuration import organisation_files
from opsbot.vocabulary.organisation import Organisation

INCLUDE = pathlib.Path(__file__).parents[2] / "include"


@functools.cache
def sample() -> Organisation:
    return organisation_files.read_organisation(INCLUDE)
