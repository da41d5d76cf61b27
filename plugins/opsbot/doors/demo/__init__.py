"""The door of somebody who wants to see it work: a sandbox, an Airflow, one command, one report.

In: a scenario's name. Out: words on the screen, a JSON report, an exit code. Never: import the
sandbox (it is a process of its own, spoken to as the real systems are), decide anything about the
plan, or touch a system outside loopback.
"""
