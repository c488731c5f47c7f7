// Where an agent writes: a reply, a note, what was agreed. Each has a draft of its own for each
// customer, which a reload does not lose; of a reply is told what it will cost.

import { clean, plain, plan } from "./sms.js";

const $ = (id) => document.getElementById(id);
const boxes = () => [...document.querySelectorAll("textarea[data-draft]")];
const boxOf = (form) => form.querySelector("textarea[data-draft]");
const place = (box) => `kesher.draft.${$("desk").dataset.agent}.${$("composer").dataset.customer}.${box.dataset.draft}`;
const kept = (box) => JSON.parse(localStorage.getItem(place(box)) ?? "{}");

function save(box, words) {
  if (words.text) localStorage.setItem(place(box), JSON.stringify(words));
  else localStorage.removeItem(place(box));
}

/** The key of what stands there: the same for each try of the same words, another for others. */
export function key(form) {
  const box = boxOf(form);
  const [known, text] = [kept(box), box.value];
  const same = known.key && known.tried === text;
  const next = { ...known, text, tried: text, key: same ? known.key : crypto.randomUUID() };
  save(box, next);
  return next.key;
}

/** Once a thread is opened: what was being written, and as what. */
export function restore() {
  boxes().forEach(recall);
  const isNote = kept($("note")).text && !kept($("text")).text;
  write(isNote ? "note" : "reply");
}

export function recall(box) {
  box.value = kept(box).text ?? "";
}

export function sent(form) {
  const box = boxOf(form);
  if (!box) return;
  box.value = "";
  save(box, {});
  show();
}

/** From now on it is this that is written: a reply, or a note. */
export function write(kind) {
  $("writing").dataset.writing = kind;
  for (const each of $("writing").querySelectorAll("[data-writes]")) {
    each.setAttribute("aria-pressed", each.dataset.writes === kind);
  }
  $("composer").hidden = kind !== "reply";
  $("noting").hidden = kind !== "note";
  $("canned").hidden = true;
  show();
}

export function focus(kind) {
  if (!$("writing")) return;
  write(kind);
  $(kind === "note" ? "note" : "text").focus();
}

/** Puts words where the caret is, with the picture that goes along. */
export function insert(words, picture) {
  const box = $("text");
  box.setRangeText(words, box.selectionStart, box.selectionEnd, "end");
  save(box, { ...kept(box), text: box.value, picture: picture || kept(box).picture });
  show();
}

/** Puts words below what stands there, should somebody have begun already. */
export function draft(words, picture) {
  const box = $("text");
  write("reply");
  box.value = box.value.trim() && `${box.value.trimEnd()}\n`;
  insert(words, picture);
  box.focus();
}

/** As the conversation is now: who may write, and what is to be said about it. */
export function show() {
  const [talk, composer] = [$("talk"), $("composer")];
  if (!talk || !composer) return;
  const may = talk.dataset.mayWrite === "true";
  $("composer-note").textContent = talk.dataset.note;
  $("text").disabled = !may;
  $("to-canned").disabled = !may;
  composer.querySelector(".primary").disabled = !may || !fits($("text"));
  $("noting").querySelector(".primary").disabled = !fits($("note"));
  for (const each of $("writing").querySelectorAll("[data-writes]")) {
    const box = $(each.dataset.writes === "note" ? "note" : "text");
    each.classList.toggle("has-draft", Boolean(clean(box.value)));
  }
  picture();
  count(talk.dataset.signature);
}

const fits = (box) => Boolean(clean(box.value)) && box.value.length <= box.maxLength;

function picture() {
  const [figure, known] = [$("picture"), kept($("text")).picture];
  const goes = Boolean(known) && $("text").value.split("\n").includes(known);
  const image = figure.querySelector("img");
  if (goes && image.getAttribute("src") !== known) image.src = known;
  figure.hidden = !goes;
}

function withoutPicture() {
  const [box, known] = [$("text"), kept($("text"))];
  box.value = box.value.split("\n").filter((line) => line !== known.picture).join("\n");
  save(box, { ...known, text: box.value, picture: undefined });
  show();
  box.focus();
}

function count(signature) {
  const [says, text] = [$("count"), clean($("text").value)];
  const told = plan(plain(signature ? `${text}\n${signature}` : text));
  const values = { ...told, units: number(told.units), room: number(told.room), parts: number(told.parts) };
  const cost = says.dataset.says.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  says.textContent = text ? (signature ? `${cost} · ${says.dataset.with}` : cost) : "";
  says.classList.toggle("dear", told.parts > 3);
}

const number = (value) => value.toLocaleString(document.documentElement.lang, { useGrouping: false });

/** Where somebody leaves the machine to others. */
export function forgetDrafts() {
  Object.keys(localStorage).filter((name) => name.startsWith("kesher.draft.")).forEach((name) => localStorage.removeItem(name));
}

document.addEventListener("input", ({ target }) => {
  if (!target.dataset.draft) return;
  save(target, { ...kept(target), text: target.value });
  show();
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.dataset.writes) focus(button.dataset.writes);
  if (button?.id === "without-picture") withoutPicture();
});
