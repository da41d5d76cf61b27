"""From a sentence to an intent: deterministic, and honest about what it did not understand.

In: a command as typed, the organisation. Out: Intent, Question or Refusal.
Never: guess past a threshold, act, do I/O.
"""
