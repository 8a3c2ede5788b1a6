"""`catalog.*` about goods: catalogues, products, variations, sections.

Goods with variations lie in two information blocks: the parents among the products, what is ordered among the offers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from infra.local.portal.catalogue import SECTIONS, Catalogue, Section
from infra.local.portal.catalogue.model import ProductType
from infra.local.portal.dialect import Call, Method, Reply
from infra.local.portal.errors import RestError
from infra.local.portal.native.families import GOODS, VIEW
from infra.local.portal.native.field_kinds import asked_ids
from infra.local.portal.native.field_kinds import fields as kinds
from infra.local.portal.native.goods_pictures import find_product
from infra.local.portal.native.goods_rows import GoodsRows
from infra.local.portal.native.listing import Listing
from infra.local.portal.native.options import NativeOptions
from infra.local.portal.native.reading import names_of, object_id, php_int, section, yes

_SECTIONS = Listing(
    "sections", kinds(ints="id iblockId iblockSectionId sort", texts="name code", flags="active"), GOODS
)
_PROPERTIES = Listing(
    "productProperties",
    kinds(ints="id iblockId sort", texts="name code propertyType userType", flags="active multiple"),
    VIEW,
)
_CATALOGS = Listing("catalogs", kinds(ints="id iblockId productIblockId skuPropertyId", texts="name"), VIEW)


class CatalogMethods:
    """The methods about goods."""

    def __init__(self, options: NativeOptions, catalogue: Catalogue, rows: GoodsRows) -> None:
        self._options = options
        self._catalogue = catalogue
        self._rows = rows

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "catalog.catalog.list": Method(self.catalogs, scope="catalog"),
            "catalog.product.list": Method(self.products, scope="catalog"),
            "catalog.product.sku.list": Method(self.parents, scope="catalog"),
            "catalog.product.offer.list": Method(self.offers, scope="catalog"),
            "catalog.section.list": Method(self.sections, scope="catalog"),
            "catalog.productproperty.list": Method(self.properties, scope="catalog"),
            "catalog.product.get": Method(self.product, scope="catalog"),
        }

    def catalogs(self, call: Call) -> Reply:
        """`catalog.catalog.list`: the products' block, and the offers' where anything is sold in variations."""
        native = self._options
        rows = [self._catalog(native.iblock_id, "Товарный каталог")]
        if self._catalogue.has_offers:
            offers = self._catalog(native.offers_iblock_id, "Торговые предложения")
            rows.append({**offers, "productIblockId": native.iblock_id, "skuPropertyId": native.sku_property})
        return _CATALOGS.under(native).reply(call.params, rows)

    def _catalog(self, iblock_id: int, name: str) -> dict[str, Any]:
        return {
            "id": iblock_id,
            "iblockId": iblock_id,
            "iblockTypeId": "CRM_PRODUCT_CATALOG",
            "lid": self._options.site,
            "name": name,
            "productIblockId": None,
            "skuPropertyId": None,
            "subscription": "N",
            "yandexExport": "N",
            "vatId": 0,
        }

    def products(self, call: Call) -> Reply:
        """`catalog.product.list`: all that lies in one information block, parents and variations included."""
        return self._goods(call, "products", tuple(ProductType))

    def parents(self, call: Call) -> Reply:
        """`catalog.product.sku.list`: the products that only hold variations."""
        self._only_block(call, self._options.iblock_id)
        return self._goods(call, "units", (ProductType.PARENT,))

    def offers(self, call: Call) -> Reply:
        """`catalog.product.offer.list`: the variations."""
        self._only_block(call, self._options.offers_iblock_id)
        return self._goods(call, "offers", (ProductType.OFFER,))

    def _only_block(self, call: Call, iblock_id: int) -> None:
        if not self._catalogue.has_offers or _block(call) != iblock_id:
            raise RestError(0, "productType is not allowed for this catalog")

    def _goods(self, call: Call, wrapper: str, types: Collection[ProductType]) -> Reply:
        """`select` and `filter` must hold what makes a product one of a catalogue."""
        wanted = section(call.params, "filter")
        if not {"id", "iblockId"} <= names_of(call.params, "select"):
            raise RestError(0, "Required select fields: id, iblockId")
        if "iblockId" not in wanted:
            raise RestError(0, "Required filter fields: iblockId")
        offers = _block(call) == self._options.offers_iblock_id
        listing = Listing(wrapper, self._rows.fields(offers=offers), GOODS).under(self._options)
        params = call.params.replacing("filter", self._known(wanted, self._rows.article_field(offers=offers)))
        asked = self._catalogue.all_or(asked_ids(wanted, "id"))
        goods = [product for product in asked if product.type in types]
        return listing.reply_of(params, goods, self._rows.column, lambda product: self._rows.row(product, call.caller))

    def _known(self, wanted: Mapping[str, Any], article: str) -> dict[str, Any]:
        """Drop a substring of the article's property where the portal does not know how to look for one."""
        if self._options.property_substring:
            return dict(wanted)
        return {key: value for key, value in wanted.items() if not ("%" in key and key.endswith(article))}

    def sections(self, call: Call) -> Reply:
        """`catalog.section.list`; at the top a section has no parent, and a filter finds it by 0.

        Source: `catalog/section/catalog-section-list.md` of b24restdocs; the filter by 0 is the core's
        `CIBlockSection::GetList`.
        """
        if "iblockId" not in section(call.params, "filter"):
            raise RestError(0, "Required filter fields: iblockId")
        reply = _SECTIONS.under(self._options).reply(call.params, [self._section(one) for one in SECTIONS])
        for row in reply.result["sections"]:
            if row.get("iblockSectionId") == 0:
                row["iblockSectionId"] = None
        return reply

    def _section(self, one: Section) -> dict[str, Any]:
        return {
            "id": one.id,
            "iblockId": self._options.iblock_id,
            "iblockSectionId": one.parent,
            "name": one.name,
            "active": yes(one.active),
            "code": f"section-{one.id}",
            "sort": one.sort,
            "xmlId": str(one.id),
            "description": None,
            "descriptionType": "text",
        }

    def properties(self, call: Call) -> Reply:
        """`catalog.productProperty.list`: articles; what ties offers to parents and tells them apart."""
        native = self._options
        multiple = yes(self._catalogue.many_articles)
        rows = [self._property(native.article_property, native.iblock_id, "Артикул", "ARTNUMBER", multiple)]
        if self._catalogue.has_analogues:
            rows.append(
                self._property(native.analogues_property, native.iblock_id, "Аналоги", "ANALOGUES", "Y", kind="E")
            )
        if self._catalogue.has_accessories:
            number = native.accessories_property
            rows.append(self._property(number, native.iblock_id, "Сопутствующие товары", "ACCESSORIES", "Y", kind="E"))
        if self._catalogue.has_eans(offers=False):
            rows.append(self._property(native.ean_property, native.iblock_id, "Штрихкод", "EAN", "N"))
        if self._catalogue.has_offers:
            block = native.offers_iblock_id
            rows += [
                self._property(native.sku_property, block, "Элемент каталога", "CML2_LINK", "N", kind="E"),
                self._property(native.offers_article_property, block, "Артикул", "ARTNUMBER", multiple),
                self._property(native.trait_property, block, "Размер", "SIZE", "N", kind="L"),
            ]
        if self._catalogue.has_eans(offers=True):
            rows.append(
                self._property(native.offers_ean_property, native.offers_iblock_id, "Штрихкод", "CML2_BAR_CODE", "N")
            )
        return _PROPERTIES.under(native).reply(call.params, rows)

    def _property(
        self, number: int, iblock_id: int, name: str, code: str, multiple: str, *, kind: str = "S"
    ) -> dict[str, Any]:
        return {
            "id": number,
            "iblockId": iblock_id,
            "name": name,
            "code": code,
            "propertyType": kind,
            "userType": None,
            "multiple": multiple,
            "active": "Y",
            "sort": 500,
        }

    def product(self, call: Call) -> Reply:
        """`catalog.product.get`."""
        product = find_product(self._catalogue, object_id(call.params))
        offer = product.type is ProductType.OFFER
        listing = Listing("product", self._rows.fields(offers=offer), GOODS).under(self._options)
        return Reply({"product": listing.whole(self._rows.row(product, call.caller))})


def _block(call: Call) -> int:
    return php_int(section(call.params, "filter").get("iblockId"))
