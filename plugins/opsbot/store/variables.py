"""Airflow Variables, the one store that every Airflow process can read and write.

API server, scheduler, DAG processor, its parse children, workers and the triggerer all reach
Variables; tables, files and task state do not reach all of them. `Variables` is the narrow door
the rest of this room uses, so that tests give it a dictionary.
"""

from typing import Protocol


class Variables(Protocol):
    """Text values by key."""

    def get(self, key: str) -> str | None:
        """Return the value, or None where there is none."""

    def set(self, key: str, value: str, description: str) -> None:
        """Write or overwrite a value."""

    def delete(self, key: str) -> None:
        """Remove a value; removing what is not there is no error."""


class AirflowVariables:
    """Variables of the Airflow this process belongs to."""

    def get(self, key: str) -> str | None:
        """Return the value, or None where there is none."""
        from airflow.sdk import Variable

        value = Variable.get(key, default="")
        return str(value) or None

    def set(self, key: str, value: str, description: str) -> None:
        """Write or overwrite a value."""
        from airflow.sdk import Variable

        Variable.set(key, value, description=description)

    def delete(self, key: str) -> None:
        """Remove a value; removing what is not there is no error."""
        from airflow.sdk import Variable

        Variable.delete(key)
