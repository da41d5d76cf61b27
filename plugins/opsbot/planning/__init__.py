"""From an intent to a plan: complete, immutable, explained in words, fingerprinted.

In: intent, catalog, patterns, organisation. Out: Plan. Never: I/O, clock, chance. The same command
on the same catalog gives the same plan.

`planner` makes it, `situation` and `parameters` look up what it is made for, `pattern` is its
shape, `steps` fills it, `compliance` holds it to the policy, `fingerprint` seals it; `explain` and
`summary` say it in words before and after it ran.
"""
