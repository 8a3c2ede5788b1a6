"""The crawler objects to what it is there to find: each fault is planted into a bot of two screens."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from shared.assistant import texts
from tests.crawler.crawler import CARD, KEY_SCREENS, PHOTO, POINT, Crawler, ObjectionError, Surroundings
from tests.support.screens import Button, Json, Screen, screens

HOME = "Что ищем? Напишите название."
MENU = [[{"text": "Меню", "data": "menu"}], [{"text": "Сайт", "url": "https://shop.example"}]]


class FakePhone:
    """A bot that always answers `text` with `buttons`, but never to the text `mute` nor to the tap `spins`."""

    def __init__(self, text: str = HOME, buttons: object = None, mute: str = "", spins: str = "") -> None:
        self.text, self.buttons, self.mute, self.spins = text, buttons, mute, spins
        self.messages: list[Json] = []
        self.spinners: list[Json] = []
        self.photos: set[bytes] = set()
        self.version = 0

    async def chat(self) -> Json:
        return {
            "version": self.version,
            "messages": self.messages,
            "spinners": self.spinners,
            "pending": [],
            "keyboard": None,
        }

    async def says(self, text: str) -> Json:
        home = text == "/start"
        if text != self.mute:
            self._writes(HOME if home else self.text, MENU if home or self.buttons is None else self.buttons)
        return {}

    async def shares_location(self, latitude: float, longitude: float) -> Json:
        return await self.says(f"{latitude}, {longitude}")

    async def shares_contact(self) -> Json:
        return await self.says("own card")

    async def sends_photos(self, photos: Sequence[bytes]) -> Json:
        self.photos.update(photos)
        return await self.says("photo")

    async def taps_old(self, data: str, message_id: int) -> Json:
        if data == self.spins:
            self.spinners.append({"data": data, "message_id": message_id})
        else:
            self._writes(self.text, MENU if self.buttons is None else self.buttons)
        return {}

    def _writes(self, text: str, buttons: object) -> None:
        self.version += 1
        message = {"id": self.version, "from": "bot", "text": text, "caption": "", "buttons": buttons}
        self.messages.append(message | {"original": None, "edits": [], "changed": self.version, "reaction": None})


def crawler(phone: FakePhone, wrong: str = "", alarms: tuple[str, ...] = (), moved: str = "") -> Crawler:
    async def rests() -> None: ...

    async def opens(_url: str) -> str:
        return wrong

    async def shop(_dice: random.Random) -> str:
        if moved:
            phone._writes(moved, [])
        return moved

    return Crawler(phone, Surroundings(rests, opens, shop, alarms), seed=1)


async def test_a_bot_without_faults_passes():
    walk = crawler(FakePhone())
    await walk.walks(60)
    assert {label for _, label in walk.pressed} == {"Меню", "Сайт"}


@pytest.mark.parametrize(
    ("phone", "said"),
    [
        (FakePhone(spins="menu"), "a stale spinner: menu"),
        (FakePhone(text="Готово.", buttons=[]), "a dead end: Готово."),
        (FakePhone(text="Здравствуйте. Хотите?", buttons=[]), "a dead end"),
        (FakePhone(text=texts.trouble.apology()), "trouble without a reason"),
        (FakePhone(mute="/start"), "silence: no answer to '/start'"),
    ],
)
async def test_a_planted_fault_is_found_and_its_way_told(phone: FakePhone, said: str):
    with pytest.raises(ObjectionError, match=said) as objection:
        await crawler(phone).walks(60)
    assert "seed 1, the way there:\n   1 /start" in str(objection.value)


async def test_an_alarm_and_a_broken_link_are_objected_to():
    with pytest.raises(ObjectionError, match="an alarm in the log: bug"):
        await crawler(FakePhone(), alarms=("bug",)).walks(1)
    with pytest.raises(ObjectionError, match="a broken link: 404"):
        await crawler(FakePhone(), wrong="404").walks(60)


async def test_the_same_seed_walks_the_same_way():
    first, second = crawler(FakePhone()), crawler(FakePhone())
    await first.walks(80)
    await second.walks(80)
    assert first.path == second.path


def test_screens_that_differ_in_goods_are_of_one_kind():
    def kind(text: str, button: str) -> str:
        return Screen(1, text, (Button(1, button, "b"),)).signature

    assert kind("Корзина\nБита 5 шт.", "В корзину · 45 ₽") == kind("Корзина\nПила 120 шт.", "В корзину · 1 200,50 ₽")
    assert kind("Корзина", "Очистить") != kind("Корзина", "Оформить")


async def test_buttons_of_earlier_looks_are_stale():
    phone = FakePhone()
    await phone.says("/start")
    look = {"text": "Было", "buttons": [[{"text": "Было", "data": "old"}]]}
    phone.messages[0] |= {"original": look, "edits": [look]}
    walk = crawler(phone)
    await walk.walks(200)
    assert any("[Было] (was there before)" in step for step in walk.path)
    assert screens(await phone.chat())


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("Куда доставить? Можно отправить точку на карте: скрепка, «Геопозиция».", POINT),
        ("По какому номеру звонить?", CARD),
        ("Пришлите фото товара.", PHOTO),
    ],
)
async def test_what_a_screen_asks_for_is_sent(text: str, thing: str):
    phone = FakePhone(text=text)
    walk = crawler(phone)
    await walk.walks(200)
    assert walk.path.count(thing) > 5
    assert thing != PHOTO or len(phone.photos) > 5


async def test_what_the_shop_does_must_not_end_in_a_dead_end_either():
    with pytest.raises(ObjectionError, match=r"a dead end: Отгружен\.\n.*the way there") as objection:
        await crawler(FakePhone(), moved="Отгружен.").walks(60)
    assert "(the shop: Отгружен.)" in str(objection.value)


async def test_key_screens_are_missed_until_they_are_met():
    walk = crawler(FakePhone(text="Тихие часы. Нажмите кнопку."))
    assert set(walk.missed()) == set(KEY_SCREENS)
    await walk.walks(60)
    assert set(walk.missed()) == set(KEY_SCREENS) - {"the settings"}
