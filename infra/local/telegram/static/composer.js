// Everything a person can send: words, an answer, photos, files, a contact, a place, a command, an inline result.
import { element } from "./render.js";
import { $, ask, attempt, toast } from "./wire.js";

const PICTURES = new Set(["image/jpeg", "image/png", "image/webp"]);
const WORKSHOP = { latitude: 56.8587, longitude: 35.9176 };
const COLLEAGUE = { first_name: "Коллега", phone_number: "+79201234567" };
const THINKING = 350;
const INLINE_SECONDS = 8;
const input = $("text");
const found = $("found");
const attachMenu = $("attach-menu");
let page = null;
let query = null;
const NOTE_SECONDS = 4;
let answered = null;
let edited = null;

function announce(words) {
  $("replying").hidden = !words;
  $("replying").firstElementChild.textContent = words;
  if (words) input.focus();
}

export function answerTo(message) {
  if (edited) input.value = "";
  [answered, edited] = [message, null];
  announce(message ? `Ответ: ${message.text || message.caption || "фото"}` : "");
}

export function rewrite(message) {
  [answered, edited] = [null, message];
  input.value = message.text;
  announce(`Изменить: ${message.text}`);
}

export function closeMenus() {
  query = null;
  found.hidden = true;
  found.replaceChildren();
  attachMenu.hidden = true;
  $("attach").setAttribute("aria-expanded", "false");
}

function cleared() {
  input.value = "";
  closeMenus();
  page.toBottom();
}

function place() {
  const place = { ...page.me(), ...(answered ? { reply_to: answered.id } : {}) };
  answerTo(null);
  return place;
}

async function send() {
  const text = input.value.trim();
  if (!text) return;
  const old = edited;
  cleared();
  if (old) {
    answerTo(null);
    await attempt(() => ask("edits", { ...page.me(), message_id: old.id, text }));
    return;
  }
  await attempt(() => ask("messages", { ...place(), text }));
}

// Telegram makes photos of pictures; what a browser can't shrink (HEIC) goes as a file, as from a computer.
async function sendFiles(source, asFiles) {
  const files = [...source.files];
  if (!files.length) return;
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...place(), caption: input.value.trim() })) form.append(name, value);
  if (asFiles || !files.every((file) => PICTURES.has(file.type))) form.append("as_document", "1");
  files.forEach((file) => form.append("files", file));
  source.value = "";
  cleared();
  await attempt(() => ask("photos", form));
}

async function share(what) {
  cleared();
  await attempt(() => ask("messages", { ...place(), ...what }));
}

function offer(title, note, choose) {
  const node = element("button", { type: "button" }, title, element("small", { textContent: note }));
  node.addEventListener("click", choose);
  return node;
}

function say(text) {
  cleared();
  return attempt(() => ask("messages", { ...page.me(), text }));
}

function showCommands(prefix) {
  const fitting = page.about().commands.filter(({ command }) => `/${command}`.startsWith(prefix));
  found.hidden = !fitting.length;
  found.replaceChildren(...fitting.map(({ command, description }) => offer(`/${command}`, description, () => say(`/${command}`))));
}

function resultOffer(result, queryId) {
  const title = result.title || result.caption || result.input_message_content?.message_text || "Фото";
  return offer(title, result.description || "", async () => {
    cleared();
    await attempt(() => ask("inline/choices", { user_id: page.me().user_id, inline_query_id: queryId, result_id: String(result.id) }));
  });
}

async function search(words, offset = "") {
  const asked = await attempt(() => ask("inline", { user_id: page.me().user_id, query: words, offset, wait: true, within: INLINE_SECONDS }));
  if (!asked || query !== words) return;
  const { results = [], next_offset: next, button } = asked.answer || {};
  const rows = results.map((result) => resultOffer(result, asked.inline_query_id));
  if (button?.start_parameter && !offset) rows.unshift(offer(button.text, "", () => say(`/start ${button.start_parameter}`)));
  if (next) {
    rows.push(offer("Показать ещё", "", (event) => { event.currentTarget.remove(); search(words, next); }));
  }
  found.hidden = false;
  if (!offset) found.replaceChildren();
  found.append(...rows);
  if (!rows.length && !offset) found.append(element("p", { textContent: asked.answer ? "Ничего не найдено" : "Бот не ответил" }));
}

export async function typed() {
  const prefix = `@${page.about().bot.username} `;
  if (input.value.startsWith("/") && !input.value.includes(" ")) { query = null; showCommands(input.value); return; }
  if (!input.value.startsWith(prefix) || page.inGroup()) { closeMenus(); return; }
  const words = input.value.slice(prefix.length);
  query = words;
  await new Promise((done) => setTimeout(done, THINKING));
  if (query === words) await search(words);
}

export function searchInline(words) {
  if (page.inGroup()) { toast("Поиск работает в личном чате"); return; }
  input.value = `@${page.about().bot.username} ${words}`;
  input.focus();
  typed();
}

export function startComposer(context) {
  page = context;
  $("form").addEventListener("submit", (event) => { event.preventDefault(); send(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
    if (event.key === "Escape") closeMenus();
  });
  input.addEventListener("input", typed);
  $("photos").addEventListener("change", () => sendFiles($("photos"), false));
  $("papers").addEventListener("change", () => sendFiles($("papers"), true));
  $("share-own").addEventListener("click", () => share({ contact: {} }));
  $("share-other").addEventListener("click", () => share({ contact: COLLEAGUE }));
  $("share-place").addEventListener("click", () => share({ location: WORKSHOP }));
  $("share-voice").addEventListener("click", () => { cleared(); attempt(() => ask("voices", { ...place(), seconds: NOTE_SECONDS })); });
  $("attach").addEventListener("click", () => {
    const open = attachMenu.hidden;
    closeMenus();
    attachMenu.hidden = !open;
    $("attach").setAttribute("aria-expanded", String(open));
  });
  $("menu").addEventListener("click", () => {
    const open = found.hidden;
    closeMenus();
    if (open) showCommands("/");
  });
  $("replying").querySelector("button").addEventListener("click", () => answerTo(null));
}
