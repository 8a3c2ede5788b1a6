"""The HTML of `parse_mode=HTML`, read as strictly as Telegram reads it.

Modelled on the behaviour of `parse_html` in tdlib/td (MessageEntity.cpp): the same tags, the same
refusals with the byte offsets they name, entity lengths in UTF-16 units.
"""

import re
from dataclasses import dataclass, field

from infra.local.telegram.errors import ApiError, bad_request
from infra.local.telegram.links import checked_link, linked_user
from infra.local.telegram.text import Entity, Formatted, in_order, utf16_length

SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
OTHER_TAGS = {"a", "pre", "code", "blockquote", "tg-emoji"}
SPACES = " \t\r\n\v\0"
LITERALS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
LAST_CODE_POINT = 0x10FFFF
LONGEST_REFERENCE = 9
_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]+)|#(?P<dec>[0-9]+)|(?P<name>[A-Za-z]+));?")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")


@dataclass
class _Open:
    """A start tag that waits for its end."""

    tag: str
    argument: str
    offset: int
    begin: int


@dataclass
class _Reader:
    """The place in the source and what was made of the part before it."""

    source: str
    place: int = 0
    text: list[str] = field(default_factory=list)
    offset: int = 0
    opened: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    @property
    def char(self) -> str:
        return self.source[self.place]

    def put(self, piece: str) -> None:
        self.text.append(piece)
        self.offset += utf16_length(piece)

    def skip(self, *, spaces: bool, until: str = "") -> str:
        """Move over spaces (but not the end), or up to a space or one of `until`; what was passed."""
        begin = self.place
        if spaces:
            while self.char in SPACES and self.char != "\0":
                self.place += 1
        else:
            while self.char not in SPACES and self.char not in until:
                self.place += 1
        return self.source[begin : self.place]

    def refuse(self, message: str, place: int) -> ApiError:
        return _refusal(f"{message} at byte offset {len(self.source[:place].encode())}")


def parse_html(source: str) -> Formatted:
    """Plain text and entities of an HTML text; ApiError «can't parse entities: …» when it is not well-formed."""
    reader = _Reader(source.replace("\0", " ") + "\0")
    while reader.place < len(reader.source) - 1:
        if reader.char == "&":
            reader.put(_reference(reader))
        elif reader.char != "<":
            reader.put(reader.char)
            reader.place += 1
        elif reader.source[reader.place + 1] == "/":
            _end_tag(reader)
        else:
            _start_tag(reader)
    if reader.opened:
        raise _refusal(f'can\'t find end tag corresponding to start tag "{reader.opened[-1].tag}"')
    for entity in reader.entities:
        entity.pop("_language", None)
    return Formatted("".join(reader.text), in_order(reader.entities))


def _refusal(message: str) -> ApiError:
    return bad_request(f"can't parse entities: {message}")


def _reference(reader: _Reader) -> str:
    """The character an `&…;` stands for, or the ampersand itself when it is not a known reference."""
    match = _REFERENCE.match(reader.source, reader.place)
    char = _decoded(match) if match else None
    if match is None or char is None:
        reader.place += 1
        return "&"
    reader.place = match.end()
    return char


def _decoded(match: re.Match[str]) -> str | None:
    if match["name"]:
        return LITERALS.get(match["name"])
    code = int(match["hex"], 16) if match["hex"] else int(match["dec"])
    if code == 0 or code >= LAST_CODE_POINT or len(match.group().rstrip(";")) > LONGEST_REFERENCE:
        return None
    char = chr(code)
    if "\ud800" <= char <= "\udfff":
        raise _refusal(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        )
    return char


def _start_tag(reader: _Reader) -> None:
    begin = reader.place
    reader.place += 1
    tag = reader.skip(spaces=False, until=">").lower()
    if reader.char == "\0":
        raise reader.refuse("Unclosed start tag", begin)
    if tag not in SIMPLE_TAGS and tag not in OTHER_TAGS:
        raise reader.refuse(f'Unsupported start tag "{tag}"', begin)
    argument = ""
    while True:
        reader.skip(spaces=True)
        if reader.char == ">":
            break
        name, value = _attribute(reader, tag, begin)
        argument = _argument(tag, name, value) or argument
    reader.place += 1
    if tag == "span" and argument != "tg-spoiler":
        raise reader.refuse('Tag "span" must have class "tg-spoiler"', begin)
    reader.opened.append(_Open(tag, argument, reader.offset, len(reader.text)))


def _attribute(reader: _Reader, tag: str, begin: int) -> tuple[str, str]:
    name = reader.skip(spaces=False, until="=>")
    if reader.char == "\0" and not name:
        raise reader.refuse("Unclosed start tag", begin)
    if not name:
        raise reader.refuse(f'Empty attribute name in the tag "{tag}"', begin)
    reader.skip(spaces=True)
    if reader.char != "=":
        if tag == "blockquote" and name == "expandable":
            return name, "1"
        raise reader.refuse(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
    reader.place += 1
    reader.skip(spaces=True)
    if reader.char == "\0":
        raise reader.refuse(f'Unclosed start tag "{tag}"', begin)
    value = _quoted(reader) if reader.char in "'\"" else _name_token(reader)
    if reader.char == "\0":
        raise reader.refuse("Unclosed start tag", begin)
    return name, value


def _quoted(reader: _Reader) -> str:
    quote = reader.char
    reader.place += 1
    value = []
    while reader.char not in (quote, "\0"):
        if reader.char == "&":
            value.append(_reference(reader))
        else:
            value.append(reader.char)
            reader.place += 1
    if reader.char == quote:
        reader.place += 1
    return "".join(value)


def _name_token(reader: _Reader) -> str:
    begin = reader.place
    match = _NAME_TOKEN.match(reader.source, begin)
    reader.place = match.end() if match else begin
    if reader.char not in SPACES and reader.char != ">":
        raise reader.refuse("Unexpected end of name token", begin)
    return reader.source[begin : reader.place].lower()


def _argument(tag: str, name: str, value: str) -> str:
    """The attribute's value when it is the one that matters for this tag."""
    if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id"), ("span", "class"), ("blockquote", "expandable")}:
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    return ""


def _end_tag(reader: _Reader) -> None:
    begin = reader.place
    if not reader.opened:
        raise reader.refuse("Unexpected end tag", begin)
    reader.place += 2
    name = reader.skip(spaces=False, until=">").lower()
    reader.skip(spaces=True)
    if reader.char != ">":
        raise reader.refuse("Unclosed end tag", begin)
    reader.place += 1
    opened = reader.opened[-1]
    if name and name != opened.tag:
        place = len(reader.source[:begin].encode())
        raise _refusal(f'Unmatched end tag at byte offset {place}, expected "</{opened.tag}>", found "</{name}>"')
    reader.opened.pop()
    if reader.offset > opened.offset:
        _close(reader, opened)


def _close(reader: _Reader, opened: _Open) -> None:
    place = {"offset": opened.offset, "length": reader.offset - opened.offset}
    if opened.tag in SIMPLE_TAGS:
        reader.entities.append({"type": SIMPLE_TAGS[opened.tag], **place})
    elif opened.tag == "blockquote":
        kind = "expandable_blockquote" if opened.argument else "blockquote"
        reader.entities.append({"type": kind, **place})
    elif opened.tag == "tg-emoji":
        if not opened.argument.isdigit() or not int(opened.argument):
            raise _refusal("Invalid custom emoji identifier specified")
        reader.entities.append({"type": "custom_emoji", **place, "custom_emoji_id": opened.argument})
    elif opened.tag == "a":
        _close_link(reader, opened, place)
    else:
        _close_code(reader, opened, place)


def _close_link(reader: _Reader, opened: _Open, place: dict[str, int]) -> None:
    address = opened.argument or "".join(reader.text[opened.begin :])
    user_id = linked_user(address)
    if user_id is not None:
        mentioned = {"id": user_id, "is_bot": False, "first_name": str(user_id)}
        reader.entities.append({"type": "text_mention", **place, "user": mentioned})
        return
    url = checked_link(address).url
    if url:  # A link Telegram does not like is shown as plain text.
        reader.entities.append({"type": "text_link", **place, "url": url})


def _close_code(reader: _Reader, opened: _Open, place: dict[str, int]) -> None:
    """`<pre><code class="language-x">` and its mirror are one entity with a language."""
    last = reader.entities[-1] if reader.entities else {}
    same = (last.get("offset"), last.get("length")) == (place["offset"], place["length"])
    inner_language = last.get("_language", "")
    if opened.tag == "pre" and same and last.get("type") == "code" and inner_language:
        reader.entities[-1] = {"type": "pre", **place, "language": inner_language}
    elif opened.tag == "code" and same and last.get("type") == "pre" and opened.argument:
        reader.entities[-1] = {"type": "pre", **place, "language": opened.argument}
    else:
        reader.entities.append({"type": opened.tag, **place})
        if opened.tag == "code" and opened.argument:
            reader.entities[-1]["_language"] = opened.argument
