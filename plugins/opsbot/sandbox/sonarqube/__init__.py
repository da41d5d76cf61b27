"""A SonarQube, and its scanner.

In: reports of the scanner. Out: analyses that were really made (issues by rules over the lines of
JavaScript, coverage from lcov, copied code) and the gate's verdict on each. Never: a verdict
without analysis.
"""
