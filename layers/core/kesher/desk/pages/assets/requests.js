// What htmx asks and what becomes of the answers: each request carries the token; a POST its key; a
// look what was seen before. While the page can be seen it looks every two seconds.

import { Over, distrust, token, trust } from "./account.js";
import * as composer from "./composer.js";
import * as times from "./times.js";

const LOOK_MS = 2_000;
const MOST_SKIPPED = 16;
const $ = (id) => document.getElementById(id);
const retried = new WeakSet();
let [bearer, failures, ticks, looks] = ["", 0, 0, 0];
let onOver = () => {};

const isLook = (detail) => detail.requestConfig?.triggeringEvent?.type === "look";

export function whenOver(then) {
  onOver = then;
}

/** At all that is shown and whose turn it is; at the queue always, since the title counts who waits. */
export function look(turn = 0) {
  for (const each of document.querySelectorAll('[hx-get][hx-trigger="look"]')) {
    const isSeen = each.id === "queue" || !each.closest("[hidden]");
    if (isSeen && turn % (each.dataset.every ?? 1) === 0) htmx.trigger(each, "look");
  }
}

export function refuse(words) {
  const said = Object.assign(document.createElement("p"), { className: "refused", textContent: words });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "bare", textContent: "×" });
  button.dataset.dismiss = "";
  button.ariaLabel = $("desk").dataset.dismissing;
  said.append(button);
  $("refused").replaceChildren(said);
}

function connected(well) {
  failures = well ? 0 : failures + 1;
  const says = failures > 1 ? $("desk").dataset.lost ?? "" : "";
  if ($("connection") && $("connection").textContent !== says) $("connection").textContent = says;
}

document.addEventListener("htmx:confirm", async (event) => {
  event.preventDefault();
  try {
    bearer = await token();
    event.detail.issueRequest(true);
  } catch (error) {
    if (error instanceof Over) onOver();
    else connected(false);
  }
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const language = localStorage.getItem("kesher.language");
  detail.headers.Authorization = `Bearer ${bearer}`;
  if (language) detail.headers["Kesher-Language"] = language;
  if (detail.verb === "post") {
    detail.headers["Idempotency-Key"] = "once" in detail.elt.dataset ? composer.key(detail.elt) : crypto.randomUUID();
    $("refused").replaceChildren();
  } else if (detail.triggeringEvent?.type === "look" && detail.elt.dataset.etag) {
    detail.headers["If-None-Match"] = detail.elt.dataset.etag;
  }
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { xhr } = detail;
  if (xhr.status < 400) return;
  const ours = xhr.getResponseHeader("content-type")?.startsWith("text/html");
  if (!ours || isLook(detail) || xhr.status === 401) detail.shouldSwap = false;
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const { xhr, elt } = detail;
  times.now(xhr.getResponseHeader("kesher-now"));
  connected(xhr.status > 0 && xhr.status < 500 && xhr.status !== 429);
  if (xhr.status === 200 && (isLook(detail) || elt.id === "page")) elt.dataset.etag = xhr.getResponseHeader("etag");
  if (xhr.status === 204 && detail.requestConfig.verb === "post") composer.sent(elt);
  if (xhr.status >= 200 && xhr.status !== 401) trust();
  if (xhr.status === 401) onceMore(elt, detail.requestConfig);
  else if (xhr.status >= 400) failed(detail);
});

/** The token was not taken: with a new one the same is asked again, once. */
function onceMore(elt, config) {
  const refused = config.headers.Authorization.replace("Bearer ", "");
  if (!distrust(refused) || retried.has(config.triggeringEvent)) return onOver();
  if (isLook({ requestConfig: config })) return look();
  if (elt.tagName === "FORM") return elt.requestSubmit(config.triggeringEvent?.submitter);
  const again = new Event(elt.dataset.again ?? "click", { bubbles: true, cancelable: true });
  retried.add(again);
  elt.dispatchEvent(again);
}

function failed(detail) {
  const says = detail.xhr.getResponseHeader("content-type")?.startsWith("text/html");
  if (!says && !isLook(detail)) refuse($("desk").dataset.failed ?? detail.xhr.status);
  if (detail.requestConfig.verb === "post") look();
}

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail }) => {
    connected(false);
    if (detail.requestConfig.verb === "post") refuse($("desk").dataset.failed);
  });
}

/** What was done is seen at once, also what the version of a thread does not tell of. */
document.addEventListener("kesher:done", () => {
  delete $("talk")?.dataset.etag;
  look();
});
document.addEventListener("visibilitychange", () => document.hidden || look());
setInterval(() => {
  const every = Math.min(2 ** failures, MOST_SKIPPED);
  if (!document.hidden && ticks++ % every === 0) look(looks++);
}, LOOK_MS);
