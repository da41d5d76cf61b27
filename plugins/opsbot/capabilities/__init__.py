"""What can be done at all: each tool with its parameters, risk, duration, undo and proof.

In: specifications. Out: a catalog. Never: execute. One tool is one file below its server kind;
`catalog.py` lists them, so a new tool is a new file plus one line.
"""
