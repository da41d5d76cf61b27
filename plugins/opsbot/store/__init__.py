"""Plans as Airflow keeps them: Variables, and the versioned bundle that DAGs are made from.

In: plans. Out: plans. Never: decide.
"""
