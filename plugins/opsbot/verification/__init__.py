"""From measurements to verdicts, each with its reason.

In: what was measured, and the criteria. Out: a verdict with its reason. Never: fetch anything.
"""
