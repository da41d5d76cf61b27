"""The vocabulary of each kind of server, as data: one module a kind, one entry a way.

To teach OPS Bot how another server says a thing, add the word to a line here. Words are in the
singular and lower case; `getBuildLogs` is `get build log`.
"""
