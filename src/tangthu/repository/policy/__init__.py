"""What the digital library may take in, show and publish: rules without a database."""
