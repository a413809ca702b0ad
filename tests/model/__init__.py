"""One model of all that happens between a library and its readers."""

import pytest

# What they assert is then told with its values, as in the tests themselves.
for name in ("laws", "lending", "library", "money", "people", "waiting"):
    pytest.register_assert_rewrite(f"tests.model.{name}")
