// Everything by keyboard. Letters are found by their place as well: the key of "j" says "ח" on a Hebrew
// keyboard. Whoever dictates can switch single letters off.

import { focus } from "./composer.js";

const $ = (id) => document.getElementById(id);
const WRITES = "#text, #note";
const lines = () => [...document.querySelectorAll(":is(#queue, #page):not([hidden] *, [hidden]) a[data-customer]")];
const place = (name) => () => document.querySelector(`#places [data-place="${name}"]`)?.click();
const areLettersOn = () => localStorage.getItem("kesher.letters") !== "off";
const isWriting = (element) => element.closest("input, textarea, select, dialog, [contenteditable]") !== null;

function step(by) {
  const all = lines();
  const here = all.findIndex((each) => each === document.activeElement || each.hasAttribute("aria-current"));
  const focused = all.indexOf(document.activeElement);
  const from = focused >= 0 ? focused : here;
  all[Math.min(Math.max(from + by, 0), all.length - 1)]?.focus();
}

/** Elsewhere arrows scroll. */
const isAtQueue = () => !$("desk").dataset.place && document.activeElement.closest("#queue, body:not(:has(:focus))") !== null;

const LETTERS = {
  KeyJ: () => step(1),
  KeyK: () => step(-1),
  KeyR: () => focus("reply"),
  KeyN: () => focus("note"),
  KeyT: () => $("take")?.click(),
  KeyZ: () => $("to-snooze")?.click(),
  KeyC: () => $("to-close")?.click(),
  KeyS: () => document.querySelector("#find input")?.focus(),
  KeyQ: place("queue"),
  KeyE: place("escalations"),
  KeyF: place("figures"),
  KeyU: place("unknown"),
};
const ARROWS = { ArrowDown: () => step(1), ArrowUp: () => step(-1) };

function back() {
  const current = document.querySelector("#queue a[aria-current]") ?? lines()[0];
  $("desk").dispatchEvent(new CustomEvent("kesher:view", { detail: "queue", bubbles: true }));
  current?.focus();
}

function deed(event) {
  if (event.key === "Escape") return back;
  if (event.key in ARROWS) return isAtQueue() ? ARROWS[event.key] : null;
  if (!areLettersOn()) return null;
  if ("?؟".includes(event.key)) return () => $("keys").showModal();
  return event.shiftKey ? null : LETTERS[event.code];
}

document.addEventListener("keydown", (event) => {
  if (!$("keys")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches(WRITES)) {
    event.preventDefault();
    const send = event.target.form.querySelector(".primary");
    return send.disabled || event.target.form.requestSubmit(send);
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isWriting(event.target) && !(event.key === "Escape" && event.target.matches(WRITES))) return;
  const does = deed(event);
  if (!does) return;
  event.preventDefault();
  does();
});

document.addEventListener("change", (event) => {
  if (event.target.id === "letters") localStorage.setItem("kesher.letters", event.target.checked ? "on" : "off");
});

export function show() {
  $("letters").checked = areLettersOn();
}
