"""Images and manifests of digital objects, as IIIF names and asks for them."""
