"""The one node: it turns pods into processes and processes into statuses, events and logs.

In: pods of the store. Out: local process groups, pod statuses. Never: use a shell or a container.
"""
