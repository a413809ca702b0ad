"""Search: find a record by what people remember of it.

Document: the flat picture of a record that search knows.
Query tree: one small language; the search box, CQL and RPN are each parsed into it.
Engine: the seam behind which an index answers; Tantivy, embedded, is the one at hand.
Two tiers: a word matches with or without its marks, and the exact spelling ranks first.
Indexer: the one process that writes; it reads the feed of changes from where it stopped.
Rebuild: a new index grows beside the live one and takes its place in one step.

The index is never the truth: it can be thrown away, and no loan ever asks it.
"""
