"""A Jenkins: what its Remote API answers, and builds that really run.

In: triggers over HTTP. Out: builds with console, stages, questions, artifacts, test reports and
coverage. Never: a shell, or a result that no command had.
"""
