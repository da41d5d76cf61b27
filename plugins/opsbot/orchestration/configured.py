"""Where this Airflow keeps the organisation's files: its own setting first, then the usual places.

`[opsbot] include_folder` may stand in airflow.cfg or in the environment; Airflow's configuration
knows both.
"""

import os
from pathlib import Path

from opsbot.configuration import include, organisation_files
from opsbot.vocabulary.organisation import Organisation


def include_folder() -> Path:
    """Return the folder of the organisation's files."""
    from airflow.configuration import conf

    configured = conf.get("opsbot", "include_folder", fallback="")
    return Path(configured) if configured else include.find(os.environ, Path.cwd())


def organisation() -> Organisation:
    """Read the organisation as it is now."""
    return organisation_files.read_organisation(include_folder())
