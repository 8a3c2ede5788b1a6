// The tabs of a forum: one for each topic, with a count of what came there since it was last open.
import { element } from "./render.js";
import { $ } from "./wire.js";

const seen = new Map();

function key(chat, topic) { return `${chat}/${topic ?? ""}`; }

export function ofTopic(view, topic) {
  return view.messages.filter((message) => (message.thread_id ?? null) === topic);
}

function tab(view, topic, name, current, choose) {
  const messages = ofTopic(view, topic);
  const place = key(view.chat_id, topic);
  const newest = messages.reduce((last, message) => Math.max(last, message.id), 0);
  if (topic === current || !seen.has(place)) seen.set(place, topic === current ? newest : 0);
  const unread = messages.filter((message) => message.id > seen.get(place) && message.from === "bot" && !message.service).length;
  const node = element("button", { type: "button", textContent: name, role: "tab" });
  node.setAttribute("aria-selected", String(topic === current));
  if (unread) node.append(element("span", { className: "badge", textContent: unread, title: "Новые сообщения" }));
  node.addEventListener("click", () => choose(topic));
  return node;
}

export function drawTopics(view, current, choose) {
  const bar = $("topics");
  bar.hidden = view.chat_id > 0 || !view.topics.length;
  const look = JSON.stringify([view.chat_id, view.topics, current, view.messages.map(({ id, thread_id: topic }) => [id, topic])]);
  if (bar.hidden || bar.dataset.look === look) return;
  bar.dataset.look = look;
  bar.replaceChildren(
    tab(view, null, "Общая", current, choose),
    ...view.topics.map((topic) => tab(view, topic.id, topic.closed ? `${topic.name} · закрыта` : topic.name, current, choose)),
  );
  bar.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
