"""How a capability's arguments are told to a tool of an MCP server.

In: a capability with its arguments, a tool's input schema. Out: the inputs of one call, or the
reason why there is none. Never: guess. An input is filled because a table says what it means.
"""
