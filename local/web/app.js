// The simulator page: a customer's phone, a shop's platform, and the path of every event between.
// It knows only the HTTP routes under /local, which local/server.py answers.

const BEAT_MS = 700;
const SLOW_BEATS = 5;
const TRACES_SHOWN = 100;
const FIRST_ORDER = "1001";

const EXAMPLES = [
  ["he", "איפה ההזמנה שלי?", "Where is my order?"],
  ["he", "מה שעות הפתיחה?", "What are the opening hours?"],
  ["fa", "سفارش من کجاست؟", "Where is my order?"],
  ["ar", "أين طلبي؟", "Where is my order?"],
  ["ru", "Где мой заказ?", "Where is my order?"],
  ["en", "Do you ship abroad?", "Do you ship abroad?"],
  ["en", "I want to talk to a person", "I want to talk to a person"],
  ["he", "הסר", "Stop texting me"],
  ["en", "STOP", "Stop texting me"],
  ["en", "START", "Text me again"],
];

const BAD_STATES = ["failed", "undelivered", "rejected", "expired", "suppressed", "unknown"];
const MARKS = { accepted: "i-one", sent: "i-one", delivered: "i-two", read: "i-two" };

const boot = JSON.parse($("boot").textContent);
const timeZone = boot.shop.timezone;
const remembered = JSON.parse(localStorage.getItem("kesher") ?? "{}");

const state = {
  phones: [...new Set([...boot.phones, ...(remembered.phones ?? [])])],
  phone: remembered.phone ?? boot.phones[0],
  kind: boot.kinds[0],
  last: null,
  now: null,
  traceAfter: 0,
};


// The server

async function call(path, body) {
  const options = body === undefined
    ? { signal: AbortSignal.timeout(15_000) }
    : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Refused(answer.error ?? `HTTP ${response.status}`);
  return answer;
}

/** The server answered, and said no; every other error means that it was not reached. */
class Refused extends Error {}

const phonePath = (number) => `/local/phones/${encodeURIComponent(number)}/messages`;
const orderPath = (order) => `/local/orders/${encodeURIComponent(order)}/events`;

/** Runs what a person asked for with its button held down, and shows there why it did not work. */
async function attempt(button, errorLine, deed) {
  if (button.ariaBusy) return;
  button.ariaBusy = "true";
  errorLine.textContent = "";
  try {
    await deed();
  } catch (error) {
    errorLine.textContent = reason(error);
  } finally {
    button.ariaBusy = null;
  }
}

const reason = (error) =>
  error instanceof Refused ? error.message : "Kesher cannot be reached. Is “make run” still running?";


// The phone

function showPhones() {
  $("phone").replaceChildren(...state.phones.map((number) => new Option(pretty(number), number)));
  $("phone").value = state.phone;
  $("buyer").textContent = pretty(state.phone);
}

async function choosePhone(number) {
  state.phone = number;
  if (!state.phones.includes(number)) state.phones.push(number);
  remember();
  showPhones();
  clearThread();
  await Promise.all([beat(), previewRequest()]);
}

function remember() {
  const phones = state.phones.filter((number) => !boot.phones.includes(number));
  const usedOrder = state.last?.order ?? remembered.usedOrder;
  localStorage.setItem("kesher", JSON.stringify({ phones, phone: state.phone, usedOrder }));
}

function toggleNewPhone(open = $("new-phone").hidden) {
  $("new-phone").hidden = !open;
  $("add-phone").ariaExpanded = String(open);
  (open ? $("new-number") : $("add-phone")).focus();
}

function addPhone() {
  const number = $("new-number").value.replace(/[\s().-]/g, "");
  const good = /^\+[1-9]\d{6,14}$/.test(number);
  $("new-number").ariaInvalid = String(!good);
  $("new-number-error").textContent = good
    ? "" : "Write the country code first, like +972501234567.";
  if (!good) return;
  $("new-number").value = "";
  toggleNewPhone(false);
  choosePhone(number);
}

async function sendText(text) {
  if (!text.trim()) return;
  await attempt($("composer"), $("phone-error"), async () => {
    $("answering").hidden = false;
    scrollToNewest();
    try {
      await call(phonePath(state.phone), { text });
      if ($("text").value === text) $("text").value = "";
    } finally {
      $("answering").hidden = true;
    }
    await beat();
  });
}

async function readThread() {
  const phone = state.phone;
  const texts = await call(phonePath(phone));
  if (phone === state.phone) showThread(texts);
}

function clearThread() {
  $("thread").replaceChildren();
  $("no-texts").hidden = false;
}

/** Adds what is new and touches up what changed, so that a screen reader hears each text once. */
function showThread(texts) {
  const thread = $("thread");
  const ids = new Set(texts.map((text) => text.id));
  if ([...thread.querySelectorAll("[data-id]")].some((item) => !ids.has(item.dataset.id))) clearThread();
  $("no-texts").hidden = texts.length > 0;
  const known = new Map([...thread.querySelectorAll("[data-id]")].map((item) => [item.dataset.id, item]));
  for (const text of texts) {
    if (known.has(text.id)) showState(known.get(text.id), text);
    else showText(text);
  }
  if (texts.length > known.size) scrollToNewest();
}

function showText(text) {
  const thread = $("thread");
  const day = format(text.at, { weekday: "long", day: "numeric", month: "long" });
  if (thread.dataset.day !== day || !thread.children.length) thread.append(el("li", { className: "day" }, day));
  thread.dataset.day = day;
  const item = el("li", { className: `text ${text.direction}` },
    el("span", { className: "visually-hidden" }, text.direction === "sent" ? "You: " : "The shop: "),
    el("p", { className: "bubble", dir: "auto" }, text.text),
    el("p", { className: "about" }));
  item.dataset.id = text.id;
  showState(item, text);
  thread.append(item);
}

function showState(item, text) {
  const status = text.status ?? "";
  if (item.dataset.status === status) return;
  item.dataset.status = status;
  const about = item.querySelector(".about");
  about.replaceChildren(el("time", { dateTime: text.at }, clockTime(text.at)));
  if (text.direction === "sent") return;
  if (text.parts) about.append(fact(`${count(text.parts, "part")} · ${text.encoding}`));
  if (status) about.append(deliveryState(status));
}

const fact = (words) => el("span", { className: "fact" }, words);

function deliveryState(status) {
  const bad = BAD_STATES.includes(status);
  const mark = icon(MARKS[status] ?? (bad ? "i-bad" : "i-wait"));
  return el("span", { className: `fact state ${bad ? "bad" : status}` }, mark, status);
}

const scrollToNewest = () => requestAnimationFrame(() => $("screen").scrollTo({ top: 1e6 }));


// The shop

const chosenOrder = () => $("order").value.trim() || FIRST_ORDER;

const chosenEvent = () => ({
  kind: state.kind,
  platform: $("platform").value,
  phone: state.phone,
  language: $("language").value,
});

function sendKind(kind, button) {
  state.kind = kind;
  return sendEvent(button, $("shop-error"), chosenOrder(), chosenEvent());
}

function sendBody() {
  const body = readBody();
  return body && sendEvent($("send-body"), $("request-error"), chosenOrder(), { ...chosenEvent(), body });
}

function repeatLast() {
  const { order, event } = state.last;
  return sendEvent($("repeat"), $("shop-error"), order, event);
}

function readBody() {
  try {
    $("request-error").textContent = "";
    return JSON.parse($("request-body").value);
  } catch (error) {
    $("request-error").textContent = `This is not JSON: ${error.message}`;
    return null;
  }
}

function sendEvent(button, errorLine, order, event) {
  return attempt(button, errorLine, async () => {
    const before = await receivedBy(event.phone);
    const answer = await call(orderPath(order), event);
    const fresh = await receivedBy(event.phone) - before;
    state.last = { order, event: { ...event, body: answer.request.body, delivery: answer.delivery } };
    $("repeat").disabled = false;
    remember();
    showResult(event, answer, fresh);
    showRequest(answer.request, `of “${event.kind}”, as it was sent`);
    await beat();
  });
}

const receivedBy = async (phone) =>
  (await call(phonePath(phone))).filter((text) => text.direction === "received").length;

function showResult({ kind, delivery }, { status, answer }, fresh) {
  const good = status < 300;
  const silence = delivery ? "no new text" : "no new text (told before, or opted out)";
  const effect = fresh ? `${count(fresh, "new text")} to the buyer` : silence;
  $("result").replaceChildren(
    el("b", { className: `status ${good ? "good" : "bad"}` }, String(status)),
    ` “${kind}”${delivery ? " again" : ""}: ${good ? effect : answer}`);
}

async function previewRequest() {
  try {
    const query = new URLSearchParams(chosenEvent());
    const request = await call(`${orderPath(chosenOrder())}?${query}`);
    showRequest(request, `of “${state.kind}”, not sent yet`);
  } catch (error) {
    $("request-error").textContent = reason(error);
  }
}

function showRequest({ method, path, headers, body }, title) {
  $("request-error").textContent = "";
  $("request-title").textContent = title;
  $("request-method").textContent = method;
  $("request-path").textContent = path;
  $("request-headers").replaceChildren(...Object.entries(headers).flatMap(([name, value]) =>
    [el("dt", {}, name), el("dd", { title: value }, value)]));
  $("request-body").value = JSON.stringify(body, null, 2);
}

function newOrder() {
  $("order").value = orderAfter(chosenOrder());
  state.kind = boot.kinds[0];
  return previewRequest();
}

const orderAfter = (used) => used.replace(/\d*$/, (digits) => String(Number(digits) + 1));


// The path

async function readPath() {
  const after = state.traceAfter;
  const { steps, next } = await call(`/local/trace?after=${after}`);
  if (after === 0 || next < after) $("traces").replaceChildren();
  state.traceAfter = next < after ? 0 : next;
  steps.forEach(showStep);
  $("no-events").hidden = $("traces").childElementCount > 0;
}

function showStep(step) {
  const card = $(`trace-${step.trace}`) ?? newCard(step);
  card.querySelector("ol").append(stepRow(step));
  card.ms += step.ms;
  card.querySelector(".total").textContent = `${Math.round(card.ms)} ms`;
  if (step.failed || step.place === "dead") card.classList.add("bad");
}

function newCard(step) {
  const card = el("article", { className: "trace", id: `trace-${step.trace}`, ms: 0 },
    el("header", {},
      el("h3", {}, headline(step)),
      el("time", { dateTime: step.at }, clockTime(step.at)),
      el("span", { className: "total" })),
    el("ol", { className: "steps" }));
  $("traces").prepend(card);
  while ($("traces").childElementCount > TRACES_SHOWN) $("traces").lastChild.remove();
  return card;
}

function headline({ place, label }) {
  if (label.endsWith("/fallback")) return "A customer’s text, by the fallback door";
  if (label.includes("/receipts/")) return "A delivery receipt";
  if (label.includes("/platforms/")) return "An order event";
  if (label.includes("/channels/")) return "A customer’s text";
  return { phone: "A customer’s text", clock: "The clock", dead: "A dead letter" }[place] ?? label;
}

function stepRow(step) {
  const calls = step.calls ?? [];
  const row = [
    el("b", {}, step.name),
    el("span", { className: "outcome" }, step.outcome),
    el("span", { className: "ms" }, `${Math.round(step.ms)} ms`),
    el("span", { className: "label", title: step.label }, `${step.place} · ${step.label}`),
  ];
  const item = el("li", { className: step.failed ? "bad" : "" },
    calls.length ? withCalls(row, calls) : el("div", { className: "row" }, ...row));
  item.dataset.place = step.place;
  return item;
}

const withCalls = (row, calls) =>
  el("details", {},
    el("summary", { className: "row" }, ...row, el("span", { className: "calls" }, count(calls.length, "call"))),
    el("ol", {}, ...calls.map((each) => el("li", {}, each))));

async function readQueues() {
  const queues = await call("/local/queues");
  const shown = JSON.stringify(queues);
  if (shown === $("queues").dataset.shown) return;
  $("queues").dataset.shown = shown;
  $("queues").replaceChildren(...Object.entries(queues).map(queueDepth));
}

function queueDepth([name, { waiting, in_flight, dead, dead_letters }]) {
  const depth = el("span", { className: waiting + in_flight ? "queue busy" : "queue" },
    `${name.replace(".fifo", "")} `, el("b", {}, String(waiting + in_flight)));
  depth.title = `${name}: ${waiting} waiting, ${in_flight} in flight, ${dead} dead`;
  if (!dead) return depth;
  return el("details", { className: "queue bad" },
    el("summary", {}, depth, ` · ${count(dead, "dead letter")}`),
    el("ul", {}, ...dead_letters.map(({ why, body }) => el("li", {}, el("b", {}, why), el("code", {}, body)))));
}


// The clock

async function readClock() {
  showClock((await call("/local/clock")).now);
}

function showClock(iso) {
  state.now = { at: Date.parse(iso), heard: performance.now() };
  tick();
}

function tick() {
  if (!state.now) return;
  const now = new Date(state.now.at + performance.now() - state.now.heard).toISOString();
  $("clock").dateTime = now;
  $("clock-day").textContent = format(now, { weekday: "short", day: "numeric", month: "short" });
  $("clock-time").textContent = format(now, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

function advance(button) {
  return attempt(button, $("clock-error"), async () => {
    showClock((await call("/local/clock", { advance_seconds: Number(button.dataset.advance) })).now);
    await beat();
  });
}

const format = (iso, parts) =>
  new Intl.DateTimeFormat("en-GB", { timeZone, ...parts }).format(new Date(iso));
const clockTime = (iso) => format(iso, { hour: "2-digit", minute: "2-digit" });


// The beat: everything that changes by itself is read anew

let beats = 0;
let lastBeat = Promise.resolve();

/** One at a time, so that no old answer is shown over a newer one. */
function beat() {
  lastBeat = lastBeat.then(readEverything);
  return lastBeat;
}

async function readEverything() {
  const slow = beats++ % SLOW_BEATS === 0;
  const reads = [readThread(), readPath(), ...(slow ? [readQueues(), readClock()] : [])];
  try {
    await Promise.all(reads);
    showConnection(true);
  } catch (error) {
    showConnection(error instanceof Refused);
  }
}

function showConnection(online) {
  $("connection").textContent = online ? "" : "Reconnecting…";
  if (!online) state.traceAfter = 0;
}

async function keepBeating() {
  if (!document.hidden) await beat();
  setTimeout(keepBeating, BEAT_MS);
}


// Words and elements

function $(id) {
  return document.getElementById(id);
}

function el(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#${$(name) ? name : "i-order"}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

const count = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;
const capital = (word) => word[0].toUpperCase() + word.slice(1);
const pretty = (number) =>
  number.replace(/^(\+972|\+\d{1,2}?)(\d{2,3})(\d{3})(\d{4})$/, "$1 $2 $3 $4");

function languageName(code) {
  const own = new Intl.DisplayNames([code], { type: "language" }).of(code);
  const english = new Intl.DisplayNames(["en"], { type: "language" }).of(code);
  return own === english ? english : `${english} · ${own}`;
}


// What is on the page from the start

function furnish() {
  $("shop-name").textContent = $("contact").textContent = boot.shop.name;
  $("avatar").textContent = [...boot.shop.name][0];
  $("platform").append(...boot.platforms.map((name) => new Option(capital(name), name)));
  $("language").append(...boot.shop.languages.map((code) => new Option(languageName(code), code)));
  $("order").value = remembered.usedOrder ? orderAfter(remembered.usedOrder) : FIRST_ORDER;
  $("examples").append(...EXAMPLES.map(exampleButton));
  $("kinds").append(...boot.kinds.map(kindButton));
  $("clock").title = timeZone ?? "your own time zone";
  showPhones();
}

function exampleButton([lang, text, meaning]) {
  const button = el("button", { type: "button", lang, dir: "auto", title: meaning }, text);
  button.onclick = () => sendText(text);
  return button;
}

function kindButton(kind) {
  const button = el("button", { type: "button" }, icon(`i-${kind}`), capital(kind));
  button.onclick = () => sendKind(kind, button);
  return button;
}

function listen() {
  $("phone").onchange = () => choosePhone($("phone").value);
  $("add-phone").onclick = () => toggleNewPhone();
  $("new-phone").onsubmit = (submit) => { submit.preventDefault(); addPhone(); };
  $("new-phone").onkeydown = ({ key }) => { if (key === "Escape") toggleNewPhone(false); };
  $("composer").onsubmit = (submit) => { submit.preventDefault(); sendText($("text").value); };
  $("text").onkeydown = sendOnEnter;
  $("new-order").onclick = newOrder;
  for (const id of ["order", "platform", "language"]) $(id).onchange = previewRequest;
  $("repeat").onclick = repeatLast;
  $("send-body").onclick = sendBody;
  for (const button of document.querySelectorAll("[data-advance]")) button.onclick = () => advance(button);
  document.onvisibilitychange = () => { if (!document.hidden) beat(); };
}

function sendOnEnter(press) {
  if (press.key !== "Enter" || press.shiftKey || press.isComposing) return;
  press.preventDefault();
  $("composer").requestSubmit();
}

furnish();
listen();
setInterval(tick, 1000);
previewRequest();
keepBeating();
