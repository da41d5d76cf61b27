"""Airflow itself, over its public REST API: for what no task may ask it from inside."""
