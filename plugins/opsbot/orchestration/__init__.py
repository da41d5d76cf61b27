"""From a plan to an Airflow run: the factory, the operators, the front door, the way back.

In: a plan. Out: a DAG and its run. Never: decide; the plan has decided.
"""
