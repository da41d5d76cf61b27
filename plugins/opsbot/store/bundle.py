"""The DAG bundle whose source is the plan store.

Airflow's DAG processor follows the newest version; a worker asks for the version its run was
created with. Either way this bundle lays out a folder with the loader (`opsbot.py` from the DAGs
folder) and the plans of that version, and the factory makes DAGs from it. Configure it as

    [dag_processor]
    dag_bundle_config_list = [{"name": "opsbot", "classpath": "opsbot.store.bundle.PlanBundle",
                               "kwargs": {"refresh_interval": 1}}]

A worker's folder is laid out anew for each task: an edited plan is then seen, and refused, at
once instead of depending on which machine has an old copy.
"""

import json
import os
from pathlib import Path

from airflow.configuration import conf
from airflow.dag_processing.bundles.base import BaseDagBundle, BundleVersion
from airflow.sdk import get_parsing_context

from opsbot.store import plans
from opsbot.store.variables import AirflowVariables, Variables

LOADER = "opsbot.py"
PLANS_FOLDER = "plans"
MARKER = ".opsbot-bundle"
"""Tells the loader that it lies in a bundle and not in an ordinary DAGs folder."""


class PlanBundle(BaseDagBundle):
    """Plans as versioned DAG source; the version is the number of the newest plan."""

    supports_versioning = True

    def __init__(self, *, variables: Variables | None = None, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]  # Airflow passes name, version, ...
        self._variables = variables or AirflowVariables()
        self._sequence: int | None = None

    @property
    def path(self) -> Path:
        """Where this version's files are."""
        if self.version is not None:
            return Path(self.versions_dir) / self.version
        return Path(self.base_dir) / "newest"

    def initialize(self) -> None:
        """Lay out the files of this version, for the DAG being parsed where that is known."""
        self._lay_out()
        super().initialize()

    def get_current_version(self) -> BundleVersion:
        """Return the number of the newest plan laid out here."""
        if self.version is not None:
            return BundleVersion(self.version)
        if self._sequence is None:
            self._lay_out()
        return BundleVersion(str(self._sequence))

    def refresh(self) -> None:
        """Lay out the newest plans."""
        self._lay_out()

    def view_url_template(self) -> None:
        """Plans have no page outside Airflow."""
        return

    def _lay_out(self) -> None:
        with self.lock():
            index = plans.read_index(self._variables)
            wanted = int(self.version) if self.version is not None else index.sequence
            if self.version is None and wanted == self._sequence:
                return
            only = get_parsing_context().dag_id
            entries = [e for e in index.current(wanted) if only is None or e.dag_id == only]
            for entry in entries:
                self._write_plan(entry)
            self._write_loader()
            self._sequence = wanted

    def _write_plan(self, entry: plans.Entry) -> None:
        text = self._variables.get(plans.plan_key(entry.sequence))
        if text is not None:
            target = self.path / PLANS_FOLDER / f"{entry.dag_id}.json"
            _replace(target, json.dumps({"sequence": entry.sequence, "plan": _parsed(text)}))

    def _write_loader(self) -> None:
        """Copy the loader; its new time stamp makes the DAG processor parse it at once."""
        source = Path(conf.get("core", "dags_folder")) / LOADER
        _replace(self.path / MARKER, "")
        _replace(self.path / LOADER, source.read_text(encoding="utf-8"))


def _parsed(text: str) -> object:
    """Return a stored plan as data; what is not JSON any more is left for its reader to refuse."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _replace(target: Path, text: str) -> None:
    """Write a file so that a reader sees the old or the new one, never a part."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(target)
