"""The pages in a browser, by the people of the cast."""

import pytest

pytest.register_assert_rewrite(f"{__name__}.looking")  # says what it found, as a test does
