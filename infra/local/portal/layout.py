"""The look shared by the portal's pages, and small helpers to write them. Nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from html import escape
from string import Template

from shared.status import Status

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"

LABELS: Mapping[Status, str] = {
    Status.NEW: "Новый",
    Status.PAYED: "Оплачен",
    Status.WAITING_FOR_DELIVERY: "Собирается",
    Status.SHIPPED: "В пути",
    Status.DELIVERED: "Доставлен",
    Status.FINISHED: "Завершён",
    Status.CANCELED: "Отменён",
    Status.RETURN_IN_PROGRESS: "Возврат на проверке",
    Status.RETURN_COMPLETED: "Возврат принят",
    Status.RETURN_REJECTED: "Возврат отклонён",
}

_BAD = frozenset({Status.CANCELED, Status.RETURN_REJECTED})

_PAGE = Template("""<!DOCTYPE html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>$title</title>
<link rel="icon" href="data:,">
<style>
:root { --ink: #22272f; --soft: #5b6472; --line: #e3e6ea; --paper: #f6f6f3; --main: #00798a; --bad: #b3322c; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.45 system-ui, "Segoe UI", sans-serif; }
main { max-width: $width; margin: 0 auto; padding: 28px 16px 48px; }
h1 { font-size: 1.5rem; margin: 0 0 4px; }
h2 { font-size: 1.15rem; margin: 28px 0 8px; }
h3 { font-size: 1rem; margin: 14px 0 4px; } .card > h2:first-child { margin-top: 0; }
p { margin: 6px 0; }
.soft { color: var(--soft); }
.card { background: #fff; border: 1px solid var(--line); border-radius: 14px; padding: 16px 18px; margin: 12px 0; }
.row { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; justify-content: space-between; }
.status { border-radius: 99px; padding: 2px 12px; background: #e0f0f0; color: #005a66; font-size: .9rem; }
.status.bad { background: #fae4e2; color: var(--bad); }
.sum { font-weight: 700; white-space: nowrap; }
ul { list-style: none; margin: 10px 0; padding: 0; }
li { display: flex; gap: 16px; justify-content: space-between; padding: 5px 0; border-bottom: 1px solid var(--line); }
li span:last-child { white-space: nowrap; }
form { display: flex; flex-wrap: wrap; gap: 8px; margin: 10px 0 0; align-items: center; }
button { font: inherit; border: 0; border-radius: 10px; padding: 9px 16px; background: var(--main); color: #fff;
  cursor: pointer; }
button:hover { filter: brightness(1.08); }
button:focus-visible, input:focus-visible, select:focus-visible, summary:focus-visible { outline: 3px solid #7cc4cd; }
button.quiet { background: #eceef0; color: var(--ink); }
button.wide { width: 100%; padding: 14px; font-size: 1.1rem; }
input, select { font: inherit; padding: 8px 10px; border: 1px solid #c9ced6; border-radius: 10px; min-width: 0;
  background: #fff; color: var(--ink); }
label { display: flex; flex-direction: column; font-size: .85rem; color: var(--soft); }
.photos { display: flex; flex-wrap: wrap; gap: 8px; }
.photos img { width: 120px; height: 120px; object-fit: cover; border-radius: 10px; border: 1px solid var(--line); }
a { color: var(--main); }
.beside { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 16px; align-items: start; }
.story { padding: 0; margin: 0; list-style: none; }
.story li { overflow-wrap: anywhere; }
.story .soft { display: block; font-size: .85rem; white-space: normal; }
.story .bad > span:last-child { color: var(--bad); }
@media (max-width: 760px) { .beside { grid-template-columns: minmax(0, 1fr); } }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eef1f4; --soft: #a2adb9; --line: #313b46; --paper: #10161c; --main: #3fb6c6; --bad: #ff8d84; }
  .card, input, select { background: #1a222b; }
  .status { background: #14343a; color: #8fdbe6; } .status.bad { background: #43211f; color: #ff9d95; }
  button { color: #06181b; } button.quiet { background: #2b3540; }
}
summary { cursor: pointer; color: var(--soft); margin-top: 10px; }
</style>
</head>
<body><main>
$body
</main></body>
</html>
""")


def page(title: str, body: str, *, width: str = "46rem") -> str:
    """Return a whole page; `title` is plain text, `body` is HTML."""
    return _PAGE.substitute(title=escape(title), body=body, width=width)


def sum_text(amount: Decimal, currency: str = "RUB") -> str:
    """Return a sum the way Russians write it: `1 234,50 ₽`, kopecks only when there are some."""
    whole, _, kopecks = f"{amount:,.2f}".partition(".")
    text = whole.replace(",", NO_BREAK_SPACE) + ("" if kopecks == "00" else f",{kopecks}")
    return f"{text}{NO_BREAK_SPACE}{'₽' if currency == 'RUB' else currency}"


def badge(status: Status) -> str:
    """Return a status as a coloured word."""
    return f'<span class="status{" bad" if status in _BAD else ""}">{LABELS[status]}</span>'


def choices(statuses: Iterable[Status], current: Status) -> str:
    """Return statuses as the options of a selection."""
    return "".join(
        f'<option value="{status.value}"{" selected" if status is current else ""}>{LABELS[status]}</option>'
        for status in statuses
    )
