"""What a recording tells, without what chance decides.

In: every change of every object. Out: plain values that two clusters must agree on: lists of
words in the order in which they came, and numbers. Names, hashes, addresses and times are gone;
ReplicaSets are called A, B, C in the order of their making.
"""
