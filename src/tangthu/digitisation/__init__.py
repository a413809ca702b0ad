"""Digitising: from a document in the stack to pages, and from pages to text that can be searched.

*Project*: what is to be digitised, and through which stages. *Capture*: one document on its way.
*Recognition*: turning the picture of a page into words. *Correction*: mending those words by hand.
"""
