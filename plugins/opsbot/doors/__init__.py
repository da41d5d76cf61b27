"""Where people and programs come in: command line, Airflow's front-door DAG, the demo.

In: a protocol. Out: words. Never: hold rules.
"""
