"""OPS Bot's Airflow plugin: the one file of this folder that Airflow loads as a plugin.

The package `opsbot` beside it is imported from here and from the DAG loader; `.airflowignore`
keeps Airflow from executing its modules one by one under their bare names.
"""

from airflow.plugins_manager import AirflowPlugin

from opsbot.orchestration.links import JenkinsBuildLink


class OpsBotPlugin(AirflowPlugin):
    """What OPS Bot adds to Airflow's pages."""

    name = "opsbot"
    operator_extra_links = [JenkinsBuildLink()]  # noqa: RUF012  # Airflow's own declaration
