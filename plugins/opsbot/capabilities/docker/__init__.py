"""Tools of the Docker Engine and its registry, one a file."""
