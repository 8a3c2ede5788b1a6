// The chat page: shows one person's dialogue and acts for that person through the control endpoints.
import { buttonRows, element, messageElement } from "./render.js";
import { answerTo, closeMenus, rewrite, searchInline, startComposer } from "./composer.js";
import { clearFeed, drawFeed, grown, toBottom } from "./feed.js";
import { close as closeSide, showSide } from "./side.js";
import { drawTopics, ofTopic } from "./topics.js";
import { $, ask, attempt, copy, toast } from "./wire.js";

const OPERATOR = 900001;
const TYPING_SECONDS = 5;
const SIDE_SECONDS = 5;
const feed = $("feed");
const state = { id: Number(location.hash.slice(1)) || 501, view: null, about: null, seen: null, waiting: new Map(), topic: null, line: null };

function inGroup() { return state.id < 0; }

function me() {
  if (!inGroup()) return { user_id: state.id };
  return { user_id: OPERATOR, chat_id: state.id, ...(state.topic ? { message_thread_id: state.topic } : {}) };
}

const actions = {
  say: (text) => attempt(() => ask("messages", { ...me(), text })),
  view: (photo) => { $("viewer").querySelector("img").src = photo; $("viewer").showModal(); },
  grown,
  acts: actsOn,
  tap: (message, button, node) => attempt(async () => {
    if (state.about.mirror) {
      toast("Это зеркало: нажимают в Telegram");
    } else if (button.copy_text) {
      await copy(button.copy_text.text, "Скопировано");
    } else if (button.data !== undefined) {
      node.classList.add("waiting");
      const answer = await ask("taps", { ...me(), message_id: message.id, button: button.text, data: button.data });
      state.waiting.set(answer.callback_id, node);
    } else {
      searchInline(button.switch_inline_query_current_chat ?? button.switch_inline_query ?? "");
    }
  }),
};

const ACTS = { answer: ["Ответить", answerTo], rewrite: ["Изменить", rewrite], forward: ["Переслать боту", forward] };

function forward(message) { attempt(() => ask("forwards", { ...me(), message_id: message.id })); }

function isOwnWords(message) {
  const own = message.from === "user" && message.sender_id === me().user_id && message.text;
  return own && !message.forwarded && !message.via_bot;
}

// What the person may do with a message.
function actsOn(message) {
  if (state.about.mirror) return [];
  const forwarded = inGroup() || message.protected ? [] : [ACTS.forward];
  return [ACTS.answer, ...(isOwnWords(message) ? [ACTS.rewrite] : []), ...forwarded];
}

function drawMessages(view, news) {
  const known = new Map(view.messages.map((message) => [message.id, message]));
  const sender = (message) => (inGroup() ? message.sender : "");
  const make = (message) => messageElement(message, { actions, answered: known.get(message.reply_to), sender: sender(message) });
  drawFeed(inGroup() ? ofTopic(view, state.topic) : view.messages, new Set(news.map(({ id }) => id)), make);
}

function drawEmpty(view) {
  feed.querySelector(".empty")?.remove();
  if (view.messages.length || inGroup() || state.about.mirror) return;
  const start = element("button", { type: "button", className: "wide", textContent: "Начать" });
  start.addEventListener("click", () => actions.say("/start"));
  const words = state.about.description || "Напишите боту или нажмите «Начать».";
  feed.append(element("div", { className: "empty" }, element("p", { textContent: words }), start));
}

function drawKeyboard(view) {
  const rows = view.keyboard?.keyboard;
  const look = JSON.stringify(rows || null);
  if ($("keyboard").dataset.look === look) return;
  $("keyboard").dataset.look = look;
  $("keyboard").hidden = !rows;
  $("text").placeholder = view.keyboard?.input_field_placeholder || "Сообщение";
  $("keyboard").replaceChildren(...buttonRows(rows || [], (button) => {
    const node = element("button", { type: "button", textContent: button.text });
    if (button.request_contact) node.title = "Отправит ваш номер телефона";
    if (button.request_location) node.title = "Отправит место на карте";
    node.addEventListener("click", () => attempt(() => ask("taps", { ...me(), button: button.text })));
    return node;
  }));
}

function drawStatus(view) {
  const action = view.chat_actions.at(-1);
  const last = view.messages.filter((message) => message.from === "bot").at(-1);
  const busy = action && action.age < TYPING_SECONDS && (!last || action.date > last.date);
  const late = view.pending.some((update) => update.attempts.length);
  const words = { upload_photo: "отправляет фото…", upload_document: "отправляет файл…" };
  $("status").textContent = busy ? words[action.action] || "печатает…" : late ? "бот не отвечает, повторяем…" : inGroup() ? "группа" : "бот";
}

function showAnswers(view) {
  const first = state.seen === null;
  state.seen ??= new Set();
  for (const answer of view.toasts) {
    if (state.seen.has(answer.callback_id)) continue;
    state.seen.add(answer.callback_id);
    state.waiting.get(answer.callback_id)?.classList.remove("waiting");
    state.waiting.delete(answer.callback_id);
    if (first || !answer.text) continue;
    if (answer.alert) {
      $("alert").querySelector("p").textContent = answer.text;
      if (!$("alert").open) $("alert").showModal();
    } else toast(answer.text);
  }
}

// What came since the last look, put among what was there.
function merged(fresh) {
  const known = new Map((state.view?.messages || []).map((message) => [message.id, message]));
  for (const message of fresh.messages) known.set(message.id, message);
  return { ...fresh, messages: fresh.present.map((id) => known.get(id)).filter(Boolean) };
}

function draw(view, news = view.messages) {
  state.view = view;
  const blocked = Boolean(view.user?.blocked);
  $("title").textContent = inGroup() ? view.title : state.about.bot.first_name;
  $("avatar").textContent = $("title").textContent.slice(0, 1);
  $("form").hidden = blocked || Boolean(state.about.mirror);
  $("menu").hidden = !state.about.commands.length;
  $("unblock").hidden = !blocked;
  $("block").hidden = blocked || inGroup() || !view.user?.started || Boolean(state.about.mirror);
  if (!view.topics.some((topic) => topic.id === state.topic)) state.topic = null;
  drawTopics(view, state.topic, chooseTopic);
  drawMessages(view, news);
  drawEmpty(view);
  drawKeyboard(blocked ? { keyboard: null } : view);
  drawStatus(view);
  showAnswers(view);
  grown();
}

// Server-sent events: first the whole dialogue, then what comes. A page that nobody sees holds no line.
function follow() {
  state.line?.close();
  state.line = null;
  if (document.hidden) return;
  const line = new EventSource(`/_sim/chats/${state.id}/stream`);
  state.line = line;
  line.addEventListener("message", (event) => {
    if (line !== state.line) return;
    const fresh = JSON.parse(event.data);
    draw(merged(fresh), fresh.messages);
  });
  line.addEventListener("error", () => { $("status").textContent = "нет связи со стендом"; });
}

async function choose(id) {
  if (id === state.id && state.view) return;
  Object.assign(state, { id, view: null, seen: null, topic: null });
  state.waiting.clear();
  clearFeed();
  answerTo(null);
  closeMenus();
  history.replaceState(null, "", `#${id}`);
  await refreshSide();
  follow();
}

function chooseTopic(topic) {
  state.topic = topic;
  clearFeed();
  answerTo(null);
  draw(state.view);
  toBottom();
}

// A link into the dialogue with this bot is opened here, as the application would.
feed.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  const start = link && new URL(link.href).searchParams.get("start");
  if (!start || !link.href.startsWith(`https://t.me/${state.about.bot.username}?`) || inGroup()) return;
  event.preventDefault();
  actions.say(`/start ${start}`);
});

async function refreshSide() {
  const [about, users] = await Promise.all([ask(`about?chat_id=${state.id}`), ask("users")]);
  state.about = about;
  showSide({ about, users, current: state.id, choose, say: actions.say });
}

async function newPerson() {
  const users = await ask("users");
  const id = Math.max(500, ...users.map((user) => user.id).filter((other) => other < OPERATOR)) + 1;
  await ask("users", { user_id: id });
  closeSide();
  await choose(id);
}

$("block").addEventListener("click", () => attempt(() => ask("blocks", { user_id: state.id, blocked: true })));
$("unblock").addEventListener("click", () => attempt(() => ask("blocks", { user_id: state.id, blocked: false })));
$("new-person").addEventListener("click", () => attempt(newPerson));
window.addEventListener("hashchange", () => attempt(() => choose(Number(location.hash.slice(1)) || 501)));

// In a story's telephone there is nothing but the dialogue.
document.body.classList.toggle("alone", location.search === "?alone");
startComposer({ me, inGroup, toBottom, about: () => state.about });
await ask(`chats/${state.id}`);
await refreshSide();
setInterval(() => { if (!document.hidden) refreshSide().catch(() => {}); }, SIDE_SECONDS * 1000);
document.addEventListener("visibilitychange", follow);
follow();
