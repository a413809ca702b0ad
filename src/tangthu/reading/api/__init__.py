"""The REST API of reading: electronic lending, and the usage of documents."""
