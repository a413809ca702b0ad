"""How Sphinx builds the documentation: `make docs`."""

project = "Tàng Thư"
author = "The authors of Tàng Thư"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "Tàng Thư"
exclude_patterns = ["_build"]
myst_heading_anchors = 3
# The files at the root of the repository are linked to, not built.
suppress_warnings = ["myst.xref_missing"]
