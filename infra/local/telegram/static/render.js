// Turns messages into elements. Text enters the page only through text nodes; formatting comes from the
// entities the server has checked, so nothing a bot sends can become markup of its own.

const SIMPLE = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code",
  pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote",
};

export function element(name, properties = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

function safeLink(url) {
  return /^(https?|tg):/i.test(url) ? url : null;
}

function linkTo(url) {
  const href = safeLink(url);
  return href ? element("a", { href, target: "_blank", rel: "noopener noreferrer" }) : element("span");
}

function entityElement(entity, words, say) {
  if (SIMPLE[entity.type]) return element(SIMPLE[entity.type]);
  if (entity.type === "text_link") return linkTo(entity.url);
  if (entity.type === "url") return linkTo(words);
  if (entity.type === "spoiler") {
    const node = element("span", { className: "spoiler" });
    node.addEventListener("click", () => node.classList.add("open"));
    return node;
  }
  if (entity.type === "bot_command") {
    const node = element("button", { type: "button" });
    node.addEventListener("click", () => say(words));
    return node;
  }
  return element("span");
}

// Places are counted in UTF-16 units, exactly as JavaScript strings are.
function fill(parent, text, from, to, entities, say) {
  let place = from;
  let rest = entities;
  while (rest.length) {
    const [entity] = rest;
    const begin = Math.max(place, entity.offset);
    const end = Math.min(to, entity.offset + entity.length);
    parent.append(text.slice(place, begin));
    const node = entityElement(entity, text.slice(begin, end), say);
    fill(node, text, begin, end, rest.slice(1).filter((inner) => inner.offset < end), say);
    parent.append(node);
    // A block already ends its line.
    place = /blockquote|pre/.test(entity.type) && text[end] === "\n" ? end + 1 : end;
    rest = rest.slice(1).filter((next) => next.offset >= end);
  }
  parent.append(text.slice(place, to));
}

export function formatted(text, entities, say) {
  const node = element("div", { className: "words" });
  fill(node, text, 0, text.length, entities, say);
  return node;
}

function buttonElement(button, message, actions) {
  const address = button.url || button.web_app?.url;
  const look = button.style || "";
  if (address) {
    const link = linkTo(address);
    link.className = look;
    link.textContent = button.text;
    return link;
  }
  const node = element("button", { type: "button", className: look, textContent: button.text });
  node.disabled = Boolean(button.disabled);
  node.addEventListener("click", () => actions.tap(message, button, node));
  return node;
}

export function buttonRows(rows, make) {
  return rows.map((row) => element("div", { className: "button-row" }, ...row.map(make)));
}

function time(moment) {
  return new Date(moment).toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit" });
}

// What a person may do with a message, behind one small button.
function moreButton(message, bubble, acts) {
  const more = element("button", { type: "button", className: "more", textContent: "⋯", ariaLabel: "Действия с сообщением", ariaExpanded: "false" });
  more.addEventListener("click", () => {
    const open = bubble.querySelector(".acts");
    more.ariaExpanded = String(!open);
    if (open) { open.remove(); return; }
    const list = element("div", { className: "acts" }, ...acts.map(([title, act]) => {
      const node = element("button", { type: "button", textContent: title });
      node.addEventListener("click", () => { list.remove(); more.ariaExpanded = "false"; act(message); });
      return node;
    }));
    bubble.append(list);
  });
  return more;
}

function meta(message, bubble, acts) {
  const line = element("div", { className: "meta" });
  if (acts.length) line.append(moreButton(message, bubble, acts));
  if (message.reaction) line.append(element("span", { className: "reaction", textContent: message.reaction }));
  if (message.pinned) line.append(element("span", { textContent: "закреплено" }));
  if (message.protected) line.append(element("span", { textContent: "не переслать" }));
  if (message.silent) line.append(element("span", { className: "silent", textContent: "без звука", title: "Пришло без звука" }));
  if (message.edits.length) {
    const history = [message.original, ...message.edits.slice(0, -1)];
    const show = element("button", { type: "button", textContent: "изменено", title: "Что было раньше" });
    show.addEventListener("click", () => {
      const open = bubble.querySelector(".history");
      if (open) open.remove();
      else bubble.append(element("div", {
        className: "history",
        textContent: history.map((look) => `${time(look.date)}  ${look.text || look.caption || "(фото)"}`).join("\n"),
      }));
    });
    line.append(show);
  }
  line.append(element("time", { dateTime: message.date, textContent: time(message.date) }));
  return line;
}

function weight(bytes) {
  const [unit, size] = bytes < 1024 * 1024 ? ["КБ", bytes / 1024] : ["МБ", bytes / 1024 / 1024];
  return `${size.toLocaleString("ru", { maximumFractionDigits: 1 })}\u00a0${unit}`;
}

function event({ service }) {
  if (service.forum_topic_created) return `Тема «${service.forum_topic_created.name}» открыта`;
  if (service.forum_topic_edited) return `Тема теперь называется «${service.forum_topic_edited.name}»`;
  return service.forum_topic_closed ? "Тема закрыта" : "Тема открыта снова";
}

function attachments(message, actions) {
  const parts = [];
  if (message.photo) {
    const picture = element("img", { src: message.photo, alt: message.caption || "Фото" });
    picture.addEventListener("click", () => actions.view(message.photo));
    picture.addEventListener("load", actions.grown);
    parts.push(picture);
  }
  if (message.document) {
    const { name, url, size } = message.document;
    parts.push(element("a", { href: url, download: name, className: "file", textContent: `Файл: ${name} · ${weight(size)}` }));
  }
  if (message.voice) {
    const length = `${Math.floor(message.voice / 60)}:${String(message.voice % 60).padStart(2, "0")}`;
    parts.push(element("div", { className: "words", textContent: `Голосовое сообщение · ${length}` }));
  }
  if (message.contact) {
    parts.push(element("div", { className: "words", textContent: `Контакт: ${message.contact.first_name}\n${message.contact.phone_number}` }));
  }
  if (message.location) {
    const { latitude, longitude } = message.location;
    parts.push(element("div", { className: "words", textContent: `Место: ${latitude.toFixed(4)}, ${longitude.toFixed(4)}` }));
  }
  if (message.venue) {
    parts.push(element("div", { className: "words", textContent: `Место: ${message.venue.title}\n${message.venue.address}` }));
  }
  return parts;
}

export function messageElement(message, context) {
  const { actions, sender, answered } = context;
  if (message.service) return element("div", { className: "day", textContent: event(message) });
  const bubble = element("div", { className: message.photo ? "bubble picture" : "bubble" });
  if (sender) bubble.append(element("div", { className: "sender", textContent: sender }));
  if (message.forwarded) bubble.append(element("div", { className: "sender", textContent: "Переслано" }));
  if (message.via_bot) bubble.append(element("div", { className: "sender", textContent: "через бота" }));
  if (answered) bubble.append(element("div", { className: "quote", textContent: answered.text || answered.caption || "Фото" }));
  bubble.append(...attachments(message, actions));
  const words = message.text || message.caption;
  if (words) bubble.append(formatted(words, message.entities, actions.say));
  bubble.append(meta(message, bubble, actions.acts(message)));
  const node = element("article", { className: `message ${message.from}` }, bubble);
  node.dataset.id = message.id;
  node.classList.toggle("album", Boolean(message.media_group_id));
  if (message.buttons.length) {
    node.classList.add("with-buttons");
    const rows = buttonRows(message.buttons, (button) => buttonElement(button, message, actions));
    node.append(element("div", { className: "buttons" }, ...rows));
  }
  return node;
}
