// What things are called on the page.
export const FUNCTIONS = {
  telegram_update: "telegram_update: принять сообщение",
  bitrix_webhook: "bitrix_webhook: принять событие портала",
  bitrix_call: "bitrix_call: один запрос к порталу",
  telegram_send: "telegram_send: дослать сообщение",
  housekeeping: "housekeeping: подобрать забытое",
  token_refresh: "token_refresh: продлить доступ",
};

export const SYSTEMS = { bitrix: "портал", telegram: "Телеграм" };

export const LEGEND = [
  ["read", "чтение"], ["write", "запись, всегда одна"], ["batch", "пачка: одно обращение, до 50 команд"],
  ["file", "файл"], ["fault", "сбой или отказ"], ["wait", "ждёт очереди или повтора"],
];

const GROUPS = {
  inbox_telegram: "inbox", inbox_bitrix: "inbox", jobs: "job", sessions: "talk", screens: "talk", masters: "talk",
  searches: "talk", carts: "cart", checkouts: "cart", baskets: "cart", orders: "order", order_lists: "order",
  returns: "order", return_lists: "order", return_drafts: "order",
};

export function group(collection) { return GROUPS[collection] || "other"; }

export const GROUP_WORDS = {
  inbox: "событие принято", job: "задание", talk: "разговор", cart: "корзина и оформление", order: "заказ, возврат", other: "прочее",
};

export function counted(number, one, few, many) {
  const tens = number % 100;
  const ones = number % 10;
  const word = tens > 10 && tens < 20 ? many : ones === 1 ? one : ones > 1 && ones < 5 ? few : many;
  return `${number}\u00a0${word}`;
}

export function seconds(value) {
  return value < 1 ? `${Math.round(value * 1000)}\u00a0мс` : `${value.toLocaleString("ru", { maximumFractionDigits: 1 })}\u00a0с`;
}
