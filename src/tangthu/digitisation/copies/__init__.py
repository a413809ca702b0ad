"""What is made of an object's text: a searchable PDF/A, an e-book, plain text.

Each is made anew when the text, the order of the pages or the description is another. All heavy
work is the worker's.
"""
