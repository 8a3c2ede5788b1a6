import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.apart import apart

WHEELS = ["Круг отрезной по металлу Луга 125×1,0 мм", "Круг отрезной по металлу Луга 125×1,6 мм"]


@pytest.mark.parametrize(
    ("names", "room", "told"),
    [
        (["Бита PH2", "Бита PH3"], 30, ["Бита PH2", "Бита PH3"]),
        (WHEELS, 31, ["Круг отрезной по… 125×1,0 мм", "Круг отрезной по… 125×1,6 мм"]),
        (WHEELS, 40, WHEELS),
        (
            ["Саморез по дереву чёрный с крупной резьбой", "Бита", "Саморез по дереву чёрный с крупным шагом"],
            24,
            ["Саморез по… крупной…", "Бита", "Саморез… крупным шагом"],
        ),
        (["Одно и то же длинное имя"] * 2, 10, ["Одно и то…"] * 2),
        (["Слово " * 9 + "конец", "Слово " * 9 + "другой"], 20, ["Слово Слово… конец", "Слово Слово… другой"]),
    ],
)
def test_names_keep_what_differs(names: list[str], room: int, told: list[str]):
    assert apart(names, room) == told


@given(st.lists(st.text("аб ", min_size=1, max_size=60).filter(str.strip), max_size=5), st.integers(20, 40))
def test_no_name_is_longer_than_its_room(names: list[str], room: int):
    assert all(len(name) <= room for name in apart(names, room))
