"""A language model as a second reader of commands, over Airflow's PydanticAIHook.

In: a command without secrets, the organisation's names. Out: a proposal, which the room of
understanding checks. Never: plans, logs, secrets; a second call; a decision.
"""
