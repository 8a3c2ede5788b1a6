// The messages on the page: only the newest are drawn, older ones when somebody scrolls up to them.
import { $ } from "./wire.js";

const STEP = 120;
const NEAR = 120;
const feed = $("feed");
const drawn = new Map();
let most = STEP;
let all = 0;
let again = () => {};

function atBottom() { return feed.scrollHeight - feed.scrollTop - feed.clientHeight < NEAR; }

export function toBottom() { feed.scrollTop = feed.scrollHeight; }

// What has grown (a message, its picture, the keyboard below) pushes the dialogue up only where its end was in view.
export function grown() { if (feed.dataset.follow !== "no") toBottom(); }

export function clearFeed() {
  drawn.clear();
  most = STEP;
  feed.replaceChildren();
}

// `messages` are all of the dialogue, `fresh` the ids of those that came or changed; `make` draws one.
export function drawFeed(messages, fresh, make) {
  const follow = atBottom() || !drawn.size;
  if (follow) most = STEP;
  [all, again] = [messages.length, () => drawFeed(messages, new Set(), make)];
  const shown = messages.slice(-most);
  const ids = new Set(shown.map(({ id }) => id));
  for (const [id, node] of drawn) {
    if (!ids.has(id)) { node.remove(); drawn.delete(id); }
  }
  let next = null;
  for (const message of shown.toReversed()) {
    let node = drawn.get(message.id);
    if (!node || fresh.has(message.id)) {
      const old = node;
      node = make(message);
      if (old) { node.classList.add("fresh"); old.replaceWith(node); } else feed.insertBefore(node, next);
      drawn.set(message.id, node);
    }
    next = node;
  }
  feed.dataset.follow = follow ? "yes" : "no";
}

feed.addEventListener("scroll", () => {
  if (feed.scrollTop > NEAR || all <= most) return;
  const below = feed.scrollHeight - feed.scrollTop;
  most += STEP;
  again();
  feed.scrollTop = feed.scrollHeight - below;
});
