"""How other programs ask the library: the protocols of libraries, over the same deeds.

*IIIF*: images of pages by region and size, and manifests that tell a viewer which pages there are.
Promise: a protocol opens nothing that the web pages keep shut, and answers as its standard says.
"""
