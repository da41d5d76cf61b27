"""Tools of Jenkins, one a file."""
