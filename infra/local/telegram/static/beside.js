// A second master's telephone beside the first one, where the screen is wide enough.
import { $ } from "./wire.js";

const pane = $("beside");

export function openBeside(id, name) {
  const frame = pane.querySelector("iframe");
  frame.src = `/?alone#${id}`;
  frame.title = `Телефон: ${name}`;
  pane.hidden = false;
}

pane.querySelector("button").addEventListener("click", () => {
  pane.hidden = true;
  pane.querySelector("iframe").removeAttribute("src");
});
