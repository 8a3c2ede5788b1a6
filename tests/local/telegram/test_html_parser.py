"""HTML of the Bot API: what is read, what is refused and with which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.telegram.errors import ApiError
from infra.local.telegram.html_parser import parse_html
from infra.local.telegram.text import Formatted, in_order, to_html, trimmed, utf16_length


def entity(kind: str, offset: int, length: int, **values: str) -> dict[str, object]:
    return {"type": kind, "offset": offset, "length": length, **values}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("просто текст", "просто текст", []),
        ("<b>жирно</b> и <i>косо</i>", "жирно и косо", [entity("bold", 0, 5), entity("italic", 8, 4)]),
        ("<strong>a</strong><em>b</em>", "ab", [entity("bold", 0, 1), entity("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [entity("underline", 0, 1), entity("underline", 1, 1)]),
        ("<s>a</s><strike>b</strike><del>c</del>", "abc", [entity("strikethrough", i, 1) for i in range(3)]),
        (
            '<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>',
            "ab",
            [entity("spoiler", 0, 1), entity("spoiler", 1, 1)],
        ),
        ("🔧<b>🔩</b>", "🔧🔩", [entity("bold", 2, 2)]),
        ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        ("<B>a</b>", "a", [entity("bold", 0, 1)]),
        ("<b>a</>", "a", [entity("bold", 0, 1)]),
        ("<b></b>пусто", "пусто", []),
        (
            '<a href="https://x.example/?a=1&amp;b=2">т</a>',
            "т",
            [entity("text_link", 0, 1, url="https://x.example/?a=1&b=2")],
        ),
        ("<a>x.example</a>", "x.example", [entity("text_link", 0, 9, url="http://x.example/")]),
        ('<a href="ftp://x.example">т</a>', "т", []),
        ("<pre>x</pre>", "x", [entity("pre", 0, 1)]),
        ("<code>x</code>", "x", [entity("code", 0, 1)]),
        ('<pre><code class="language-python">x</code></pre>', "x", [entity("pre", 0, 1, language="python")]),
        ('<code class="language-go"><pre>x</pre></code>', "x", [entity("pre", 0, 1, language="go")]),
        ('<code class="language-go">x</code>', "x", [entity("code", 0, 1)]),
        ("<blockquote>x</blockquote>", "x", [entity("blockquote", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [entity("expandable_blockquote", 0, 1)]),
        ('<tg-emoji emoji-id="53681">👍</tg-emoji>', "👍", [entity("custom_emoji", 0, 2, custom_emoji_id="53681")]),
        ("&lt;b&gt; &amp; &quot; &#1078;&#x436; &nbsp; &", '<b> & " жж &nbsp; &', []),
        ("&ltx", "&ltx", []),
        ("5 > 3", "5 > 3", []),
    ],
)
def test_is_read(source: str, text: str, entities: list[dict[str, object]]):
    assert parse_html(source) == Formatted(text, entities)


def test_a_user_link_is_a_mention():
    (mention,) = parse_html('<a href="tg://user?id=77">он</a>').entities
    assert mention["type"] == "text_mention"
    assert mention["user"]["id"] == 77


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>a", 'can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("ж<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("3 < 5", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<", "Unclosed start tag at byte offset 0"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<b>a</b c>", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href>a</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ('<a ="x">a</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href= ", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=x/y>a</a>", "Unexpected end of name token at byte offset 8"),
        ("<tg-emoji>a</tg-emoji>", "Invalid custom emoji identifier specified"),
        ("&#xd83d;", "Text contains invalid Unicode characters"),
    ],
)
def test_is_refused(source: str, reason: str):
    with pytest.raises(ApiError) as refusal:
        parse_html(source)
    assert refusal.value.code == 400
    assert refusal.value.description.startswith("Bad Request: can't parse entities: ")
    assert reason in refusal.value.description


plain = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@given(plain)
def test_escaped_text_comes_back_unchanged(text: str):
    assert parse_html(to_html(Formatted(text))) == Formatted(text)


@given(st.text("<>/&;#ab =\"'ж🔧", max_size=40))
def test_any_markup_is_either_read_or_refused(source: str):
    try:
        parsed = parse_html(source)
    except ApiError as refusal:
        assert refusal.code == 400  # noqa: PT017 - a refusal is one of the two good outcomes here
        return
    assert all(0 < item["length"] <= utf16_length(parsed.text) - item["offset"] for item in parsed.entities)


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> str:
    """Well-formed HTML with nested tags."""
    pieces = []
    for _ in range(draw(st.integers(0, 3))):
        if depth and draw(st.booleans()):
            tag = draw(st.sampled_from(["b", "i", "u", "s", "tg-spoiler", "blockquote", "code"]))
            pieces.append(f"<{tag}>{draw(trees(depth=depth - 1))}</{tag}>")
        else:
            pieces.append(to_html(Formatted(draw(plain))))
    return "".join(pieces)


@given(trees())
def test_rendering_and_reading_again_changes_nothing(source: str):
    parsed = parse_html(source)
    again = parse_html(to_html(parsed))
    assert again.text == parsed.text

    def key(item: dict[str, object]) -> tuple[object, ...]:
        return (item["offset"], item["length"], item["type"])

    assert sorted(again.entities, key=key) == sorted(parsed.entities, key=key)


@given(plain, plain)
def test_places_are_counted_in_utf16(before: str, inside: str):
    parsed = parse_html(f"{to_html(Formatted(before))}<b>{to_html(Formatted(inside))}</b>")
    length = len(inside.encode("utf-16-le")) // 2
    expected = [entity("bold", len(before.encode("utf-16-le")) // 2, length)] if length else []
    assert parsed.entities == expected


@pytest.mark.parametrize(
    "source",
    [
        '<a href="https://x.example/?a=1&amp;b=&quot;">т</a>',
        '<a href="tg://user?id=77">он</a>',
        '<tg-emoji emoji-id="53681">👍</tg-emoji>',
        '<pre><code class="language-python">x &lt; 5</code></pre>',
        "<blockquote expandable>длинно</blockquote>",
    ],
)
def test_rendered_as_written(source: str):
    assert to_html(parse_html(source)) == source


def test_blanks_at_the_ends_are_cut_with_their_entities():
    cut = trimmed(Formatted("  🔧 ab \n", [entity("bold", 0, 9), entity("code", 7, 2)]))
    assert cut == Formatted("🔧 ab", [entity("bold", 0, 5)])


def test_outer_entities_come_first():
    inner, outer = entity("italic", 1, 1), entity("bold", 1, 5)
    assert in_order([inner, outer]) == [outer, inner]
