"""Jenkins: builds that are triggered once, followed to their true end, and never believed blindly.

In: a job, its parameters, a key that stays the same when a step is tried again. Out: what one
build, found by that key, really did. Never: trigger a second build because an answer was lost.
"""
