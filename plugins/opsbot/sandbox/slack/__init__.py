"""The end of an incoming webhook: what would be a Slack channel.

In: messages. Out: the messages, for whoever wants to see that they came.
"""
