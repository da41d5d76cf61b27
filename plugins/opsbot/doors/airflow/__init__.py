"""The door inside Airflow: the DAG `opsbot` (trigger form, REST) and its planning task."""
