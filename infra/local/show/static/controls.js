// What the audience can do: begin a story, make bad weather, send a crowd; and what it is told of the story.
import { $, ask, element } from "./dom.js";

let bill = [];
let playing = "";
let people = "";
let told = "";
let weather = "";
const FIRST = 501;
let watching = 0;

function trouble(error) { $("pulse").textContent = `Не получилось: ${error.message}`; }

function storyButton({ name, title, about }) {
  const node = element("button", { type: "button", className: "story" }, title, element("small", { textContent: about }));
  node.dataset.name = name;
  node.setAttribute("aria-pressed", "false");
  node.addEventListener("click", () => ask("story", { name: playing === name ? "" : name }).catch(trouble));
  return element("li", {}, node);
}

function drawPhones(story) {
  const look = JSON.stringify(story.people);
  if (look === people) return;
  people = look;
  $("phones").replaceChildren(...story.people.map(({ id, name }) => element("div", { className: "phone" },
    element("iframe", { src: `/?alone#${id}`, title: `Телефон: ${name}` }),
    element("a", { href: `/#${id}`, target: "_blank", textContent: `${name}: открыть чат отдельно` }))));
}

// In bad weather, and with no story on: the telephone of whoever had acted last when it came.
function drawWatched() {
  $("scene-title").textContent = "Что видит мастер";
  drawPhones({ people: [{ id: watching, name: `Мастер ${watching}` }] });
  drawTold({ told: ["Пишите боту прямо здесь: погода действует на всех."], proved: [], trouble: "", state: "" });
}

function drawTold(story) {
  const look = JSON.stringify([story.told, story.proved, story.trouble, story.state]);
  if (look === told) return;
  told = look;
  const parts = story.told.map((textContent, index) => element("p", { textContent, className: index === story.told.length - 1 && story.state === "playing" ? "last" : "" }));
  parts.push(...story.proved.map((textContent) => element("p", { textContent, className: "proof" })));
  if (story.trouble) parts.push(element("p", { textContent: story.trouble, className: "bad" }));
  if (story.state === "ended") parts.push(element("p", { textContent: "Конец истории.", className: "soft" }));
  $("told").replaceChildren(...parts);
}

export function drawStory(story, storm, who) {
  const watched = storm && story.state !== "playing";
  watching = watched ? watching || who || FIRST : 0;
  $("scene").hidden = !story.name && !watched;
  playing = story.state === "playing" ? story.name : "";
  for (const button of document.querySelectorAll(".story")) {
    button.setAttribute("aria-pressed", String(button.dataset.name === playing));
  }
  if (watched) { drawWatched(); return; }
  if (!story.name) return;
  $("scene-title").textContent = bill.find(({ name }) => name === story.name)?.title || "Что видит мастер";
  drawPhones(story);
  drawTold(story);
}

function weatherSwitch({ name, title, told: words, on }) {
  const input = element("input", { type: "checkbox", checked: on });
  input.addEventListener("change", () => ask("weather", { name, on: input.checked }).catch(trouble));
  return element("li", {}, element("label", { className: "switch" }, input, element("span", {}, title, element("small", { textContent: words }))));
}

export function drawWeather(switches) {
  const look = JSON.stringify(switches);
  if (look === weather) return;
  weather = look;
  const focused = [...$("weather").querySelectorAll("input")].indexOf(document.activeElement);
  $("weather").replaceChildren(...switches.map(weatherSwitch));
  if (focused >= 0) $("weather").querySelectorAll("input")[focused].focus();
}

export async function startControls() {
  bill = await ask("bill").catch(() => []);
  $("theatre").hidden = !bill.length;
  $("crowd").hidden = !bill.length;
  $("stories").replaceChildren(...bill.map(storyButton));
  $("crowd").addEventListener("click", () => ask("crowd", {}).catch(trouble));
}
