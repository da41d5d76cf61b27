"""A Docker Engine that builds and pushes, as its HTTP API: no containers, no commands.

In: a tar of a build context with a Dockerfile of COPY lines. Out: images, the same for the same
content, pushed to a registry on this machine. Never: run anything, or believe a path in a tar.
"""
