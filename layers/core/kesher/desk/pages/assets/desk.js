// The desk begins here: signs in, opens, and leads from the queue to a customer and back.

import { comeBack, forget, isSignedIn, signIn, signOut } from "./account.js";
import * as answers from "./answers.js";
import "./canned.js";
import "./closing.js";
import { draw } from "./charts.js";
import * as composer from "./composer.js";
import * as keys from "./keys.js";
import * as places from "./places.js";
import { look, whenOver } from "./requests.js";
import { tell } from "./times.js";

const $ = (id) => document.getElementById(id);
const words = $("words").dataset;
const OVER = "kesher.over";
const FILTERS = "kesher.filters";
const NEAR_PX = 60;
const CUSTOMER = /^\/desk\/([0-9a-f]{32})$/;


// What the browser keeps when a piece of the page is shown anew

const callbacks = Idiomorph.defaults.callbacks;
/** A text stays where it is when a hundred newer ones have come. */
callbacks.beforeNodeRemoved = (node) => node.parentElement?.id !== "texts";
callbacks.beforeNodeMorphed = (node) => node.id !== "before" && !node.classList?.contains("plot");
callbacks.beforeAttributeUpdated = (name, node) => name !== "aria-current" && !(name === "open" && node.tagName === "DETAILS") && !(node.id === "newer" && name === "hidden");


// At the door

async function begin() {
  const over = sessionStorage.getItem(OVER);
  sessionStorage.removeItem(OVER);
  try {
    await comeBack();
  } catch {
    return door(words.failed);
  }
  if (!isSignedIn()) return door(over ? words.over : "");
  $("door-says").textContent = words.opening;
  const filters = new URLSearchParams({ limit: 50, ...JSON.parse(localStorage.getItem(FILTERS) ?? "{}") });
  htmx.ajax("GET", `/desk/pages/whole?${filters}`, { target: "#desk", swap: "outerHTML" });
}

function door(why) {
  if (why) $("door-says").textContent = why;
  $("sign-in").hidden = false;
}

whenOver(() => {
  forget();
  sessionStorage.setItem(OVER, "yes");
  location.reload();
});


// From place to place

function show(view) {
  $("desk").dataset.view = view;
  const isOpen = Boolean($("composer"));
  for (const each of document.querySelectorAll("[data-shows]")) {
    each.setAttribute("aria-pressed", each.dataset.shows === view);
    each.disabled = each.dataset.shows !== "queue" && !isOpen;
  }
}

function open(customer) {
  htmx.ajax("GET", `/desk/pages/conversations/${customer}`, { target: "#open", swap: "innerHTML" });
}

function opened() {
  const { customer } = $("composer").dataset;
  places.leave();
  if (location.pathname !== `/desk/${customer}`) history.pushState(null, "", `/desk/${customer}`);
  show("talk");
  marked();
  if (document.activeElement?.closest("#found")) forgetFound();
  composer.restore();
  answers.put(customer);
  toTheEnd();
  sizes.disconnect();
  sizes.observe($("scroll"));
  if (document.activeElement === document.body) $("scroll").focus({ preventScroll: true });
}

function forgetFound() {
  $("find").reset();
  $("found").replaceChildren();
}

document.addEventListener("input", ({ target }) => target.form?.id === "find" && !target.value && forgetFound());

function marked() {
  const customer = $("composer")?.dataset.customer;
  for (const each of document.querySelectorAll("#queue a[data-customer]")) {
    if (each.dataset.customer === customer) each.setAttribute("aria-current", "page");
    else each.removeAttribute("aria-current");
  }
}

function begun() {
  const desk = $("desk");
  Object.assign(document.documentElement, { lang: desk.lang, dir: desk.dir });
  keys.show();
  titled();
  arrive();
  htmx.trigger($("places"), "look");
}

/** At what the address names: a customer, one of the places, or the queue. */
function arrive() {
  const customer = CUSTOMER.exec(location.pathname)?.[1];
  if (customer) open(customer);
  else if (!places.arrive()) show("queue");
}

function titled() {
  const waiting = document.querySelectorAll("#queue a.waits").length;
  document.title = `${waiting ? `(${waiting}) ` : ""}${$("desk").dataset.title}`;
}

addEventListener("popstate", arrive);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-place]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  places.go(link.getAttribute("href"));
  arrive();
});


// The end of the thread

let wasNear = true;
const sizes = new ResizeObserver(() => isAtEnd && toTheEnd());
let isAtEnd = true;
const near = () => { const box = $("scroll"); return !box || box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX; };

document.addEventListener("scroll", ({ target }) => { if (target.id === "scroll") isAtEnd = near(); }, true);

function toTheEnd() {
  const box = $("scroll");
  if (!box) return;
  isAtEnd = true;
  box.scrollTop = box.scrollHeight;
  $("newer").hidden = true;
}

const newest = () => $("texts")?.lastElementChild?.id;
let wasNewest = "";

document.addEventListener("htmx:beforeSwap", () => [wasNear, wasNewest] = [near(), newest()]);
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const { target } = detail;
  if (target.id === "desk" && $("queue")) begun();
  if (target.id === "open") opened();
  if (target.id === "page" && !detail.requestConfig.triggeringEvent) places.arrived();
  if (target.id === "page") draw();
  if (target.id === "talk" && wasNewest !== newest()) {
    if (wasNear) toTheEnd();
    else $("newer").hidden = false;
  }
  if (target.id === "queue") {
    marked();
    titled();
  }
  composer.show();
  tell();
});


// What buttons and selects do

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  if (button.id === "sign-in") signIn();
  if (button.id === "sign-out") {
    whenOver(() => {});
    composer.forgetDrafts();
    signOut();
  }
  if (button.id === "newer") toTheEnd();
  if ("dismiss" in button.dataset) $("refused").replaceChildren();
  if ("closes" in button.dataset) button.closest("dialog").close();
  if (button.dataset.opens) $(button.dataset.opens).showModal();
  if (button.dataset.shows) show(button.dataset.shows);
  if ("cursor" in button.dataset) page(button.dataset.cursor);
});

function page(cursor) {
  $("filters").elements.cursor.value = cursor;
  $("queue").scrollTop = 0;
  look();
}

document.addEventListener("change", ({ target }) => {
  if (target.id === "language") {
    localStorage.setItem("kesher.language", target.value);
    location.reload();
  }
  if (target.form?.id === "filters") {
    const { mine, state, team, language } = Object.fromEntries(new FormData(target.form));
    const chosen = Object.entries({ mine, state, team, language }).filter(([, value]) => value);
    localStorage.setItem(FILTERS, JSON.stringify(Object.fromEntries(chosen)));
    page("");
  }
});
document.addEventListener("submit", (event) => { if (event.target.id === "filters") event.preventDefault(); });
document.addEventListener("kesher:view", ({ detail }) => {
  if ($("desk").dataset.place) places.go("/desk");
  places.leave();
  show(detail);
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.successful && !$("queue")) door(words.again);
  if (detail.requestConfig.verb === "post") detail.elt.closest("dialog")?.close();
});
document.addEventListener("kesher:done", ({ target }) => {
  if (target.id === "take" || target.id === "reopen") setTimeout(() => $("text")?.focus(), 0);
});

begin();
