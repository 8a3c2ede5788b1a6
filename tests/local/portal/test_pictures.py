"""Pictures of products."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from infra.local.portal import Portal, pictures
from infra.local.portal.catalogue import Category, build_catalogue
from infra.local.portal.pictures import SIZE, draw_picture
from tests.local.portal.conftest import RestClient


async def test_a_picture_is_a_jpeg_for_anybody_and_always_the_same(rest: RestClient, portal: Portal):
    first = await rest.http.get("/upload/1001.jpg")
    assert first.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(first.content)) as image:
        assert (image.format, image.size) == ("JPEG", (SIZE, SIZE))
    assert (await rest.http.get("/upload/1001.jpg")).content == first.content
    product = portal.shop.catalogue.get("1001")
    assert product is not None
    assert draw_picture(product) == first.content


async def test_what_has_no_picture_is_404(rest: RestClient, portal: Portal):
    bare = next(product for product in portal.shop.catalogue.all() if not product.has_picture)
    for path in (f"/upload/{bare.id}.jpg", "/upload/1.jpg", "/upload/x.jpg"):
        assert (await rest.http.get(path)).status_code == 404
    assert [record.status for record in portal.rest.calls.since()] == [404, 404]


@pytest.mark.parametrize("category", list(Category))
def test_every_shelf_has_an_icon(category):
    product = next(product for product in build_catalogue().all() if product.category is category)
    with Image.open(io.BytesIO(draw_picture(product))) as image:
        middle = image.crop((60, 60, SIZE - 60, 480))
        assert len(middle.getcolors(maxcolors=1_000_000) or []) > 20


@pytest.fixture
def no_fonts(monkeypatch):
    pictures._cyrillic.cache_clear()
    monkeypatch.setattr(pictures, "_FONTS", ("no-such-font.ttf",))
    yield
    pictures._cyrillic.cache_clear()


@pytest.mark.usefixtures("no_fonts")
def test_without_a_russian_font_there_is_still_a_picture():
    for product in build_catalogue().search("ДШЛ-121-2"):
        with Image.open(io.BytesIO(draw_picture(product))) as image:
            assert image.size == (SIZE, SIZE)
