// The chat page: shows one person's dialogue and acts for that person through the control endpoints.
import { buttonRows, element, messageElement } from "./render.js";
import { close as closeSide, showSide } from "./side.js";

const OPERATOR = 900001;
const TYPING_SECONDS = 5;
const POLL_SECONDS = 2;
const SIDE_SECONDS = 5;
const PAUSE = 1500;
const $ = (id) => document.getElementById(id);
const feed = $("feed");
const input = $("text");
const state = { id: Number(location.hash.slice(1)) || 501, view: null, about: null, drawn: new Map(), seen: null, waiting: new Map(), replyTo: null, query: null };

async function ask(path, body) {
  const options = body instanceof FormData ? { method: "POST", body } : body && {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  const response = await fetch(`/_sim/${path}`, options || {});
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || response.statusText);
  return answer;
}

function inGroup() { return state.id < 0; }

function me() { return inGroup() ? { user_id: OPERATOR, chat_id: state.id } : { user_id: state.id }; }

function toast(text) {
  const node = element("div", { textContent: text });
  $("toasts").append(node);
  setTimeout(() => node.remove(), 3000);
}

async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    toast(`Не получилось: ${error.message}`);
    return null;
  }
}

function atBottom() { return feed.scrollHeight - feed.scrollTop - feed.clientHeight < 120; }

function toBottom() { feed.scrollTop = feed.scrollHeight; }

const actions = {
  say: (text) => attempt(() => ask("messages", { ...me(), text })),
  view: (photo) => { $("viewer").querySelector("img").src = photo; $("viewer").showModal(); },
  grown: () => { if (feed.dataset.follow !== "no") toBottom(); },
  tap: (message, button, node) => attempt(async () => {
    if (button.copy_text) {
      await navigator.clipboard.writeText(button.copy_text.text);
      toast("Скопировано");
    } else if (button.data !== undefined) {
      node.classList.add("waiting");
      const answer = await ask("taps", { ...me(), message_id: message.id, button: button.text, data: button.data });
      state.waiting.set(answer.callback_id, node);
    } else {
      const query = button.switch_inline_query_current_chat ?? button.switch_inline_query ?? "";
      input.value = `@${state.about.bot.username} ${query}`;
      input.focus();
      searchInline();
    }
  }),
};

function drawMessages(view) {
  const follow = atBottom() || !state.drawn.size;
  const present = new Set(view.messages.map((message) => message.id));
  for (const [id, shown] of state.drawn) {
    if (!present.has(id)) { shown.node.remove(); state.drawn.delete(id); }
  }
  let added = false;
  for (const message of view.messages) {
    const shown = state.drawn.get(message.id);
    const look = JSON.stringify(message);
    if (shown?.look === look) continue;
    const answered = view.messages.find((other) => other.id === message.reply_to);
    const sender = inGroup() && message.from === "user" ? `Участник ${message.sender_id}` : "";
    const reply = inGroup() ? startReply : null;
    const node = messageElement(message, { actions: { ...actions, reply }, answered, sender });
    if (shown) { node.classList.add("fresh"); shown.node.replaceWith(node); } else { feed.append(node); added = true; }
    state.drawn.set(message.id, { node, look });
  }
  if (follow && added) toBottom();
  feed.dataset.follow = follow ? "yes" : "no";
}

function drawEmpty(view) {
  feed.querySelector(".empty")?.remove();
  if (view.messages.length || inGroup()) return;
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
  input.placeholder = view.keyboard?.input_field_placeholder || "Сообщение";
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

function draw(view) {
  state.view = view;
  const blocked = Boolean(view.user?.blocked);
  $("title").textContent = inGroup() ? view.title : state.about.bot.first_name;
  $("avatar").textContent = $("title").textContent.slice(0, 1);
  $("form").hidden = blocked;
  $("form").querySelector("label").hidden = inGroup();
  $("unblock").hidden = !blocked;
  $("block").hidden = blocked || inGroup() || !view.user?.started;
  drawMessages(view);
  drawEmpty(view);
  drawKeyboard(blocked ? { keyboard: null } : view);
  drawStatus(view);
  showAnswers(view);
}

async function follow() {
  for (;;) {
    const { id, view } = state;
    try {
      const since = view ? `?since=${view.version}&within=${POLL_SECONDS}` : "";
      const fresh = await ask(`chats/${id}${since}`);
      if (id === state.id) draw(fresh);
    } catch {
      $("status").textContent = "нет связи со стендом";
      await new Promise((done) => setTimeout(done, PAUSE));
    }
  }
}

async function choose(id) {
  if (id === state.id && state.view) return;
  Object.assign(state, { id, view: null, seen: null, replyTo: null });
  state.drawn.clear();
  state.waiting.clear();
  feed.replaceChildren();
  $("replying").hidden = true;
  history.replaceState(null, "", `#${id}`);
  draw(await ask(`chats/${id}`));
  await refreshSide();
}

function startReply(message) {
  state.replyTo = message;
  $("replying").hidden = false;
  $("replying").firstElementChild.textContent = `Ответ: ${message.text || message.caption || "фото"}`;
  input.focus();
}

async function send() {
  const text = input.value.trim();
  const files = [...$("files").files];
  if (!text && !files.length) return;
  toBottom();
  input.value = "";
  hideFound();
  if (files.length) {
    const form = new FormData();
    form.append("user_id", state.id);
    form.append("caption", text);
    files.forEach((file) => form.append("files", file));
    $("files").value = "";
    await attempt(() => ask("photos", form));
    return;
  }
  const reply = state.replyTo;
  state.replyTo = null;
  $("replying").hidden = true;
  const extra = reply ? { reply_to: reply.id, message_thread_id: reply.thread_id ?? undefined } : {};
  await attempt(() => ask("messages", { ...me(), text, ...extra }));
}

function hideFound() { state.query = null; $("found").hidden = true; $("found").replaceChildren(); }

async function searchInline() {
  const prefix = `@${state.about.bot.username} `;
  if (!input.value.startsWith(prefix) || inGroup()) { hideFound(); return; }
  const query = input.value.slice(prefix.length);
  state.query = query;
  await new Promise((done) => setTimeout(done, 350));
  if (state.query !== query) return;
  const found = await attempt(() => ask("inline", { ...me(), query, wait: true, within: 8 }));
  if (!found || state.query !== query) return;
  const results = found.answer?.results || [];
  $("found").hidden = false;
  $("found").replaceChildren(...results.map((result) => {
    const title = result.title || result.input_message_content?.message_text || result.id;
    const node = element("button", { type: "button" }, title, element("small", { textContent: result.description || "" }));
    node.addEventListener("click", async () => {
      hideFound();
      input.value = "";
      await attempt(() => ask("inline/choices", { ...me(), inline_query_id: found.inline_query_id, result_id: String(result.id) }));
    });
    return node;
  }));
  if (!results.length) $("found").append(element("p", { textContent: found.answer ? "Ничего не найдено" : "Бот не ответил" }));
}

async function refreshSide() {
  const [about, users] = await Promise.all([ask("about"), ask("users")]);
  state.about = about;
  showSide({ about, users, current: state.id, choose, say: actions.say, toast });
}

async function newPerson() {
  const users = await ask("users");
  const id = Math.max(500, ...users.map((user) => user.id).filter((other) => other < OPERATOR)) + 1;
  await ask("users", { user_id: id });
  closeSide();
  await choose(id);
}

$("form").addEventListener("submit", (event) => { event.preventDefault(); send(); });
input.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
});
input.addEventListener("input", searchInline);
$("files").addEventListener("change", send);
$("replying").querySelector("button").addEventListener("click", () => { state.replyTo = null; $("replying").hidden = true; });
$("block").addEventListener("click", () => attempt(() => ask("blocks", { user_id: state.id, blocked: true })));
$("unblock").addEventListener("click", () => attempt(() => ask("blocks", { user_id: state.id, blocked: false })));
$("new-person").addEventListener("click", () => attempt(newPerson));
window.addEventListener("hashchange", () => attempt(() => choose(Number(location.hash.slice(1)) || 501)));

await ask(`chats/${state.id}`);
await refreshSide();
setInterval(() => refreshSide().catch(() => {}), SIDE_SECONDS * 1000);
follow();
