// The machine room: follows the stream of pictures and shows the way of the chosen event.
import { $, ask, element } from "./dom.js";
import { drawLanes, drawLegend } from "./lanes.js";
import { drawStory, drawWeather, startControls } from "./controls.js";
import { showLinked } from "./records.js";
import { choose, refresh } from "./thread.js";
import { counted } from "./words.js";

let picture = null;
let recent = "";

function pick(what, title) { choose(what, title, picture.jobs).catch(() => {}); }

function drawRecent() {
  const newest = picture.recent.toReversed();
  const look = JSON.stringify(newest.map(({ id, end, failed }) => [id, end !== null, failed]));
  if (look === recent) return;
  recent = look;
  $("recent").replaceChildren(...newest.map((update) => {
    const node = element("button", { type: "button" },
      element("span", { className: "who", textContent: update.who }), element("span", { textContent: update.words }));
    node.addEventListener("click", () => pick({ update: update.id }, update.words));
    return element("li", {}, node);
  }));
}

function drawPulse() {
  const open = picture.jobs.filter((job) => job.end === null).length;
  const doing = open ? `В работе ${counted(open, "задание", "задания", "заданий")}.` : "Тихо: всё сделано.";
  const words = picture.waiting ? `${doing} В очереди ${counted(picture.waiting, "разрешение", "разрешения", "разрешений")}.` : doing;
  if ($("pulse").textContent !== words) $("pulse").textContent = words;
}

const SPOKEN = { contract: "контракт ТЗ", native: "настоящий REST Битрикс24" };
const OPERATOR = 900001;
let dialect = "";

// Another dialect is another sandbox at the same address: the page begins anew with it.
function drawDialect({ dialect: spoken, swaps }) {
  if (dialect && spoken !== dialect) location.reload();
  dialect = spoken;
  const other = spoken === "native" ? "contract" : "native";
  $("dialect").hidden = !swaps;
  $("dialect").textContent = `Портал: ${SPOKEN[spoken]}. Сменить на ${SPOKEN[other]}`;
  $("dialect").title = "Стенд начнётся заново: заказы и переписка исчезнут";
}

$("dialect").addEventListener("click", () => {
  ask("dialect", {}).then(() => { $("pulse").textContent = "Стенд начинается заново…"; }).catch(() => {});
});

// A group has a number below zero, an operator one of his own: neither is a master.
function lastMaster() { return picture.recent.findLast(({ who }) => who > 0 && who !== OPERATOR)?.who; }

function draw() {
  if (!picture || document.hidden) return;
  drawDialect(picture.portal);
  drawStory(picture.story, picture.weather.some(({ on }) => on) && picture.masters, lastMaster());
  drawWeather(picture.weather);
  drawLanes(picture, pick);
  drawRecent();
  drawPulse();
}

function follow() {
  const stream = new EventSource("/room/stream");
  stream.addEventListener("message", (event) => {
    picture = JSON.parse(event.data);
    draw();
    refresh().catch(() => {});
  });
  stream.addEventListener("error", () => { $("pulse").textContent = "Нет связи со стендом, подключаемся снова…"; });
}

drawLegend();
startControls();
showLinked();
follow();
window.addEventListener("resize", draw);
