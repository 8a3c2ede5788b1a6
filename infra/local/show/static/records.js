// What the bot remembers of one order: its records as they are in the store now.
import { $, ask, element } from "./dom.js";
import { counted, group } from "./words.js";

function card(record) {
  const written = counted(record.writes, "запись", "записи", "записей");
  const words = record.data === null ? "удалено" : JSON.stringify(record.data, null, 2);
  return element("details", { className: "kept" },
    element("summary", {}, element("i", { className: `dot ${group(record.in)}` }), `${record.in} / ${record.id}`, element("small", { textContent: ` · ${written}` })),
    element("pre", { textContent: words, tabIndex: 0, ariaLabel: `${record.in} ${record.id}` }));
}

export async function showRecords(order) {
  const found = await ask(`records?order=${encodeURIComponent(order)}`);
  const none = element("p", { className: "soft", textContent: "Об этом заказе бот ничего не помнит." });
  $("records").replaceChildren(
    element("h3", { textContent: `Что бот помнит о заказе № ${order}` }),
    ...(found.length ? found.map(card) : [none]));
}

// A link from the shop's desk names the order.
export function showLinked() {
  const order = new URLSearchParams(location.search).get("order");
  if (!order) return;
  showRecords(order).then(() => $("records").scrollIntoView()).catch(() => {});
}
