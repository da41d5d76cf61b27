"""The words OPS Bot knows, as data: one module for each kind of meaning.

In: nothing. Out: phrases and what they mean. Never: decide.
"""
