"""Embedded stand-ins for Jenkins, SonarQube, Docker, a registry, Kubernetes and Slack.

One process on loopback that speaks each system's real HTTP. Things really happen in it: a build
runs the job's commands, a pod is a local process of the image's command. In: nothing. Out: HTTP.
Never: be imported by any other room, or import one.
"""
