"""Links that Airflow's pages show beside a task."""

from typing import Any

from airflow.sdk import BaseOperatorLink
from airflow.sdk.execution_time.xcom import XCom


class JenkinsBuildLink(BaseOperatorLink):
    """From a build or test task to its Jenkins build."""

    name = "Jenkins build"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        """Return the build's address, or nothing while there is no build."""
        output = XCom.get_value(ti_key=ti_key, key="return_value")
        return str(output["url"]) if isinstance(output, dict) and "url" in output else ""
