"""Where this Airflow keeps the organisation's files: what is named first, then the usual places.

`[opsbot] include_folder` may stand in airflow.cfg or in the environment; Airflow's configuration
knows both. Where nothing is named, the folder `include` beside the plugins folder is meant.
"""

import os
from pathlib import Path

from opsbot.configuration import include, organisation_files
from opsbot.configuration.signatures import read_signatures
from opsbot.verification.signatures import Signature
from opsbot.vocabulary.organisation import Organisation


def include_folder() -> Path:
    """Return the folder of the organisation's files."""
    from airflow.configuration import conf

    configured = conf.get("opsbot", "include_folder", fallback="")
    named = {include.FOR_AIRFLOW: configured, include.FOR_ALL: os.environ.get(include.FOR_ALL, "")}
    return include.find(named, Path(conf.get("core", "plugins_folder")).parent)


def backup_folder() -> str:
    """Return where backups are archived: a path, or any address that Airflow's storages know."""
    from airflow.configuration import AIRFLOW_HOME, conf

    return conf.get("opsbot", "backup_folder", fallback="") or f"{AIRFLOW_HOME}/opsbot-backups"


def organisation() -> Organisation:
    """Read the organisation as it is now."""
    return organisation_files.read_organisation(include_folder())


def signatures() -> tuple[Signature, ...]:
    """Read how programs write what they die of."""
    return read_signatures(include_folder())
