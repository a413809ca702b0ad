"""What every page is made of: frames, components, template tags, and the built assets.

Record, patron and loan are unknown here: a component takes words, numbers and addresses. Colours,
type and behaviour live in `assets/`; the page `/desk/components/` shows everything at once.
"""
