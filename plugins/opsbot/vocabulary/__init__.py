"""The words every room shares: actions, risk, the organisation, errors, redaction.

In: nothing. Out: names and frozen models. Never: import another room.
"""
