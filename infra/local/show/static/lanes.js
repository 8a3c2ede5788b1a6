// The hall's picture: time runs to the right, one lane for each part of the way from a tap to an answer.
import { $, element, shape, titled } from "./dom.js";
import { GROUP_WORDS, LEGEND, counted, group, seconds } from "./words.js";

const ROW = 9;
const GAP = 2;
const HEAD = 20;
const SQUARE = 7;
const STACK = 6;
const SOON = 2;
let width = 0;

function packed(things, most) {
  // Rows so that no two overlap; what finds no row shares the last.
  const ends = [];
  return things.map((thing) => {
    let row = ends.findIndex((end) => end <= thing.at);
    if (row < 0) row = ends.length < most ? ends.length : most - 1;
    ends[row] = (thing.end ?? Infinity) + 0.05;
    return row;
  });
}

class Lane {
  constructor(picture, title, height, top) {
    this.picture = picture;
    this.height = HEAD + height;
    this.top = top;
    this.node = shape("g", { transform: `translate(0 ${top})` });
    this.node.append(
      shape("line", { class: "rule", x1: 0, x2: width, y1: 0, y2: 0 }),
      shape("text", { class: "lane", x: 4, y: 14 }, title),
    );
  }

  x(moment) {
    const { now, window: past } = this.picture;
    return ((moment - now + past) / (past + SOON)) * width;
  }

  bar(thing, row, look, words, choose) {
    const from = Math.max(0, this.x(thing.at));
    const to = this.x(Math.min(thing.end ?? this.picture.now, this.picture.now));
    const node = shape("rect", {
      class: `bar ${look}${thing.end === null ? " running" : ""}`, x: from, y: HEAD + row * (ROW + GAP),
      width: Math.max(3, to - from), height: ROW, rx: 3,
    });
    if (choose) node.addEventListener("click", choose);
    this.node.append(titled(node, words));
    return node;
  }

  note(words, look = "") {
    this.node.append(shape("text", { class: `note ${look}`, x: this.x(this.picture.now) - 6, y: 14, "text-anchor": "end" }, words));
  }
}

function drawPeople(picture, top, choose) {
  const rows = packed(picture.updates, 4);
  const lane = new Lane(picture, "Люди пишут и нажимают", (Math.max(0, ...rows) + 1) * (ROW + GAP), top);
  picture.updates.forEach((update, index) => {
    const look = update.failed ? "fault" : "person";
    lane.bar(update, rows[index], look, `${update.who}: ${update.words}`, () => choose({ update: update.id }, update.words));
  });
  return lane;
}

function drawEvents(picture, top) {
  const lane = new Lane(picture, "События портала", ROW + GAP, top);
  for (const event of picture.events) {
    const look = event.state === "delivered" ? "event" : event.state === "pending" ? "wait" : "fault";
    lane.node.append(titled(shape("circle", { class: look, cx: lane.x(event.at), cy: HEAD + ROW / 2, r: 5 }), event.name));
  }
  return lane;
}

function drawCommits(picture, top, choose) {
  const lane = new Lane(picture, "Один коммит: или всё, или ничего", STACK * (SQUARE + 1), top);
  for (const commit of picture.commits) {
    const x = lane.x(commit.at);
    const stack = shape("g", { class: commit.refused ? "commit refused" : "commit" });
    commit.records.slice(0, STACK).forEach((record, index) => {
      const y = HEAD + (STACK - 1 - index) * (SQUARE + 1);
      stack.append(shape("rect", { class: `record ${group(record.in)}`, x, y, width: SQUARE, height: SQUARE, rx: 1.5 }));
    });
    const names = [...new Set(commit.records.map((record) => record.in))].join(", ");
    stack.addEventListener("click", () => { if (commit.span) choose({ span: commit.span }, "Коммит"); });
    lane.node.append(titled(stack, commit.refused ? `Кто-то успел раньше, решаем заново: ${names}` : names));
  }
  const refused = picture.commits.filter((commit) => commit.refused).length;
  if (refused) lane.note(counted(refused, "столкновение, решено заново", "столкновения, решены заново", "столкновений, решены заново"));
  return lane;
}

function jobLook(job) { return job.doubt ? "doubt" : job.lane; }

function drawJobs(picture, top, choose) {
  const rows = packed(picture.jobs, 12);
  const lane = new Lane(picture, "Задания", (Math.max(0, ...rows) + 1) * (ROW + GAP), top);
  picture.jobs.forEach((job, index) => {
    const words = `${job.kind}${job.tries.length > 1 ? `, попыток: ${job.tries.length}` : ""}${job.doubt ? ", исход записи неизвестен" : ""}`;
    const pick = () => choose({ job: job.id }, job.kind);
    lane.bar(job, rows[index], "wait", words, pick);
    for (const one of job.tries) lane.bar(one, rows[index], jobLook(job), words, pick);
  });
  const open = picture.jobs.filter((job) => job.end === null).length;
  lane.note(open ? `в работе ${open}` : "всё сделано");
  return lane;
}

function drawPermits(picture, top) {
  const lane = new Lane(picture, `Разрешения: ${picture.limit} в секунду на всех`, ROW + GAP, top);
  for (const permit of picture.permits) {
    const good = permit.status === null || permit.status < 300;
    lane.node.append(shape("rect", { class: good ? "permit" : "fault", x: lane.x(permit.at), y: HEAD, width: 3, height: ROW, rx: 1 }));
  }
  lane.note(picture.paused ? "очередь стоит" : picture.waiting ? `ждут ${picture.waiting}` : "очередь пуста", picture.paused ? "bad" : "");
  return lane;
}

export function requestLook(request) {
  if (request.fault || request.error || (request.status && request.status >= 400)) return "fault";
  if (request.method === "batch") return "batch";
  return request.key ? "write" : "read";
}

export function requestWords(request) {
  const many = request.commands.length ? counted(request.commands.length, "команда", "команды", "команд") : "";
  const took = request.end ? seconds(request.end - request.at) : "идёт";
  const how = [request.status, request.error, request.replayed ? "повтор по ключу: второй раз не сделано" : ""].filter(Boolean);
  return [request.method, many, took, ...how].filter(Boolean).join(", ");
}

function drawRequests(picture, top, choose) {
  const rows = packed(picture.requests, 6);
  const lane = new Lane(picture, "Запросы к Битрикс24", (Math.max(0, ...rows) + 1) * (ROW + GAP), top);
  picture.requests.forEach((request, index) => {
    const words = requestWords(request);
    const node = lane.bar(request, rows[index], requestLook(request), words, () => choose({ request }, words));
    if (request.commands.length) {
      const beside = Number(node.getAttribute("x")) + Number(node.getAttribute("width")) + 2;
      const label = shape("text", { class: "count", x: beside, y: Number(node.getAttribute("y")) + ROW }, String(request.commands.length));
      lane.node.append(label);
    }
  });
  return lane;
}

// The limit is a bucket: a permit adds one, time takes away. No bar can stand above the line.
function drawPace(picture, top) {
  const height = 44;
  const { limit, burst, now } = picture;
  const lane = new Lane(picture, `Запас темпа: разрешение прибавляет 1, секунда убавляет ${limit}`, height, top);
  const y = (value) => HEAD + height - (value / (burst + 1)) * height;
  picture.pace.forEach(([at, level], index) => {
    const next = picture.pace[index + 1]?.[0] ?? now;
    const empty = Math.min(next, at + level / limit);
    const left = Math.max(0, level - (empty - at) * limit);
    const points = [[at, 0], [at, level], [empty, left], [empty, 0]].map(([moment, value]) => `${lane.x(moment)},${y(value)}`);
    lane.node.append(titled(shape("polygon", { class: "pace", points: points.join(" ") }), level.toFixed(1)));
  });
  lane.node.append(shape("line", { class: "limit", x1: 0, x2: width, y1: y(burst), y2: y(burst) }));
  return lane;
}

function drawSaid(picture, top) {
  const lane = new Lane(picture, "Бот отвечает", ROW + GAP, top);
  for (const said of picture.said) {
    const words = `${said.who}: ${said.words || said.method}${said.error ? ` — ${said.error}` : ""}`;
    lane.node.append(titled(shape("circle", { class: said.error ? "fault" : "said", cx: lane.x(said.at), cy: HEAD + ROW / 2, r: 4 }), words));
  }
  return lane;
}

const PARTS = [drawPeople, drawEvents, drawCommits, drawJobs, drawPermits, drawRequests, drawPace, drawSaid];

export function drawLanes(picture, choose) {
  width = Math.max(280, $("lanes").clientWidth);
  let top = 0;
  const lanes = PARTS.map((draw) => {
    const lane = draw(picture, top, choose);
    top += lane.height + 6;
    return lane.node;
  });
  const words = `За ${picture.window} секунд: ${counted(picture.requests.length, "запрос", "запроса", "запросов")} к порталу`;
  const svg = shape("svg", { width, height: top, viewBox: `0 0 ${width} ${top}`, role: "img", "aria-label": words });
  const now = new Lane(picture, "", 0, 0).x(picture.now);
  svg.append(shape("line", { class: "now", x1: now, x2: now, y1: 0, y2: top }), ...lanes);
  $("lanes").replaceChildren(svg);
}

function key(look, words) {
  return element("li", {}, shape("svg", { width: 14, height: 10, "aria-hidden": "true" }, shape("rect", { class: look, width: 14, height: 10, rx: 3 })), words);
}

export function drawLegend() {
  $("legend").replaceChildren(
    ...LEGEND.map(([look, words]) => key(`bar ${look}`, words)),
    ...Object.entries(GROUP_WORDS).map(([look, words]) => key(`record ${look}`, words)),
  );
}
