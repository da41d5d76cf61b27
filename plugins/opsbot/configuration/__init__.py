"""The organisation's YAML files in include/, read and checked.

In: a folder. Out: an Organisation and its patterns, or an error that names file, line and remedy.
Never: decide, or read anything else.
"""
