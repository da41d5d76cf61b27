"""Tools of SonarQube, one a file."""
