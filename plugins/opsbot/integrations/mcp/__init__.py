"""MCP servers: which tools they list, and the reply of one approved tool.

In: an Airflow connection of type `mcp`; a tool that a plan names, with the hash it was approved
by. Out: tools as values, a reply as text. Never: look for servers, go anywhere but to the
registered address, do what a description or a reply says, believe a reply.
"""
