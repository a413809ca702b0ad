"""IIIF: Image API 3.0, Presentation 3.0, Content Search 2.0 and Content State 1.0.

Glossary: an *image request* is the tail of an address (region, size, rotation, quality, format); a
*plan* is that request measured against one image; a *canvas* is a page of a manifest.
Promise: whatever stands in an address, parsing it never raises but as `ImageRefused` or
`StateUnreadable`; a plan lies within the image and within the limits.
"""
