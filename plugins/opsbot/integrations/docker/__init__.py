"""Docker: images built by an engine, pushed to a registry, and verified in the registry itself.

In: an archive with a Dockerfile, a name, labels that say where it comes from. Out: a digest that
was recomputed from the registry's own bytes. Never: believe a push, or deploy a tag.
"""
