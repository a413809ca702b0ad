"""Names that others resolve: a registrar takes a name and where it leads, and forgets none.

Two are known: a Handle server, and DataCite for DOIs. Both are off until they are set up.
"""
