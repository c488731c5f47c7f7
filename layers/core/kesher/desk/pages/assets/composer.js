// Where an agent writes: a draft for each customer that a reload does not lose, and what it will cost.

import { clean, plain, plan } from "./sms.js";

const $ = (id) => document.getElementById(id);
const place = () => `kesher.draft.${$("desk").dataset.agent}.${$("composer").dataset.customer}`;
const draft = () => JSON.parse(localStorage.getItem(place()) ?? "{}");

function save(kept) {
  if (kept.text) localStorage.setItem(place(), JSON.stringify(kept));
  else localStorage.removeItem(place());
}

/** The key of what stands there: the same for each try of the same words, another for others. */
export function key() {
  const [kept, text] = [draft(), $("text").value];
  const same = kept.key && kept.tried === text;
  const next = { text, tried: text, key: same ? kept.key : crypto.randomUUID() };
  save(next);
  return next.key;
}

export function restore() {
  $("text").value = draft().text ?? "";
  show();
}

export function sent() {
  $("text").value = "";
  save({});
  show();
}

/** As the conversation is now: who may write, and what is to be said about it. */
export function show() {
  const [talk, composer] = [$("talk"), $("composer")];
  if (!talk || !composer) return;
  const may = talk.dataset.mayWrite === "true";
  $("composer-note").textContent = talk.dataset.note;
  $("text").disabled = !may;
  composer.querySelector(".primary").disabled = !may || !clean($("text").value);
  count(talk.dataset.signature);
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

document.addEventListener("input", (event) => {
  if (event.target.id !== "text") return;
  save({ ...draft(), text: event.target.value });
  show();
});
