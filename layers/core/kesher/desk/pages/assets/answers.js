// The ready answers to a low rating: the one that is chosen stands in its customer's thread, in the
// composer, to be changed and sent.

import * as canned from "./canned.js";
import { draft } from "./composer.js";

let chosen = null;

/** Once a thread is opened: what was chosen for it. What it lacks is asked for first. */
export function put(customer) {
  const answer = chosen;
  chosen = null;
  if (answer?.answers !== customer) return;
  if ("lacks" in answer) canned.seek(answer.name);
  else draft(answer.text, answer.picture);
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-answers]");
  if (!button) return;
  chosen = { ...button.dataset };
  button.closest("dialog").close();
  htmx.ajax("GET", `/desk/pages/conversations/${chosen.answers}`, { target: "#open", swap: "innerHTML" });
});
