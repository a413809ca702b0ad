"""The engine that runs inside the process: Tantivy.

Schema: which fields the index has, and the version that a change of them raises.
Rows: a document as the line that the index takes.
Translation: the query tree in Tantivy's terms.
Shelf: the folder with the live index, the one being built, and the locks.
Engine: questions answered. Writer: documents put in and taken out.
"""
