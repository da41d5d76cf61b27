"""Kubernetes: preview, backup, rollout, checks and the way back, by server-side apply.

In: a tool's parameters, rendered manifests, a cluster. Out: a typed result, read from the cluster
and never taken from a reply alone. Never: force a deploy, PUT an object, or PATCH `/scale`: each
makes OPS Bot a second owner of its own fields, and the next apply a conflict.
"""
