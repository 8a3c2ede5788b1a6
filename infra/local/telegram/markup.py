"""Reply markups: what Telegram accepts as a keyboard, in the shape it stores it (Bot API, ReplyMarkup)."""

from collections.abc import Callable
from typing import Any

from infra.local.telegram.errors import ApiError, bad_request
from infra.local.telegram.links import checked_link
from infra.local.telegram.params import Params

Markup = dict[str, Any]
Button = dict[str, Any]
Refusal = Callable[[str], ApiError]

MAX_CALLBACK_DATA = 64
MAX_INLINE_BUTTONS = 100
MAX_INLINE_ROW = 8
MAX_REPLY_BUTTONS = 300
MAX_REPLY_ROW = 10
MAX_COPY_TEXT = 256
INLINE_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
EMPTY_ALLOWED = {"switch_inline_query", "switch_inline_query_current_chat"}
STYLES = {"danger", "success", "primary"}


def read_markup(params: Params, *, private: bool) -> Markup | None:
    """The `reply_markup` of a call, checked; None when there is none or when it has no buttons."""
    raw = params.structure("reply_markup", "reply keyboard markup")
    return None if raw is None else checked_markup(raw, private=private)


def read_inline_markup(params: Params) -> Markup | None:
    """The `reply_markup` of an edit, where only an inline keyboard may stand."""
    return inline_only(read_markup(params, private=True))


def inline_only(markup: Markup | None) -> Markup | None:
    """The markup, where it is no other kind than an inline keyboard; ApiError else."""
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def checked_markup(raw: object, *, private: bool) -> Markup | None:
    """A keyboard as stored; ApiError in Telegram's words when it would be refused."""
    if not isinstance(raw, dict):
        raise bad_request("object expected as reply markup")
    if raw.get("keyboard"):
        return _reply_keyboard(raw, private=private)
    if raw.get("inline_keyboard"):
        rows = _rows(raw["inline_keyboard"], 'Field "inline_keyboard" of the InlineKeyboardMarkup')
        checked = [[_inline_button(button) for button in row] for row in rows]
        _check_size(checked, MAX_INLINE_BUTTONS, MAX_INLINE_ROW)
        return {"inline_keyboard": [row for row in checked if row]}
    if raw.get("remove_keyboard"):
        return {"remove_keyboard": True}
    if raw.get("force_reply"):
        return {"force_reply": True, **_picked(raw, ("input_field_placeholder", "selective"))}
    return None


def _rows(value: object, what: str) -> list[list[Any]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad_request(f"{what} must be an Array of Arrays")
    return value


def _check_size(rows: list[list[Button]], most: int, most_in_row: int) -> None:
    if sum(map(len, rows)) > most or any(len(row) > most_in_row for row in rows):
        raise bad_request("reply markup is too long")


def _picked(source: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: source[name] for name in names if source.get(name)}


def _inline_button(raw: object) -> Button:
    if not isinstance(raw, dict):
        raise _bad_inline("InlineKeyboardButton must be an Object")
    _button_text(raw, _bad_inline, "Inline keyboard button text must be non-empty")
    actions = [name for name in INLINE_ACTIONS if _given(name, raw.get(name))]
    if not actions:
        if raw.get("callback_data") == "":
            raise bad_request("BUTTON_DATA_INVALID")
        raise _bad_inline("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        # The real server silently takes the first; the documentation forbids it, and it is always a mistake.
        raise _bad_inline(f"exactly one action must be specified, found {', '.join(actions)}")
    action = actions[0]
    return {"text": raw["text"], action: _action_value(action, raw[action]), **_style(raw, _bad_inline)}


def _given(action: str, value: object) -> bool:
    """True when the button says this action; `{}` is a value (`disabled`, `callback_game`), "" mostly is not."""
    return (value is not None and value is not False and value != "") or (value == "" and action in EMPTY_ALLOWED)


def _action_value(action: str, value: object) -> object:
    if action == "callback_data" and (not isinstance(value, str) or len(value.encode()) > MAX_CALLBACK_DATA):
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url":
        link = checked_link(str(value))
        if link.problem:
            raise bad_request(f"inline keyboard button URL '{value}' is invalid: {link.problem}")
        return link.url
    if action == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= MAX_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return value


def _style(raw: dict[str, Any], refusal: Refusal) -> dict[str, Any]:
    if raw.get("style") and raw["style"] not in STYLES:
        raise refusal("invalid button style specified")
    return _picked(raw, ("style", "icon_custom_emoji_id"))


def _button_text(raw: dict[str, Any], refusal: Refusal, if_empty: str) -> None:
    error: ApiError | None = None
    if "text" not in raw:
        error = refusal('Can\'t find field "text"')
    elif not isinstance(raw["text"], str):
        error = refusal('Field "text" must be of type String')
    elif not raw["text"].strip():
        error = bad_request(if_empty[0].lower() + if_empty[1:])
    if error:
        raise error


def _bad_inline(text: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {text}")


def _bad_reply(text: str) -> ApiError:
    return bad_request(f"can't parse keyboard button: {text}")


def _reply_keyboard(raw: dict[str, Any], *, private: bool) -> Markup:
    rows = [
        [_reply_button(item, private=private) for item in row] for row in _rows(raw["keyboard"], 'Field "keyboard"')
    ]
    _check_size(rows, MAX_REPLY_BUTTONS, MAX_REPLY_ROW)
    options = ("resize_keyboard", "one_time_keyboard", "is_persistent", "input_field_placeholder", "selective")
    return {"keyboard": [row for row in rows if row], **_picked(raw, options)}


def _reply_button(raw: object, *, private: bool) -> Button:
    if isinstance(raw, str):
        raw = {"text": raw}
    if not isinstance(raw, dict):
        raise _bad_reply("KeyboardButton must be a String or an Object")
    _button_text(raw, _bad_reply, "Keyboard button text must be non-empty")
    requests = _picked(raw, ("request_contact", "request_location"))
    if requests and not private:
        what = "Phone number" if "request_contact" in requests else "Location"
        raise bad_request(f"{what} can be requested in private chats only")
    return {"text": raw["text"], **requests, **_style(raw, _bad_reply)}
