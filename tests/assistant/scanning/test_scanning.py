"""A photo of a barcode: what is read of it, and what is looked for."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from shared.assistant import texts
from shared.assistant.bitrix_backend import SentFile
from shared.assistant.scanning import barcode_reader, sent_photos
from shared.assistant.search import labels
from shared.bitrix.encoding import MOST_COMMANDS
from shared.domain import label_codes
from shared.domain.catalogue import Product, ProductPage
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from tests.assistant.samples import BIT, DRILL, OFFERS, SAW
from tests.assistant.stage import Seen, Stage
from tests.support.photos import label

EAN = "4607123456781"
PHOTO = [
    {"file_id": "S", "file_unique_id": "s", "width": 90, "height": 90},
    {"file_id": "L", "file_unique_id": "l", "width": 1280, "height": 960},
]


async def _scanned(stage: Stage) -> Job:
    job = (await stage.write(photo=PHOTO)).job
    assert (job.kind, job.lane, job.payload["file_id"]) == (sent_photos.SCAN_PHOTO, Lane.FILE, "L")
    return job


@pytest.mark.parametrize("suffix", ["JPEG", "PNG", "WEBP"])
def test_the_code_of_a_photo_is_read(suffix: str) -> None:
    assert barcode_reader.codes(label(EAN, suffix=suffix)) == [EAN]


def _of_size(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff", b"GIF89a", _of_size(100, 100), _of_size(20_000, 2_000), b"PK\x03\x04"]
)
def test_a_picture_without_a_code_a_bomb_and_no_picture_have_none(content: bytes) -> None:
    assert barcode_reader.codes(content) == []


async def test_a_code_is_looked_for_and_its_only_product_shown(stage: Stage) -> None:
    job = await _scanned(stage)
    wanted = stage.kinds[job.kind].plan(job)
    assert isinstance(wanted, SentFile)
    seen = await stage.answer(job, wanted.read(label(EAN)))
    (command, *_) = stage.kinds["find"].plan(seen.job).commands.values()
    assert command.params["filter"]["q"] == EAN
    pages = [ProductPage((DRILL,), 1), *[ProductPage((), 0)] * (len(seen.job.payload["ways"]) - 1)]
    assert (await stage.answer(seen.job, pages)).job.kind == "card"


@pytest.mark.parametrize("text", ["(01)04607123456781(21)abc12", "(01)04607123456781"])
def test_the_code_of_a_marked_good_is_read(text: str) -> None:
    kind = zxingcpp.BarcodeFormat.DataMatrix if "(21)" in text else zxingcpp.BarcodeFormat.Code128
    read = barcode_reader.codes(label(text, kind, gs1=True))
    assert label_codes.candidates(read) == (EAN,)


async def _found(stage: Stage, codes: Sequence[str], goods: Mapping[str, Sequence[Product]]) -> Seen:
    """Scan these codes, of which the catalogue has these goods."""
    asked = (await stage.answer(await _scanned(stage), codes)).job
    assert asked.kind == labels.FIND_BY_LABEL
    pages = [ProductPage(tuple(goods.get(one, ())), len(goods.get(one, ()))) for one in asked.payload["queries"]]
    return await stage.answer(asked, pages)


async def test_of_several_codes_the_one_that_the_catalogue_has_opens(stage: Stage) -> None:
    seen = await _found(stage, [EAN, "SN00123456", DRILL.article], {DRILL.article: [DRILL]})
    assert (seen.job.kind, seen.job.payload["product"]) == ("card", DRILL.id)


async def test_of_two_goods_the_master_chooses(stage: Stage) -> None:
    seen = await _found(stage, [DRILL.article, BIT.article], {DRILL.article: [DRILL], BIT.article: [BIT]})
    assert seen.job.kind == "page_offers"
    shown = (await stage.answer(seen.job, OFFERS)).screen
    assert shown.text.startswith(f"🔎 «{DRILL.article} / {BIT.article}» — 2")
    assert [shown.data(number) for number in "12"] == [
        f"k1:{seen.job.payload['search']}:{one.id}" for one in (DRILL, BIT)
    ]


async def test_one_article_of_several_goods_is_a_list(stage: Stage) -> None:
    seen = await _found(stage, ["AB-12345", "SN00123456"], {"AB-12345": [DRILL, BIT]})
    assert seen.job.kind == "page_offers"


async def test_where_the_catalogue_has_none_it_is_said(stage: Stage) -> None:
    seen = await _found(stage, [EAN, "AB-12345"], {})
    assert seen.screen.text == texts.search.nothing_found(EAN)


def test_the_number_of_a_good_counts_before_an_article_and_that_before_a_name() -> None:
    named, whole, numbered = DRILL, replace(SAW, article="AB-12345"), BIT
    pages = {"AB12345": ProductPage((named, whole), 2), "SN00123456": ProductPage((named,), 1)}
    assert labels.likeliest(pages) == [whole]
    assert labels.likeliest({**pages, EAN: ProductPage((numbered,), 1)}) == [numbered]
    assert labels.likeliest({"SN00123456": ProductPage((named, whole), 2), "X": ProductPage((named,), 1)}) == [
        named,
        whole,
    ]


async def test_all_codes_of_a_label_are_one_request(stage: Stage) -> None:
    codes = [EAN, *(f"AB-{number:05}" for number in range(9))]
    asked = (await stage.answer(await _scanned(stage), codes)).job
    assert len(asked.payload["queries"]) == label_codes.MOST
    assert stage.kinds[asked.kind].plan(asked).weight <= MOST_COMMANDS


@pytest.mark.parametrize("codes", [[], ["https://example.org/p/1"], ["x"]])
async def test_without_a_code_the_ways_on_are_told(stage: Stage, codes: Sequence[str]) -> None:
    seen = await stage.answer(await _scanned(stage), codes)
    assert seen.screen.text == texts.scanning.no_code()
    assert texts.labels.RETURN_GOODS in seen.screen.labels


@pytest.mark.parametrize(
    ("code", "text"),
    [("FILE_GONE", texts.scanning.not_given()), ("FILE_SLOW", texts.scanning.no_code()), ("x", None)],
)
async def test_a_photo_that_does_not_come_is_told(stage: Stage, code: str, text: str | None) -> None:
    said = (await stage.refuse(await _scanned(stage), Refusal(code))).screen.text
    assert said == text if text else said not in (texts.scanning.no_code(), texts.scanning.not_given())


async def test_of_an_album_the_first_photo_is_looked_at(stage: Stage) -> None:
    assert (await stage.write(photo=PHOTO, media_group_id="1")).jobs
    assert not (await stage.write(photo=PHOTO, media_group_id="1")).jobs
    assert (await stage.write(photo=PHOTO, media_group_id="2")).jobs
