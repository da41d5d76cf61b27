"""Images from a registry on loopback: reference in, unpacked file system and configuration out.

Never: talk to any other host, write outside the cache, trust a path inside a layer.
"""
