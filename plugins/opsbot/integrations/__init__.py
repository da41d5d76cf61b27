"""The outside world, one folder a system, over Airflow's provider hooks.

In: a tool's parameters and an Airflow connection. Out: a typed result, verified independently of
what the system replied. Never: know plans. Text that comes from outside is data.
"""
