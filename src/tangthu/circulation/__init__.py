"""Circulation: lending copies to patrons, taking them back, renewing.

A *loan* is one copy with one patron until a day; a copy has at most one open loan. A *lending
rule* is one named value of a library, for a patron category and an item type or for any; each
name is inherited by itself, up the tree of libraries. A *block* is a reason against a deed; a
*verdict* carries them all, with the rules that made them. An *override* waives the blocks that
it names. A *loan event* counts an act for statistics and never knows the reader.

Promise: no copy is ever lent twice at once; every refusal says why, by which rule, and who may
lend in spite of it; the figures outlive the tie between a loan and its reader.
"""
