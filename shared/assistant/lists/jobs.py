"""The jobs of a pasted list: its articles and names, then price and stock of what was found; once more at «В корзину».

All lines of a list travel together: mostly one request finds them and one quotes them (`matching` tells when it takes
more). Prices are asked again when the goods go into the cart, because a quote may lie in the dialogue for a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any

from shared.assistant import funnel
from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.funnel import FunnelStep
from shared.assistant.job_handler import ChatPayload, JobHandlers, MasterJobHandler, by_button, target_of
from shared.assistant.keyboard import Row
from shared.assistant.lists import screens
from shared.assistant.lists.buttons import AddListAgain
from shared.bitrix.combine import combine
from shared.bitrix.portal import Operation
from shared.domain import carts, empty_searches, own_words
from shared.domain.catalogue import ProductPage
from shared.domain.offers import Offer
from shared.domain.pasted_lists import matching, questions, quoted
from shared.domain.pasted_lists.matching import LookUpCosts, LookUpRound, LookUpStage, SoughtLine
from shared.domain.pasted_lists.quoted import ListNotes, QuotedList
from shared.domain.pasted_lists.reading import PastedList
from shared.domain.searches import new_id
from shared.domain.stored_fields import UNLESS_DEFAULT
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.pipeline.select import BATCH

FIND_LIST = "find_list"
QUOTE_LIST = "quote_list"
ADD_LIST = "add_list"


@dataclass(frozen=True)
class ListPayload(ChatPayload):
    """A list on its way to its quote, of the jobs that find and that quote it: its lines as far as they are known.

    `own` are the shop's own lines of the trade's words that say something of it.
    """

    list: str
    lines: tuple[SoughtLine, ...]
    cut: ListNotes
    own: tuple[str, ...] = field(default=(), metadata=UNLESS_DEFAULT)


@dataclass(frozen=True)
class AddListPayload(ChatPayload):
    """Whose cart takes which quoted list, and the products of it that are asked for.

    `told`: the message that says it came to nothing before; what becomes of this try is written over it.
    """

    user_id: int
    list: str
    products: tuple[str, ...]
    told: int | None = field(default=None, metadata=UNLESS_DEFAULT)

    @property
    def below(self) -> ChatTarget:
        """Where what the list's own buttons cannot say is told."""
        return replace(self.target, message_id=self.told)


async def find(decision: Decision, where: ChatTarget, pasted: PastedList) -> None:
    """Have found what a list wants, and have it quoted."""
    notes = ListNotes(pasted.left_out, pasted.capped, pasted.unread, pasted.sheet)
    lines = tuple(matching.sought(pasted.lines))
    names = [line.words for line in lines if line.is_searched]
    own = own_words.of_queries(names, await own_words.load(decision.unit)) if names else ()
    payload = ListPayload(where, new_id(), lines, notes, own)
    await decision.enqueue(Job(FIND_LIST, Lane.READ, payload.as_data()))


def add_job(where: ChatTarget, user_id: int, wanted: QuotedList, told: int | None = None) -> Job:
    """Return the job that puts what waits into the cart; named after the list, so that one is enough.

    `where` has the list; `told` is `AddListPayload.told`.
    """
    payload = AddListPayload(where, user_id, wanted.id, tuple(good.product.id for good in wanted.waiting), told)
    return Job(ADD_LIST, Lane.READ, payload.as_data(), id=f"{ADD_LIST}:{wanted.id}")


def quote_job(where: ChatTarget, changed: QuotedList) -> Job:
    """Return the job that quotes a list anew, after an answer of the master's."""
    payload = ListPayload(where, changed.id, changed.lines, changed.notes)
    return Job(QUOTE_LIST, Lane.READ, payload.as_data())


class FindListHandler(MasterJobHandler):
    """Products that the lines of a list mean."""

    @property
    def _costs(self) -> LookUpCosts:
        """What this portal takes for a look-up."""
        return LookUpCosts(
            lambda articles: self._portal.by_articles(articles).weight if articles else 0,
            lambda text: self._portal.search(text).weight,
        )

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for articles and names; all must be answered, for «не нашли» is said of what was asked only."""
        asked = self._asked(ListPayload.from_data(job.payload))
        looked_up = [self._portal.by_articles(asked.articles)] if asked.articles else []
        texts = [*asked.names.values(), *chain.from_iterable(asked.trade.values())]
        operations = [*looked_up, *map(self._portal.search, texts)]
        return combine(operations, needed=len(operations))

    def _asked(self, payload: ListPayload) -> LookUpRound:
        return matching.next_round(payload.lines, BATCH, self._costs, own_words.known_with(payload.own))

    async def done(self, job: Job, value: Sequence[Any], decision: Decision) -> None:
        """Ask on for what is not settled; else have the goods quoted, or say at once that there are none."""
        payload = ListPayload.from_data(job.payload)
        asked = self._asked(payload)
        values = iter(value)
        by_article = next(values) if asked.articles else {}
        by_name: Mapping[int, ProductPage] = {number: next(values) for number in asked.names}
        by_trade = {number: list(islice(values, len(texts))) for number, texts in asked.trade.items()}
        words = own_words.known_with(payload.own)
        lines = matching.after(payload.lines, by_article, by_name, by_trade, words)
        if any(line.stage is not LookUpStage.SETTLED for line in lines):
            await decision.enqueue(Job(FIND_LIST, Lane.READ, replace(payload, lines=tuple(lines)).as_data()))
            return
        settled_lines, capped = matching.within_order(matching.merged(lines))
        cut = replace(payload.cut, capped=payload.cut.capped or capped)
        settled = replace(payload, lines=settled_lines, cut=cut)
        if any(line.product for line in settled.lines):
            await decision.enqueue(Job(QUOTE_LIST, Lane.READ, settled.as_data()))
        else:
            await _show(decision, settled, {})


class _BelowTheList(MasterJobHandler):
    """What is asked about a list on the screen: its trouble is told below, so that the list and its buttons stay."""

    def below(self, job: Job) -> ChatTarget:
        """Return where trouble is told."""
        return target_of(job).below

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Tell the master below the list."""
        ChatView(decision, self.below(job)).show(self.trouble(job, reason))
        await self.report(job, reason, decision)


class QuoteListHandler(_BelowTheList):
    """Price and stock of what was found."""

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for the products."""
        payload = ListPayload.from_data(job.payload)
        products = [line.product.id for line in payload.lines if line.product]
        return self._portal.quote(products, payload.target.price_type)

    async def done(self, job: Job, value: Mapping[str, Offer], decision: Decision) -> None:
        """Show the quote."""
        await _show(decision, ListPayload.from_data(job.payload), value)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Tell the master, unless the quote after his next answer is under way."""
        payload = ListPayload.from_data(job.payload)
        wanted = await quoted.load(decision.unit, payload.list, payload.target.chat_id)
        if wanted is None or wanted.quoting in ("", job.id):
            await super().failed(job, reason, decision)
        else:
            await self.report(job, reason, decision)


class AddListHandler(_BelowTheList):
    """The goods of a list, into the cart."""

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for price and stock of this moment."""
        payload = AddListPayload.from_data(job.payload)
        return self._portal.quote(payload.products, payload.target.price_type)

    async def done(self, job: Job, value: Mapping[str, Offer], decision: Decision) -> None:
        """Put everything into the cart at once, and say what did not fit or is gone."""
        payload = AddListPayload.from_data(job.payload)
        wanted = await quoted.load(decision.unit, payload.list, payload.user_id)
        if wanted is None:
            return
        added = quoted.put_into(await carts.load(decision.unit, payload.user_id), wanted, value)
        carts.save(decision.unit, payload.user_id, added.cart)
        if len(added.quoted.waiting) < len(wanted.waiting):
            funnel.passed(FunnelStep.CART)
        added.quoted.save(decision.unit)
        ChatView(decision, payload.target).buttons(screens.buttons(added.quoted))
        told = [screens.no_room(added.no_room)] if added.no_room else []
        told += [screens.gone(added.gone)] if added.gone else []
        if payload.told is not None and not told:
            told = [screens.added(len(added.quoted.goods))]
        places = [payload.below, *[payload.target.below] * len(told)]
        for place, screen in zip(places, told, strict=False):
            ChatView(decision, place).show(screen)

    def below(self, job: Job) -> ChatTarget:
        """Return the message that told of the try before, if there is one."""
        return AddListPayload.from_data(job.payload).below

    def once_more(self, job: Job) -> Row:
        """Return the button that puts the list into the cart after all."""
        payload = AddListPayload.from_data(job.payload)
        list_message = payload.target.message_id
        return by_button(AddListAgain(list=payload.list, message=list_message)) if list_message is not None else []


async def _show(decision: Decision, payload: ListPayload, offers: Mapping[str, Offer]) -> None:
    """Show the quote, and keep what its buttons speak of."""
    master = payload.target.chat_id
    before = await quoted.load(decision.unit, payload.list, master)
    if before is not None and _is_late(payload.lines, before.lines):
        return
    lines = questions.with_evidence(payload.lines, offers)
    kept = replace(quoted.of_lines(payload.list, lines, offers, payload.cut), owner=master).quoted_anew(before)
    kept.save(decision.unit)
    if before is None:
        open_lines = [line.text for line in lines if not line.products]
        await empty_searches.note(decision.unit, open_lines, where="list")
    ChatView(decision, payload.target).show(screens.quote(kept, offers))


def _is_late(lines: Sequence[SoughtLine], now: Sequence[SoughtLine]) -> bool:
    """Tell whether the master has answered more since these lines were asked about: a later job shows them."""
    return any(
        (here.answered, here.product and here.product.id) != (there.answered, there.product and there.product.id)
        for here, there in zip(lines, now, strict=False)
    )


JOB_HANDLERS: JobHandlers = {FIND_LIST: FindListHandler, QUOTE_LIST: QuoteListHandler, ADD_LIST: AddListHandler}
