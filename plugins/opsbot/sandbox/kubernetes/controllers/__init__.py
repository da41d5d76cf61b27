"""The loops that make the cluster what its objects say: rollouts, replicas, endpoints, clean-up.

In: changes of the store. Out: writes to the store. Never: touch a process.
"""
