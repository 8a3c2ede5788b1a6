// How the page speaks to the control endpoints, and how it tells of trouble.
import { element } from "./render.js";

export const $ = (id) => document.getElementById(id);

export async function ask(path, body) {
  const options = body instanceof FormData ? { method: "POST", body } : body && {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  const response = await fetch(`/_sim/${path}`, options || {});
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || response.statusText);
  return answer;
}

export function toast(text) {
  const node = element("div", { textContent: text });
  $("toasts").append(node);
  setTimeout(() => node.remove(), 3000);
}

export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    toast(`Не получилось: ${error.message}`);
    return null;
  }
}

export async function copy(text, words) {
  await navigator.clipboard.writeText(text);
  toast(words);
}
