"""Airflow operators, one a tool or guard.

Each takes its step of the plan, checks that the run is the plan's own, and calls the integration
over the provider's hook. Inputs from earlier tasks are template fields; the plan's own arguments
are not, so nothing a person typed is ever rendered as a template.
"""
