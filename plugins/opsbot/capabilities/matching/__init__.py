"""Which tool of an MCP server serves which capability, and which tools are never called.

In: the kind of the server and its tools. Out: a tool or nothing for each capability of the kind.
Never: believe. A match rests on the words of a tool's name and on the shape of its input; what a
description claims or orders is not read, and a hint can only take a match away. A tool that is not
understood in full matches nothing: nothing is better than the wrong tool.
"""
