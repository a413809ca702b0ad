"""OPDS, the catalogues that e-readers browse: 1.2 in Atom, 2.0 in JSON, from one model.

*Feed*: a page of a catalogue, with ways further (`Way`), publications (`Entry`) and facets.
*Acquisition*: a link by which a publication is had: at once, by borrowing, by asking. Promise: both
forms tell the same, and are well-formed whatever the texts hold.
"""
