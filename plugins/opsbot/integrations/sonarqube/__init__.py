"""SonarQube: one analysis, found by its task, judged by its own gate and its own findings.

In: the id of the analysis task that a scanner was given. Out: the gate's verdict and counts, of
exactly that analysis. Never: let an older or newer analysis answer for it.
"""
