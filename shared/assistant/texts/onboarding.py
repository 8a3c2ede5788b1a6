"""The texts for newcomers: invites, the first screens, help."""

from __future__ import annotations

from shared.telegram.formatting import escape


def stranger() -> str:
    """Say that the bot works by invitation."""
    return "Бот работает по приглашению. Попросите ссылку у вашего менеджера."


def blocked() -> str:
    """Answer a master whom the operators have shut out."""
    return "Доступ закрыт. Обратитесь к вашему менеджеру."


def too_often() -> str:
    """Answer who writes too much; then comes silence."""
    return "Слишком часто. Подождите минуту и продолжайте: корзина и заказы на месте."


def invite_bad() -> str:
    """Say that an invite is forged, cut or expired."""
    return "Ссылка не подходит или устарела. Попросите у вашего менеджера новую."


def invite_taken() -> str:
    """Say that somebody else came in by this invite."""
    return "По этой ссылке уже вошёл другой мастер. Попросите у вашего менеджера ссылку для себя."


def ask_phone() -> str:
    """Ask who came in by an invite that names nobody for his phone."""
    return (
        "Здравствуйте. Остался один шаг: пришлите ваш номер телефона — по нему магазин вас узнает.\n\n"
        "Нажмите кнопку под строкой ввода."
    )


def phone_typed() -> str:
    """Say that a typed number does not count."""
    return "Набранный номер не подойдёт: так можно назвать и чужой. Нажмите кнопку под строкой ввода."


def phone_foreign() -> str:
    """Say that somebody else's number does not count."""
    return "Это чужой номер, а нужен ваш. Нажмите кнопку под строкой ввода."


def phone_unread() -> str:
    """Say that Telegram's number is none that can be called."""
    return "Прочитать этот номер не получилось. Попросите у вашего менеджера ссылку на ваше имя."


def looking_for_him() -> str:
    """Say that the number came, and what happens now."""
    return "Номер получили. Проверяем его в магазине — это несколько секунд."


def bound_later() -> str:
    """Say that it takes longer, and that nothing is to be done."""
    return "Магазин отвечает не сразу. Номер у нас, присылать ещё раз не нужно: откроем доступ и напишем."


def not_bound() -> str:
    """Say that it came to nothing, and what to do."""
    return (
        "Открыть доступ пока не получилось. Нажмите кнопку ещё раз через несколько минут. "
        "Если не поможет, попросите у вашего менеджера ссылку на ваше имя."
    )


def welcome(name: str) -> str:
    """Greet a master who has just come in."""
    return (
        f"Здравствуйте, {escape(name)}. Доступ открыт.\n\n"
        "Напишите название или артикул — покажем цену и наличие.\n"
        "Корзина — /cart, заказы — /myorders, где заказ — /track."
    )


def welcome_back(name: str) -> str:
    """Greet a master who is known."""
    return f"{escape(name)}, что ищем? Напишите название или артикул."


def help_text() -> str:
    """Explain what the bot can do."""
    return (
        "Напишите название или артикул, пришлите фото штрихкода — покажем цену и наличие.\n"
        "Или пришлите список, сообщением или файлом: в каждой строке артикул и количество.\n\n"
        "/catalog — каталог по разделам\n"
        "/cart — корзина\n"
        "/myorders — ваши заказы\n"
        "/track — где заказ\n"
        "/return — вернуть товар\n"
        "/lists — ваши сохранённые списки\n"
        "/watches — товары, за которыми следим\n"
        "/support — написать менеджеру\n"
        "/settings — звук сообщений, тихие часы, имя и телефон\n"
        "/cancel — прервать оформление"
    )


def nothing_to_cancel() -> str:
    """Answer /cancel when nothing is under way."""
    return "Прерывать нечего. Напишите название или артикул — найдём."


def canceled() -> str:
    """Answer /cancel."""
    return "Оформление прервано. Заказ не создан, корзина на месте."


def not_text() -> str:
    """Answer something that is not text."""
    return "Такое сообщение прочитать не получится. Напишите название или артикул словами."
