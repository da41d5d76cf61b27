"""An image registry: the OCI distribution API v2, on disk, without a login.

In: blobs and manifests over HTTP. Out: the same bytes under their digests. Never: store anything
whose digest was not computed here.
"""
