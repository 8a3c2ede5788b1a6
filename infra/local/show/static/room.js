// The machine room: follows the stream of pictures and shows the way of the chosen event.
import { $, element } from "./dom.js";
import { drawLanes, drawLegend } from "./lanes.js";
import { drawStory, drawWeather, startControls } from "./controls.js";
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

function draw() {
  if (!picture || document.hidden) return;
  drawStory(picture.story);
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
follow();
window.addEventListener("resize", draw);
