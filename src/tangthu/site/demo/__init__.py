"""The demo network: invented libraries, books, readers and a year of loans, the same every time.

Nothing in it is real but places, plain words and facts in the public domain. Titles carry
`[DEMO]`, readers' cards begin with DEMO.
"""
