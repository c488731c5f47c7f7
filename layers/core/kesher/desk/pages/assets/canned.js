// Canned replies: a combobox above the composer that searches as one types, asks for what nobody knows,
// and puts the words where the caret was.

import { insert } from "./composer.js";

const $ = (id) => document.getElementById(id);
const options = () => [...document.querySelectorAll("#canned-list [role=option]")];
let sought = null;
let isAwaited = false;
const marked = () => options().find((each) => each.ariaSelected === "true");

export function open() {
  if (!$("text") || $("text").disabled) return;
  $("canned").hidden = false;
  search();
}

/** The one of this name, as if it had been sought and chosen. */
export function seek(name) {
  if ($("text").disabled) return;
  $("canned").hidden = false;
  search(name);
  isAwaited = true;
}

function search(words = "") {
  sought = null;
  $("canned-search").value = words;
  $("canned-search").focus();
  htmx.trigger($("canned-search"), "seek");
}

function close() {
  $("canned").hidden = true;
  $("text").focus();
}

function mark(option) {
  const field = $("canned-search");
  for (const each of options()) each.ariaSelected = String(each === option);
  field.ariaExpanded = String(Boolean(option));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = options();
  if (all.length) mark(all[(all.indexOf(marked()) + by + all.length) % all.length]);
}

/** Its words, or first what they lack. */
function choose(option) {
  if (!option) return;
  const blanks = document.querySelector(`[data-blanks="${option.dataset.name}"]`);
  if (blanks) return ask(blanks.content.cloneNode(true));
  close();
  insert(option.dataset.text, option.dataset.picture);
}

function ask(blanks) {
  $("canned-found").replaceChildren(blanks);
  $("canned-search").ariaExpanded = "false";
  $("canned-search").removeAttribute("aria-activedescendant");
  htmx.process($("blanks"));
  $("blanks").querySelector(".field input").focus();
}

/** What is chosen before it was found is what will be found. */
function chooseOrAwait() {
  isAwaited = sought !== $("canned-search").value;
  if (!isAwaited) choose(marked());
}

function found({ elt: asked, parameters }) {
  const all = options();
  sought = parameters.q ?? null;
  $("canned-says").textContent = all.length ? "" : $("canned-says").dataset.none;
  mark(all[0]);
  if (asked?.id === "blanks" || isAwaited) choose(all[0]);
  isAwaited = false;
}

const KEYS = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Enter: chooseOrAwait,
};

function slash() {
  close();
  insert("/");
}

document.addEventListener("keydown", (event) => {
  if (!event.target.closest("#canned") || event.isComposing) return;
  const isSearch = event.target.id === "canned-search";
  let does = isSearch ? KEYS[event.key] : null;
  if (event.key === "Escape") does = $("blanks") ? () => search() : close;
  if (isSearch && event.key === "/" && !event.target.value) does = slash;
  if (!does) return;
  event.preventDefault();
  event.stopPropagation();
  does();
}, true);

/** A slash where a word begins. */
document.addEventListener("beforeinput", (event) => {
  const { target, data } = event;
  if (target.id !== "text" || data !== "/" || event.isComposing) return;
  if (!/(^|\s)$/.test(target.value.slice(0, target.selectionStart))) return;
  event.preventDefault();
  open();
});

document.addEventListener("click", ({ target }) => {
  const option = target.closest("#canned-list [role=option]");
  const button = target.closest("button")?.id;
  if (option) choose(option);
  if (button === "to-canned") open();
  if (button === "leave-canned") close();
  if (button === "other-canned") search();
});

document.addEventListener("change", ({ target }) => { if (target.id === "canned-language") search(); });
document.addEventListener("focusin", ({ target }) => { if (target.id === "text") $("canned").hidden = true; });
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.id === "canned-search") detail.parameters.team = $("talk").dataset.team;
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id === "canned-found") found(detail.requestConfig);
});
