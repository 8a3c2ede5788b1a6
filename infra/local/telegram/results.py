"""Results of an inline query: what Telegram checks, and what a chosen one becomes (Bot API, InlineQueryResult).

The simulator knows articles and photos; it refuses the other kinds as if they did not exist.
"""

from dataclasses import dataclass
from typing import Any

from infra.local.telegram.content import caption, find_photo, text
from infra.local.telegram.core import Core
from infra.local.telegram.errors import bad_request
from infra.local.telegram.files import StoredFile
from infra.local.telegram.markup import Markup, checked_markup, inline_only
from infra.local.telegram.params import Params
from infra.local.telegram.text import Formatted

MAX_RESULTS = 50
MAX_RESULT_ID = 64
MAX_BUTTON_PARAMETER = 64

Result = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """What a chosen result looks like as a message."""

    content: Formatted
    photo: StoredFile | None = None
    markup: Markup | None = None


def checked_results(core: Core, params: Params) -> list[Result]:
    """The `results` of an answer; ApiError in Telegram's words for what it would not take."""
    results = params.structure("results", "inline query results")
    if not isinstance(results, list):
        raise bad_request("expected an Array of inline query results")
    if len(results) > MAX_RESULTS:
        raise bad_request("too many inline query results specified")
    for result in results:
        _check(core, result)
    if len({str(result["id"]) for result in results}) != len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    return results


def _check(core: Core, result: object) -> None:
    if not isinstance(result, dict):
        raise _unreadable("Inline query result must be an object")
    if not 1 <= len(str(result.get("id", "")).encode()) <= MAX_RESULT_ID:
        raise bad_request("RESULT_ID_INVALID")
    if result.get("type") == "article":
        _demand(result, "title")
        if not result.get("input_message_content"):
            raise _unreadable("Input message content is not specified")
    elif result.get("type") == "photo":
        if "photo_file_id" not in result:
            _demand(result, "photo_url")
            _demand(result, "thumbnail_url")
        elif core.world.files.by_id(str(result["photo_file_id"])) is None:
            raise bad_request("wrong file identifier specified")
    else:
        raise _unreadable(f'type "{result.get("type", "")}" is unsupported for the inline query result')
    _words(result)
    _keyboard(result)


def _demand(result: Result, name: str) -> None:
    if not isinstance(result.get(name), str) or not result[name]:
        raise _unreadable(f'Can\'t find field "{name}"')


def _unreadable(why: str) -> Exception:
    return bad_request(f"can't parse inline query result: {why}")


def _words(result: Result) -> Formatted:
    """The text or the caption of the message to come."""
    given = result.get("input_message_content")
    if given is None:
        return caption(
            str(result.get("caption") or ""), str(result.get("parse_mode") or ""), result.get("caption_entities")
        )
    if not isinstance(given, dict) or not given.get("message_text"):
        raise _unreadable("the simulator knows only text as input message content")
    return text(str(given["message_text"]), str(given.get("parse_mode") or ""), given.get("entities"))


def _keyboard(result: Result) -> Markup | None:
    return inline_only(checked_markup(result["reply_markup"], private=True)) if result.get("reply_markup") else None


async def shown_result(core: Core, result: Result) -> Shown:
    """A checked result as the message it becomes; ApiError when its picture can't be had."""
    photo = None
    if result["type"] == "photo" and result.get("input_message_content") is None:
        reference = str(result.get("photo_file_id") or result.get("photo_url"))
        photo = await find_photo(core, Params(), reference, None)
    return Shown(_words(result), photo, _keyboard(result))


def checked_button(params: Params) -> object:
    """The `button` above the results: a way into the dialogue with the bot."""
    button = params.structure("button", "inline query results button")
    if button is None:
        return None
    if not isinstance(button, dict) or not button.get("text"):
        raise bad_request("can't parse inline query results button: Can't find field \"text\"")
    start = button.get("start_parameter")
    if not button.get("web_app"):
        usable = isinstance(start, str) and start.replace("-", "_").replace("_", "a").isalnum() and start.isascii()
        if not usable or len(str(start)) > MAX_BUTTON_PARAMETER:
            raise bad_request("START_PARAM_INVALID")
    return button
