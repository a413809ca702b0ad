"""The catalogue and the digital library as a repository that others harvest."""
