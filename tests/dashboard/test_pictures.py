"""What the README shows is what the dashboard looks like."""

import pytest

from tests.dashboard.pictures import SHOWN, picture, snapshot


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_of_the_readme_is_of_today(name: str) -> None:
    assert picture(name).read_bytes() == snapshot(name).read_bytes(), "make pictures takes them anew"
