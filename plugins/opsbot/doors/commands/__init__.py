"""The commands of `opsbot`, one module each.

A module has SUMMARY, `add_arguments(parser)` and `run(arguments) -> int`. It is imported only when
it is called, so a command pays for what it needs alone.
"""
