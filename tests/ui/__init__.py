"""The components, the charts and the maps, apart from the pages that show them."""

import pytest

pytest.register_assert_rewrite(f"{__name__}.html")  # says what it found, as a test does
