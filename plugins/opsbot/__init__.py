"""OPS Bot: from a sentence to an approved, verified deployment on Apache Airflow.

The package is a house of rooms. A sentence walks through them in one direction:
`understanding` makes it an intent, `planning` makes the intent a plan from what `capabilities`
offers, `orchestration` makes the plan an Airflow DAG, `integrations` act on the outside world,
`verification` judges what was measured. `doors` let people and programs in; `configuration` reads
the organisation's YAML; `store` keeps plans in Airflow. `vocabulary` holds the words all share.
"""

__version__ = "0.1.0"
