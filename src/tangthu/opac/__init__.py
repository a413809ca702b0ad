"""The public face: the home page, search, the record page, suggestions.

It asks `discovery` what fits, `catalogue` what it is, and `circulation` whether it is in. It
decides nothing and writes nothing.
"""
