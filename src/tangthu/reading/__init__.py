"""Reading digital objects on the screen: the viewer of pages, and who may open what with it.

*Viewer*: the page at `/read/…` that shows an object page by page. *Ticket*: a signed word, good for
minutes, by which the images of a restricted object are fetched. *View*: that somebody opened a
restricted object, kept for as long as questions about it may arise, then without the name.
"""
