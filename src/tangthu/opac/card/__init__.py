"""A card applied for from afar: the form on the phone, its receipt, the card on the screen.

Nobody logs in here. A secret code, kept in a cookie of the phone and told on the receipt, opens
the application; each page is saved when it is sent, so it works without a script and goes on
where it stopped.
"""
