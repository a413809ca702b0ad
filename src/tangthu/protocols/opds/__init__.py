"""The digital library as e-readers browse it, over the model in `formats.opds`."""
