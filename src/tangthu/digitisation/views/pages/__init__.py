"""The screens on which pages are looked at, cut and photographed."""
