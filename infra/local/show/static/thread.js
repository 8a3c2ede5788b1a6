// The way of the chosen event: a bar for each function that worked on it, its commits, and what was logged.
import { $, ask, element, shape, titled } from "./dom.js";
import { showRecords } from "./records.js";
import { FUNCTIONS, SYSTEMS, counted, group, seconds } from "./words.js";

const LEFT = 4;
const LINE = 40;
const MOST_LINES = 200;
let chosen = null;

// A write is found by its key; a read by the time at which somebody held the job.
function jobOf(request, jobs) {
  const own = request.key && jobs.find((job) => job.key === request.key);
  const held = (job) => job.tries.some((one) => one.at <= request.at && (one.end ?? Infinity) >= request.at);
  return (own || jobs.find((job) => job.lane !== "write" && held(job)))?.id;
}

function requestCard(request) {
  const counts = new Map();
  for (const { method } of request.commands) counts.set(method, (counts.get(method) || 0) + 1);
  const chips = [...counts].map(([method, number]) => element("li", { className: "chip", textContent: number > 1 ? `${method} × ${number}` : method }));
  const facts = [];
  if (request.key) facts.push(`Ключ ${request.key.slice(0, 8)}…: с ним запись делается один раз, сколько её ни повторяй.`);
  if (request.replayed) facts.push("Портал узнал ключ и ответил прежним ответом.");
  if (request.fault) facts.push(`Сбой стенда: ${request.fault}.`);
  return element("div", { className: "card" },
    element("strong", { textContent: request.method }),
    element("ul", { className: "chips" }, ...chips),
    ...facts.map((textContent) => element("p", { textContent })));
}

function bars(found) {
  const begin = Math.min(...found.spans.map((span) => span.at));
  const end = Math.max(...found.spans.map((span) => span.end ?? span.at), begin + 0.001);
  const width = Math.max(260, $("thread").clientWidth);
  const x = (moment) => LEFT + ((moment - begin) / (end - begin)) * (width - 2 * LEFT - 8);
  const svg = shape("svg", { width, height: found.spans.length * LINE, role: "img", "aria-label": `Работали: ${counted(found.spans.length, "функция", "функции", "функций")}` });
  found.spans.forEach((span, row) => {
    const took = (span.end ?? span.at) - span.at;
    const look = span.status && span.status >= 400 ? "fault" : `fn ${span.function}`;
    const bar = shape("rect", { class: look, x: x(span.at), y: row * LINE + 18, width: Math.max(4, x(span.end ?? end) - x(span.at)), height: 12, rx: 3 });
    const words = `${FUNCTIONS[span.function] || span.function}, ${seconds(took)}`;
    svg.append(shape("text", { class: "lane", x: LEFT, y: row * LINE + 13 }, `+${seconds(span.at - begin)}  ${words}`), titled(bar, words));
    for (const part of span.parts) {
      const commands = part.commands > 1 ? `, ${counted(part.commands, "команда", "команды", "команд")}` : "";
      const call = `${SYSTEMS[part.name] || part.name}: ${part.method}${commands}, ${seconds(part.end - part.at)}`;
      svg.append(titled(shape("rect", { class: part.failed ? "part fault" : "part", x: x(part.at), y: row * LINE + 21, width: Math.max(2, x(part.end) - x(part.at)), height: 6, rx: 1 }), call));
    }
    for (const commit of found.commits.filter((one) => one.span === span.number)) {
      commit.records.slice(0, 8).forEach((record, index) => svg.append(titled(
        shape("rect", { class: `record ${group(record)}${commit.refused ? " refused" : ""}`, x: x(commit.at) + index * 8, y: row * LINE + 31, width: 7, height: 7, rx: 1.5 }),
        `${commit.refused ? "не записано: " : "коммит: "}${commit.records.join(", ")}`)));
    }
  });
  return { svg, begin };
}

function logLines(found, begin) {
  const names = new Map(found.spans.map((span) => [span.number, span.function]));
  return found.lines.slice(-MOST_LINES).map((line) => {
    const fields = Object.entries(line.fields).filter(([name]) => name !== "event")
      .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`).join("  ");
    return element("li", { className: line.severity.toLowerCase() },
      element("time", { textContent: `+${seconds(line.at - begin)}` }),
      element("b", { textContent: line.fields.event || line.message }), ` ${names.get(line.span)} `,
      element("span", { className: "soft", textContent: fields }));
  });
}

// The orders that the event wrote of, each with a button to see all that is kept of it.
function ordersOf(found) {
  const ids = new Set(found.commits.flatMap((commit) => commit.orders));
  return [...ids].map((id) => {
    const node = element("button", { type: "button", className: "open-records", textContent: `Записи заказа № ${id}` });
    node.addEventListener("click", () => showRecords(id).catch(() => {}));
    return node;
  });
}

function show(title, found, request) {
  const parts = [element("h3", { textContent: title })];
  if (request) parts.push(requestCard(request));
  if (found.spans.length) {
    const { svg, begin } = bars(found);
    const jobs = found.jobs.map((job) => element("li", { className: `chip ${job.lane}`, textContent: job.tries > 1 ? `${job.kind} × ${job.tries}` : job.kind }));
    if (jobs.length) parts.push(element("p", { className: "soft", textContent: "Задания:" }), element("ul", { className: "chips" }, ...jobs));
    parts.push(svg, ...ordersOf(found));
    const lines = logLines(found, begin);
    if (lines.length) parts.push(element("details", { open: true }, element("summary", { textContent: `Журнал: ${counted(lines.length, "строка", "строки", "строк")}` }), element("ol", { className: "log", tabIndex: 0, ariaLabel: "Журнал" }, ...lines)));
  } else if (!request) {
    parts.push(element("p", { textContent: "Об этом событии зал уже ничего не помнит." }));
  }
  $("thread").replaceChildren(...parts);
}

export async function choose(what, title, jobs) {
  const job = what.request ? jobOf(what.request, jobs) : what.job;
  chosen = { query: what.update ? `update=${what.update}` : what.span ? `span=${what.span}` : job ? `job=${encodeURIComponent(job)}` : "", title, request: what.request, look: "" };
  await refresh();
}

// While the event goes on, its way grows.
export async function refresh() {
  if (!chosen) return;
  const mine = chosen;
  const found = mine.query ? await ask(`thread?${mine.query}`) : { spans: [], commits: [], jobs: [], lines: [] };
  const look = JSON.stringify(found);
  if (mine !== chosen || look === mine.look) return;
  mine.look = look;
  show(mine.title, found, mine.request);
}
