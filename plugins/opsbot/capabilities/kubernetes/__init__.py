"""Tools of Kubernetes, one a file."""
