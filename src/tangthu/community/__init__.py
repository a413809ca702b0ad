"""What the library shows and sends out: exhibitions, podcasts, figures in pictures.

*Exhibition*: a story told with objects of the digital library, composed of blocks. *Podcast*: the
recordings of one collection as a feed that programs on phones subscribe to.
"""
