"""Slack: messages to people about how a run goes.

In: a channel and a text. Out: nothing, or an error that holds no part of the webhook's address,
which is a secret. Never: decide anything by an answer of Slack.
"""
