// The panel beside the dialogue: people, invite links, neighbours, commands.
import { openBeside } from "./beside.js";
import { element } from "./render.js";
import { $, copy } from "./wire.js";

const side = $("side");

export function close() { side.classList.remove("open"); }

$("open-side").addEventListener("click", () => side.classList.add("open"));
$("close-side").addEventListener("click", close);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
document.querySelector("main").addEventListener("click", (event) => {
  if (!event.target.closest("#open-side")) close();
});

function row(id, title, note, current, choose) {
  const node = element("button", { type: "button", className: "row" },
    element("span", { className: "avatar", textContent: title.slice(0, 1), ariaHidden: "true" }),
    element("span", { textContent: title }),
    element("small", { textContent: note }));
  node.setAttribute("aria-current", String(id === current));
  node.addEventListener("click", () => { close(); choose(id); });
  const beside = element("button", { type: "button", className: "to-side", textContent: "рядом", ariaLabel: `Открыть рядом: ${title}` });
  beside.addEventListener("click", () => openBeside(id, title));
  return element("li", {}, node, beside);
}

function people({ users, about, current, choose }) {
  const persons = users.filter((user) => !about.groups.length || user.id < 900000)
    .map((user) => row(user.id, `${user.first_name} ${user.last_name}`.trim(), user.id, current, choose));
  const groups = about.groups.map((group) => row(group.id, group.title, "группа", current, choose));
  $("people").replaceChildren(...persons, ...groups);
}

function invites({ about, say }) {
  $("invite-box").hidden = !about.invites.length;
  $("invites").replaceChildren(...about.invites.map(({ link, payload }) => {
    const open = element("button", { type: "button", className: "wide", textContent: "Открыть приглашение" });
    open.addEventListener("click", () => { close(); say(`/start ${payload}`.trim()); });
    open.hidden = Boolean(about.mirror);
    const address = element("code", { textContent: link, title: "Скопировать" });
    address.addEventListener("click", () => copy(link, "Ссылка скопирована"));
    return element("li", { className: "invite" }, address, open);
  }));
}

function links({ about }) {
  const usable = about.links.filter(({ url }) => /^https?:/.test(url));
  $("link-box").hidden = !usable.length;
  $("links").replaceChildren(...usable.map(({ title, url }) =>
    element("li", {}, element("a", { href: url, target: "_blank", rel: "noopener", textContent: title }))));
}

function commands({ about, say }) {
  $("commands-box").hidden = !about.commands.length || Boolean(about.mirror);
  $("commands").replaceChildren(...about.commands.map(({ command, description }) => {
    const node = element("button", { type: "button" }, element("b", { textContent: `/${command}` }), ` ${description}`);
    node.addEventListener("click", () => { close(); say(`/${command}`); });
    return element("li", {}, node);
  }));
}

export function showSide(view) {
  people(view);
  invites(view);
  links(view);
  commands(view);
  $("webhook").hidden = view.about.webhook;
  $("new-person").hidden = Boolean(view.about.mirror);
  $("mirror").hidden = !view.about.mirror;
}
