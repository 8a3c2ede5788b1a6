"""A photo that leads to no good."""

from shared.assistant.scanning import screens
from tests.assistant.gallery.case import case
from tests.assistant.gallery.painting import FOLDER, painted
from tests.support.golden import agreed

CASES = [case("штрихкода нет", screens.no_code), case("фото не пришло", screens.not_given)]


def test_the_screens_are_as_reviewed() -> None:
    assert painted(CASES) == agreed(FOLDER / "scanning.txt", painted(CASES))
