"""Any interleaving of what people, Telegram, the portal and the clock do to the bot (hypothesis' stateful testing).

Every rule is a step: things are done, all comes to rest, the judge compares. `at_once` does several things before
anything comes to rest. Rules take small numbers, so that what fails shrinks to a short story.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from infra.local.sandbox import environment
from tests.stateful.managers import ACTS
from tests.stateful.people import Do, Street, moved_in
from tests.support.clock import SkippingLoop

MASTERS = (700_001, 700_002, 700_003)
BUYERS = ("9001", "9002", "9002")
"""Two masters of one firm order as the same user of the portal."""
STRANGER = 800_001

WORDS = (
    "шуруповёрт",
    "бита",
    "DF333DWYE",
    "/start",
    "/cart",
    "/myorders",
    "/track",
    "/return",
    "/cancel",
    "/catalog",
    "/help",
    "/settings",
    "/watches",
    "DF333DWYE x 3\nWB-PH2-50 — 10 шт\nнет-такого × 2",
    "Тверь, ул. Советская, 10",
    "+7 900 123-45-67",
    "3",
    "<b>нет</b>",
)
ARTICLES = ("DF333DWYE", "06019G8000", "DF347DWE", "WB-PH2-50")
"""Few, so that carts and orders meet; of one there are few pieces, of two none."""
STATUSES = ("PAYED", "WAITING_FOR_DELIVERY", "SHIPPED", "DELIVERED", "FINISHED", "CANCELED", "NEW")
PRICES = (17, 45, 52, 7990, 8490)
USUAL, WHOLESALE = environment.NATIVE.price_type_id, environment.NATIVE.wholesale_type_id
"""Kinds of prices of a native portal."""
SLOW = ("z1", "W1", "J1")
"""Buttons after which the bot itself changes the cart: who pressed one waits for it before he does something else."""

who = st.integers(0, len(MASTERS) - 1)
which = st.integers(0, 60)
words = st.sampled_from(WORDS)


class AnyOrder(RuleBasedStateMachine):
    """A street with three masters and a stranger."""

    dialect: ClassVar[str] = "contract"

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner(loop_factory=SkippingLoop)
        self._door = moved_in(self.dialect)
        self.street: Street = self._runs(self._door.__aenter__())
        self._failed = False

    @initialize()
    def opens(self) -> None:
        """Three masters come in, two of them have ordered something; one more person stays outside."""
        for user, buyer in zip(MASTERS, BUYERS, strict=True):
            self._runs(self.street.comes_in(user, buyer))
        self._runs(self.street.stands_outside(STRANGER))
        self.housekeeping()
        self.orders(0, ARTICLES[0], cash=False, times=1)
        self.orders(1, ARTICLES[-1], cash=True, times=1)

    def teardown(self) -> None:
        """See that all is told in the end, and leave."""
        try:
            if not self._failed:
                self._runs(self.street.all_is_told())
        finally:
            self.leaves()

    def leaves(self) -> None:
        self._runner.run(self._door.__aexit__(None, None, None))
        self._runner.close()

    def _runs(self, work: Coroutine[Any, Any, Any]) -> Any:
        try:
            return self._runner.run(work)
        except BaseException:
            self._failed = True
            raise

    def _step(self, *doing: Do | None) -> None:
        self._runs(self.street.comes_of(*[do for do in doing if do is not None]))

    # A master with his phone.

    @rule(who=who, words=words)
    def says(self, who: int, words: str) -> None:
        self._step(self._say(who, words))

    @rule(who=who, which=which)
    def presses(self, who: int, which: int) -> None:
        self._step(self._press(who, which))

    @rule(who=who, which=which)
    def presses_what_was_there(self, who: int, which: int) -> None:
        old = self.street.old_buttons(MASTERS[who])
        if old:
            self._step(partial(self.street.presses, MASTERS[who], old[-1 - which % len(old)]))

    @rule(who=who, article=st.sampled_from(ARTICLES), pieces=st.integers(1, 3))
    def puts_into_cart(self, who: int, article: str, pieces: int) -> None:
        self._step(self._say(who, article))
        for beginning in (*["+"] * (pieces - 1), "В корзину ·"):
            self._taps(who, beginning)

    @rule(who=who, article=st.sampled_from(ARTICLES), cash=st.booleans(), times=st.integers(0, 2))
    def orders(self, who: int, article: str, cash: bool, times: int) -> None:
        """The whole way from the search to «Заказать», pressed so many times before anything happens."""
        self.puts_into_cart(who, article, 1)
        self._step(self._say(who, "/cart"))
        self._taps(who, "Оформить заказ")
        self._step(self._say(who, "Тверь, ул. Советская, 10"))
        self._taps(who, "💵" if cash else "💳 Оплата")
        self.confirms(who, times)

    @rule(who=who, times=st.integers(1, 3))
    def confirms(self, who: int, times: int) -> None:
        """Press «Заказать» under whatever confirmation is still in sight."""
        button = self.street.button(MASTERS[who], "✅")
        if button is not None:
            self._step(*[partial(self.street.presses, MASTERS[who], button)] * times)

    @rule(who=who, other=st.booleans())
    def chooses_delivery(self, who: int, other: bool) -> None:
        """Have another service bring what waits for its confirmation."""
        self._taps(who, "🚚 Доставка")
        self._taps(who, "🚚 До терминала" if other else "🚚 Курьер")

    @rule(actors=st.lists(st.tuples(who, which, words), min_size=2, max_size=4), housekeeping=st.booleans())
    def at_once(self, actors: Sequence[tuple[int, int, str]], housekeeping: bool) -> None:
        """Several people do something at the same moment."""
        doing = [self._press(who, which) if which % 3 else self._say(who, words) for who, which, words in actors]
        self._step(*_patient(actors, doing, self.street))
        if housekeeping:
            self.housekeeping()

    # Who has no right to.

    @rule(thief=who, victim=who, which=which)
    def steals(self, thief: int, victim: int, which: int) -> None:
        """Press a button of somebody else's, in one's own dialogue."""
        theirs = self.street.buttons(MASTERS[victim])
        if theirs:
            data = theirs[-1 - which % len(theirs)].data
            self._step(partial(self.street.forges, MASTERS[thief], data))

    @rule(victim=who, which=which, words=words)
    def stranger_tries(self, victim: int, which: int, words: str) -> None:
        """A stranger writes, and presses what only masters have."""
        theirs = self.street.buttons(MASTERS[victim])
        press = partial(self.street.forges, STRANGER, theirs[-1 - which % len(theirs)].data) if theirs else None
        self._step(partial(self.street.says, STRANGER, words), press)

    @rule(who=who, out=st.booleans())
    def operators_shut(self, who: int, out: bool) -> None:
        self._runs(self.street.shuts(MASTERS[who], out=out))

    # The shop and the network.

    @rule(which=which, status=st.sampled_from(STATUSES), lost=st.booleans())
    def shop_moves(self, which: int, status: str, lost: bool) -> None:
        """An order changes at the portal, forth or back; the event may get lost."""
        self._runs(self.street.moves(which, status, lost=lost))

    @rule(which=which, act=st.sampled_from(sorted(ACTS)), luck=st.integers(0, 9), lost=st.booleans())
    def managers_act(self, which: int, act: str, luck: int, lost: bool) -> None:
        """People edit, split, cancel, restore, pay in parts or delete an order; the event may get lost."""
        self._runs(self.street.manages(which, act, luck, lost=lost))

    @rule(article=st.sampled_from(ARTICLES), price=st.sampled_from(PRICES))
    def shop_reprices(self, article: str, price: int) -> None:
        self._runs(self.street.reprices(article, price))

    @rule(who=who, price_type=st.sampled_from((USUAL, WHOLESALE)))
    def shop_charges(self, who: int, price_type: int) -> None:
        """A buyer gets the prices of another group: the order costs something else than was confirmed."""
        self._runs(self.street.charges(MASTERS[who], price_type))

    @rule(which=which, again=st.integers(1, 2))
    def telegram_repeats(self, which: int, again: int) -> None:
        """An update comes once more, perhaps twice at the same moment."""
        self._runs(self.street.repeats_update(which, again))

    @rule(which=which, again=st.integers(1, 2))
    def portal_repeats(self, which: int, again: int) -> None:
        """An event comes once more, or late, perhaps twice at the same moment."""
        self._runs(self.street.repeats_event(which, again))

    @rule()
    def housekeeping(self) -> None:
        self._runs(self.street.sweeps())

    @rule(minutes=st.sampled_from((1, 15, 200)))
    def time_passes(self, minutes: int) -> None:
        self._runs(self.street.passes(timedelta(minutes=minutes)))

    # How the rules above do it.

    def _press(self, who: int, which: int) -> Do | None:
        buttons = self.street.buttons(MASTERS[who])
        return partial(self.street.presses, MASTERS[who], buttons[-1 - which % len(buttons)]) if buttons else None

    def _say(self, who: int, words: str) -> Do:
        return partial(self.street.says, MASTERS[who], words)

    def _taps(self, who: int, beginning: str) -> None:
        button = self.street.button(MASTERS[who], beginning)
        if button is not None:
            self._step(partial(self.street.presses, MASTERS[who], button))


def _patient(actors: Sequence[tuple[int, int, str]], doing: Sequence[Do | None], street: Street) -> list[Do]:
    """Leave out what somebody would do while the bot itself is changing his cart."""
    waiting: set[int] = set()
    done = []
    for (who, _, _), do in zip(actors, doing, strict=True):
        if do is None or who in waiting:
            continue
        done.append(do)
        if isinstance(do, partial) and do.func == street.presses and do.args[1].data.startswith(SLOW):
            waiting.add(who)
    return done
