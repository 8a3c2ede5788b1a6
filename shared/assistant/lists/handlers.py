"""The handlers of lists, pasted or in a file: one is quoted, and the quote's buttons put it into the cart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from shared.assistant import texts
from shared.assistant.chat_view import ChatView
from shared.assistant.common_screens import answer_stale
from shared.assistant.lists import jobs, screens, sent_files
from shared.assistant.lists.buttons import AddList, AddListAgain, AnswerCount, ChooseProduct, FindLine
from shared.assistant.search import finding
from shared.assistant.words import has_words, words_of
from shared.domain import searches
from shared.domain.masters import Master
from shared.domain.pasted_lists import questions, quoted, reading
from shared.domain.pasted_lists.file_trouble import MOST_BYTES, FileTrouble
from shared.domain.pasted_lists.matching import SoughtLine
from shared.domain.pasted_lists.quoted import QuotedList
from shared.domain.pasted_lists.reading import PastedList
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, is_under_way
from shared.telegram.api import CallbackQuery, Document, Message, Router


def router() -> Router:
    """Return the capability's handlers. They come before the search, which takes any text."""
    router = Router(name="lists")
    router.message.register(take_file, is_list_file)
    router.message.register(refuse_file, is_other_file)
    router.message.register(quote, has_words, is_list)
    router.edited_message.register(quote, has_words, is_list)
    router.callback_query.register(add, AddList.filter())
    router.callback_query.register(add, AddListAgain.filter())
    router.callback_query.register(find_line, FindLine.filter())
    router.callback_query.register(answer_count, AnswerCount.filter())
    router.callback_query.register(choose_product, ChooseProduct.filter())
    return router


async def is_list_file(message: Message) -> dict[str, Document] | bool:
    """Let through a document that may be a list."""
    document = message.document
    return {"document": document} if document is not None and sent_files.ending_of(document) else False


async def is_other_file(message: Message) -> bool:
    """Let through any other document without a word, unless it is a picture."""
    document = message.document
    is_picture = document is not None and (document.mime_type or "").startswith("image/")
    return document is not None and not words_of(message) and not is_picture


async def take_file(message: Message, document: Document, decision: Decision, view: ChatView) -> None:
    """Have the file read, and quote what is written under it if that is a list too."""
    if (document.file_size or 0) > MOST_BYTES:
        view.say(screens.unread_file(FileTrouble.TOO_LARGE))
        return
    await decision.enqueue(sent_files.read_job(view.target.below, document, decision.now))
    beside = reading.read(words_of(message))
    if beside is not None:
        await jobs.find(decision, view.target.below, beside)


async def refuse_file(message: Message, view: ChatView) -> None:
    """Say which files are read."""
    view.say(screens.unread_file(FileTrouble.OTHER))


async def is_list(message: Message) -> dict[str, PastedList] | bool:
    """Let through what is a list, read. One that its author has mended is a list of its own."""
    pasted = reading.read(words_of(message))
    return {"pasted": pasted} if pasted else False


async def quote(message: Message, pasted: PastedList, decision: Decision, view: ChatView) -> None:
    """Find and quote everything on the list."""
    await jobs.find(decision, view.target.below, pasted)


async def add(
    callback: CallbackQuery, callback_data: AddList | AddListAgain, decision: Decision, view: ChatView, master: Master
) -> None:
    """Put what was found into the cart, however often this is tapped.

    «Again» is a button of a message of its own: the buttons of the list follow, and this message says so.
    """
    wanted = await quoted.load(decision.unit, callback_data.list, master.telegram_id)
    if wanted is None:
        answer_stale(view, master)
    elif not wanted.waiting:
        view.toast(texts.lists.all_added())
        if isinstance(callback_data, AddListAgain):
            view.show(screens.added(len(wanted.goods)))
        else:
            view.buttons(screens.buttons(wanted))
    else:
        view.toast(texts.lists.adding())
        job = _add_job(callback_data, view, master, wanted)
        if not await is_under_way(decision.unit, job.id):
            await decision.enqueue(job)


def _add_job(asked: AddList | AddListAgain, view: ChatView, master: Master, wanted: QuotedList) -> Job:
    if isinstance(asked, AddList):
        return jobs.add_job(view.target, master.telegram_id, wanted)
    at_list = replace(view.target, message_id=asked.message)
    return jobs.add_job(at_list, master.telegram_id, wanted, view.target.message_id)


async def find_line(
    callback: CallbackQuery, callback_data: FindLine, decision: Decision, view: ChatView, master: Master
) -> None:
    """Search for a line by itself, in all the ways a search has."""
    wanted = await quoted.load(decision.unit, callback_data.list, master.telegram_id)
    if wanted is None or not 0 <= callback_data.line < len(wanted.unclear):
        answer_stale(view, master)
        return
    view.toast()
    query = _query(wanted, callback_data.line)
    await finding.look_for(decision, view.target.below, searches.new_search(query), 0)


def _query(wanted: QuotedList, number: int) -> str:
    """Return what to search for: the line, and its count, which a search takes off and its cards begin with."""
    text = wanted.unclear[number]
    line = wanted.unclear_lines[number] if number < len(wanted.unclear_lines) else None
    whole = line is not None and not line.options and not line.measure and line.quantity % 1 == 0
    return f"{text} {line.quantity:f} шт" if line is not None and whole and line.quantity > 1 else text


async def answer_count(
    callback: CallbackQuery, callback_data: AnswerCount, decision: Decision, view: ChatView, master: Master
) -> None:
    """Take the answer to how many are wanted."""
    await _answered(callback_data, partial(questions.with_count, count=callback_data.count), decision, view, master)


async def choose_product(
    callback: CallbackQuery, callback_data: ChooseProduct, decision: Decision, view: ChatView, master: Master
) -> None:
    """Take the answer to which product is meant; the line keeps its count."""
    chosen = partial(questions.with_product, product_id=callback_data.product)
    await _answered(callback_data, chosen, decision, view, master)


async def _answered(
    asked: AnswerCount | ChooseProduct,
    answer: Callable[[SoughtLine], SoughtLine | None],
    decision: Decision,
    view: ChatView,
    master: Master,
) -> None:
    """Keep an answer and have the list quoted anew; a second tap finds it answered, unless its quote failed."""
    wanted = await quoted.load(decision.unit, asked.list, master.telegram_id)
    if wanted is None or not 0 <= asked.line < len(wanted.lines):
        answer_stale(view, master)
        return
    if wanted.quoting and not await is_under_way(decision.unit, wanted.quoting):
        wanted = wanted.as_shown()
    answered = answer(wanted.lines[asked.line])
    if answered is None:
        view.toast(texts.lists.answered())
        return
    changed = wanted.changed(asked.line, answered)
    job = jobs.quote_job(view.target, changed)
    replace(changed, quoting=job.id).save(decision.unit)
    view.toast(texts.lists.noted())
    await decision.enqueue(job)
