"""From an intent to a plan: complete, immutable, explained in words, fingerprinted.

In: intent, catalog, patterns, organisation. Out: Plan. Never: I/O, clock, chance. The same command
on the same catalog gives the same plan.
"""
