"""Returns."""

from dataclasses import replace
from decimal import Decimal

from shared.assistant import texts
from shared.assistant.returns import screens as returns
from shared.domain.orders import OrderRef
from shared.domain.return_drafts import MOST_PHOTOS, DraftPhoto, DraftStage, PhotoUpload, ReturnDraft, ReturnItem
from shared.domain.return_records import ReturnRecord
from shared.domain.returns import ReturnState
from shared.status import Status
from tests.assistant import samples
from tests.assistant.gallery.case import case
from tests.assistant.gallery.painting import FOLDER, painted
from tests.assistant.samples import NOW, USER, known_order
from tests.support.golden import agreed

GOODS = (
    ReturnItem("7", samples.DRILL.name, Decimal(1), Decimal(1)),
    ReturnItem("8", samples.BIT.name, Decimal(10), Decimal(3)),
    ReturnItem("9", samples.SAW.name, Decimal(2)),
)
PICTURES = tuple(
    DraftPhoto(f"F{number}", f"U{number}", "jpg", PhotoUpload.KEPT, str(number)) for number in range(MOST_PHOTOS)
)

OPEN = ReturnDraft("d" * 32, USER, USER, "5121", GOODS)
READY = replace(OPEN, reason="Брак", pictures=PICTURES[:3])
NOTED = replace(READY, note="Не держит <заряд>; трещина у кнопки")
LOST = replace(READY.without(0), stage=DraftStage.SENDING)
MADE = ReturnRecord("77", "5121", USER, USER, NOW)
SENT = replace(MADE, goods=GOODS[:2], complaint="Брак — Не держит <заряд>", photos=3)
REJECTED = replace(MADE.told(Status.RETURN_REJECTED, "следы <удара>"), id="76")

CASES = [
    case("возвратов и заказов нет", returns.overview, [], []),
    case("возвраты и заказы", returns.overview, [MADE, REJECTED], [known_order(Status.NEW, Status.SHIPPED)]),
    case("возврат: на рассмотрении", returns.one, SENT),
    case("возврат: отклонён", returns.one, REJECTED),
    case("фото приходят альбомом", returns.photos_coming, READY),
    case("заказ ещё не отправлен", returns.impossible, lambda: texts.returns.not_handed_over("5121"), OrderRef("5121")),
    case("всё уже возвращено", returns.impossible, lambda: texts.returns.nothing_left("5121"), OrderRef("5121")),
    case("заказ не прочитать", returns.impossible, texts.returns.silent, OrderRef("5121")),
    case("товары: выбраны", returns.goods, OPEN),
    case("товары: ничего не выбрано", returns.goods, replace(OPEN, goods=GOODS[2:])),
    case("ничего не отмечено", texts.returns.nothing_chosen),
    case(
        "метры",
        returns.goods,
        replace(
            OPEN,
            goods=(
                ReturnItem("12", samples.CABLE.name, Decimal("2.5"), Decimal("0.5"), "м", Decimal("0.5")),
                ReturnItem("13", samples.CABLE.name, Decimal(3), unit="м", step=Decimal("0.5")),
            ),
        ),
    ),
    case("причина", returns.ask_reason, OPEN),
    case("причина словами", returns.ask_reason_text, OPEN),
    case("причина слишком короткая", texts.returns.reason_odd),
    case("фото: ещё нет", returns.ask_photos, OPEN),
    case("фото: три", returns.ask_photos, READY),
    case("фото: с подписью", returns.ask_photos, NOTED),
    case("фото: больше не нужно", returns.ask_photos, replace(READY, pictures=PICTURES)),
    case("фото: уже было", texts.returns.photo_taken_before),
    case("фото: лишнее", texts.returns.photo_extra),
    case("фото: слишком большое", texts.returns.photo_too_large),
    case("фото: не картинка", texts.returns.not_a_photo),
    case("фото: ждём", texts.returns.photos_wanted),
    case("подтверждение", returns.confirmation, READY),
    case("подтверждение: с подписью к фото", returns.confirmation, NOTED),
    case("оформляется: кнопка", returns.busy_keyboard),
    case("оформляется: ещё раз", texts.returns.sending),
    case("оформлен: ещё раз", texts.returns.already_registered),
    case("оформлен", returns.registered, READY, ReturnState("77", Status.RETURN_IN_PROGRESS)),
    case("оформлен, фото потерялись", returns.registered, LOST, ReturnState("77", Status.RETURN_IN_PROGRESS)),
    case(
        "оформлен, фото потерялись, передать некому",
        returns.registered,
        LOST,
        ReturnState("77", Status.RETURN_IN_PROGRESS),
        people=False,
    ),
    case("не принят", returns.told, lambda: texts.returns.refused(people=True)),
    case("не принят, передать некому", returns.told, lambda: texts.returns.refused(people=False)),
    case("неясно", returns.told, texts.returns.unsure),
    case("так и неясно", returns.told, lambda: texts.returns.lost(people=True)),
    case("так и неясно, передать некому", returns.told, lambda: texts.returns.lost(people=False)),
    case("отменён", returns.told, texts.returns.canceled),
    case("новость: принят", returns.news, MADE, ReturnState("77", Status.RETURN_COMPLETED)),
    case("новость: отклонён", returns.news, MADE, ReturnState("77", Status.RETURN_REJECTED, "следы <удара>")),
    case("новость: отклонён без причины", returns.news, MADE, ReturnState("77", Status.RETURN_REJECTED)),
    case("операторам: возврат", texts.returns.by_hand, LOST, "key-1", ["https://portal.test/docs/file/1/"]),
    case("операторам: фото", texts.returns.photo_by_hand, "5121", "return-d-1.jpg"),
    case("операторам: лишние возвраты", texts.returns.extra_returns, "77", ("78", "79")),
    case("операторам: старое фото", texts.returns.photo_to_delete, "9001"),
]


def test_the_screens_are_as_reviewed() -> None:
    assert painted(CASES) == agreed(FOLDER / "returns.txt", painted(CASES))
