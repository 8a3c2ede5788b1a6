"""A walk over the bot in random order: it presses, writes and looks whether anything is wrong.

A master knows what he has pressed on which kind of screen and prefers what he has not pressed yet, so the walk soon has
been everywhere. After every step nothing may be under way, no tap unanswered, nothing written left without an answer,
nothing in the log that wakes a person, and the newest screen leads on.
"""

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shared.assistant import texts
from tests.crawler import errand
from tests.support.photos import SHADES, snapshot
from tests.support.screens import TROUBLE, Button, Json, Screen, commands, label, old_buttons, screens

DEPTH = 40
"""Steps until the walk begins at /start again."""

WITHIN_REACH = 8
"""Messages above the newest one to which a person still scrolls."""

TYPED = (
    "шуруповёрт",
    "бита",
    "ibhegjd`hn",
    "DF333DWYE x 3\nбита ph2 — 10 шт\nнет-такого × 2",
    "3",
    "0",
    "-1",
    "99999999999999999999",
    "½ ",
    "да",
    "?!…",
    "👍🏽👩‍👩‍👧",
    "<b>не</b> &amp; <script>",
    "'; DROP TABLE goods; --",
    "/нет_такой",
    "/track 999999",
    "/track дрель",
    "/start p_1",
    "/start o_999999",
    "Тверь, ул. Советская, 10",
    "+7 900 123-45-67",
    "\u202eзадом наперёд\u200b",
    "слово " * 600,
    "Ж" * 4096,
)
"""Free text, numbers, rubbish and texts as long as Telegram lets anybody write."""

POINT, CARD, PHOTO = "📍 a point on the map", "👤 his own card", "📷 a photo"
THINGS = (POINT, CARD, PHOTO)
"""What is sent by other means than the keyboard."""

APT = (
    ("Геопозиция", POINT),
    ("Куда доставить", "Тверь, ул. Советская, 10"),
    ("Допишите для курьера", "двор за складом"),
    ("По какому номеру", CARD),
    ("По какому номеру", "+7 912 345-67-89"),
    ("Напишите комментарий", "Позвоните за час"),
    ("что случилось", "Не крутит и греется"),
    ("Пришлите фото", PHOTO),
    ("название или артикул", "шуруповёрт"),
    ("пуста", "бита"),
)
"""What a person would write where a screen asks for it, so that the walk gets beyond it."""

ASKED = 8
"""The first so many are answers to a question; who is asked one answers it every other time."""

KEY_SCREENS = {
    "a list of goods": "🔎 «",
    "a section": "Каталог › ",
    "a card": "В корзину ·",
    "a cart": "Оформить заказ",
    "a quoted list": "📋 Ваш список",
    "a confirmation": "Проверьте заказ",
    "an order made": "создан.",
    "an order": "🔄 Обновить",
    "the orders": "📦 Ваши заказы",
    "news of an order": "Курьер уже в пути",
    "photos asked for": "Пришлите фото",
    "a return to confirm": "Проверьте возврат",
    "a return registered": "зарегистрирован",
    "the settings": "Тихие часы",
    "a manager": "Передаём менеджеру",
}
"""What a long walk must have met, by words or buttons of it."""


class Phone(Protocol):
    """What the crawler needs of a master (tests/support/master.py)."""

    async def chat(self) -> Json: ...
    async def says(self, text: str) -> Json: ...
    async def shares_location(self, latitude: float, longitude: float) -> Json: ...
    async def shares_contact(self) -> Json: ...
    async def sends_photos(self, photos: Sequence[bytes]) -> Json: ...
    async def taps_old(self, data: str, message_id: int) -> Json: ...


@dataclass(frozen=True)
class Surroundings:
    """What is around the dialogue.

    `rests` waits until nothing is under way; `opens` follows a link, and says what is wrong with it, "" if nothing;
    `shop` has the shop do something about an order or a return, and says what, "" if there is nothing to do;
    `alarms` is what the log holds that wakes a person.
    """

    rests: Callable[[], Awaitable[None]]
    opens: Callable[[str], Awaitable[str]]
    shop: Callable[[random.Random], Awaitable[str]]
    alarms: Sequence[str]


class ObjectionError(AssertionError):
    """Something a master must never meet; the text holds the walk's seed and path."""


@dataclass
class Crawler:
    """One walk. `seen` are the kinds of screens met, `met` the key ones, `pressed` what was pressed on which kind."""

    phone: Phone
    around: Surroundings
    seed: int
    seen: dict[str, int] = field(default_factory=dict)
    pressed: set[tuple[str, str]] = field(default_factory=set)
    met: set[str] = field(default_factory=set)
    path: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - a walk, not a secret
        self._commands = {"/start"}
        self._typed: set[tuple[str, str]] = set()
        # Pressed on the errand under way.
        self._done: set[tuple[int, str]] = set()
        # What is written then goes to an operator, who answers when he can.
        self._talks = False

    async def walks(self, steps: int) -> None:
        """Take so many steps; ObjectionError at the first thing wrong. Every other way begins with an errand."""
        for step in range(steps):
            if step % DEPTH == 0:
                await self._says("/start")
                self._done.clear()
            elif step % (2 * DEPTH) <= errand.STEPS:
                await self._runs_errand(screens(await self.phone.chat()))
            else:
                await self._step(await self.phone.chat())

    async def _runs_errand(self, shown: Sequence[Screen]) -> None:
        """Take a step towards an order or a return."""
        asked = self._asked(shown)
        button = errand.next_button(shown, self._done)
        if asked and not (button and self._random.random() < 0.3):
            await self._says(self._random.choice(asked))
        elif button:
            self._done.add((button.message_id, button.text))
            self.pressed.add((shown[-1].signature, label(button)))
            await self._presses(button)
        elif self._random.random() < 0.5:
            await self._shop_acts()
        else:
            await self._says(self._random.choice(errand.BEGINNINGS))

    def _asked(self, shown: Sequence[Screen]) -> list[str]:
        """Return what would answer the newest screen's question, nothing if it asks none."""
        return [words for hint, words in APT[:ASKED] if shown and hint in shown[-1].text]

    async def _step(self, view: Json) -> None:
        shown = screens(view)[-WITHIN_REACH:]
        asked = self._asked(shown)
        if asked and self._random.random() < 0.5:
            await self._says(self._random.choice(asked))
            return
        chance = self._random.random()
        if chance < 0.08 and (old := old_buttons(view)):
            await self._presses(self._random.choice(old), "was there before")
        elif chance < 0.16:
            await self._says(self._random.choice(sorted(self._commands)))
        elif chance < 0.22:
            await self._shop_acts()
        elif chance < 0.40 or not any(screen.buttons for screen in shown):
            await self._says(self._words(shown[-1]))
        else:
            await self._presses_something(shown)

    def _words(self, screen: Screen) -> str:
        """What to write: half of the time what the screen asks for, else what was not yet written there."""
        apt = [words for hint, words in APT if hint in screen.text]
        if apt and self._random.random() < 0.5:
            return self._random.choice(apt)
        everything = (*TYPED, *THINGS)
        fresh = [words for words in everything if (screen.signature, words) not in self._typed]
        words = self._random.choice(fresh or everything)
        self._typed.add((screen.signature, words))
        return words

    async def _presses_something(self, shown: Sequence[Screen]) -> None:
        """Press what was never pressed on such a screen, on the newest such one; else anything."""
        offered = [(screen, button) for screen in shown for button in screen.buttons if button.data or button.url]
        fresh = [pair for pair in offered if (pair[0].signature, label(pair[1])) not in self.pressed]
        newest = [pair for pair in fresh if pair[0] is fresh[-1][0]]
        screen, button = self._random.choice(newest or offered)
        self.pressed.add((screen.signature, label(button)))
        await self._presses(button)

    async def _presses(self, button: Button, how: str = "") -> None:
        self.path.append(f"[{button.text}]{f' ({how})' if how else ''} on #{button.message_id}")
        since = (await self.phone.chat())["version"]
        if not button.data:
            wrong = await self.around.opens(button.url)
            self._objects(wrong, "a broken link")
        else:
            await self.phone.taps_old(button.data, button.message_id)
        await self._looks(since)

    async def _says(self, text: str) -> None:
        self.path.append(text if len(text) < 60 else f"{text[:20]}… ({len(text)} characters)")
        before = await self.phone.chat()
        await self._sends(text)
        view = await self._looks(before["version"])
        answered = screens(view, before["version"]) or any(
            message["reaction"] for message in view["messages"] if message["changed"] > before["version"]
        )
        talked, self._talks = self._talks, self._talks and text not in ("/cancel", "/start")
        self._objects("" if answered or talked else f"no answer to {self.path[-1]!r}", "silence")

    async def _sends(self, text: str) -> None:
        if text == POINT:
            await self.phone.shares_location(56.8587, 35.9176)
        elif text == CARD:
            await self.phone.shares_contact()
        elif text == PHOTO:
            await self.phone.sends_photos([snapshot(self._random.randrange(SHADES))])
        else:
            await self.phone.says(text)

    async def _shop_acts(self) -> None:
        since = (await self.phone.chat())["version"]
        if what := await self.around.shop(self._random):
            self.path.append(f"(the shop: {what})")
            await self._looks(since)

    def missed(self) -> list[str]:
        return [name for name in KEY_SCREENS if name not in self.met]

    async def _looks(self, since: int) -> Json:
        """Wait until the step is over, and look whether all is well."""
        await self.around.rests()
        view = await self.phone.chat()
        fresh = screens(view, since)
        self._objects("\n".join(self.around.alarms), "an alarm in the log")
        self._objects(", ".join(str(tap["data"]) for tap in view["spinners"]), "a stale spinner")
        self._objects(", ".join(update["kind"] for update in view["pending"]), "an update nobody took")
        for screen in fresh:
            self.seen[screen.signature] = self.seen.get(screen.signature, 0) + 1
            self.met |= {name for name, words in KEY_SCREENS.items() if words in screen.words}
            self._commands |= commands(screen.text)
            opened = "Закончить — /cancel" in screen.text
            self._talks = opened or (self._talks and screen.text != texts.search.search_again())
            self._objects(next((text for text in TROUBLE if text in screen.text), ""), "trouble without a reason")
        self._objects("" if not fresh or fresh[-1].leads_on else fresh[-1].text, "a dead end")
        return view

    def _objects(self, what: str, why: str) -> None:
        if what:
            way = "\n".join(f"{number:4} {step}" for number, step in enumerate(self.path, 1))
            raise ObjectionError(f"{why}: {what}\nseed {self.seed}, the way there:\n{way}")
