"""Libraries: the tree of the network, its stacks, calendars and preferences.

A *library* is a node of the tree, from the network or the province down to a school or a mobile
library; it may end on a day and have a *successor*. A *location* (kho) is a stack of a library,
open or closed. A *calendar entry* closes days or opens one after all; a *preference* is what a
library may decide for itself. Both hold for the libraries below, until one says otherwise.

Promise: the tree never has a circle, a dissolved library leads to one that lives or to none, and
whatever holds at a library can be traced to the library that said it.
"""
