// The desk's places beside the queue: escalations, figures and the lists behind their numbers, unknown
// texts. Each has an address, and its page is asked for by it.

const $ = (id) => document.getElementById(id);
const NAME = /^\/desk\/(?![0-9a-f]{32}$)([a-z][a-z-]*)$/;
const OWN = ["escalations", "unknown", "figures"];
/** Of the looks: a manager's numbers need not be of this second, and cost a query a day. */
const EVERY = { escalations: 1, unknown: 1 };
const SELDOM = 15;

const named = () => NAME.exec(location.pathname)?.[1];
const source = (name) => `/desk/pages/${OWN.includes(name) ? name : `figures/${name}`}${location.search}`;

/** Shows what the address names; says whether it names a place. */
export function arrive() {
  const name = named();
  if (!name) return leave();
  const page = $("page");
  page.setAttribute("hx-get", source(name));
  page.dataset.every = EVERY[name] ?? SELDOM;
  delete page.dataset.etag;
  htmx.trigger(page, "htmx:abort");
  htmx.process(page);
  htmx.ajax("GET", source(name), { source: page, target: page, swap: "innerHTML" });
  seen(name);
  return true;
}

export function leave() {
  $("page").removeAttribute("hx-get");
  $("page").replaceChildren();
  seen("");
  return false;
}

export function go(address) {
  if (location.pathname + location.search !== address) history.pushState(null, "", address);
}

function seen(name) {
  $("desk").dataset.place = name;
  $("page").hidden = !name;
  document.querySelector("main.columns").hidden = Boolean(name);
  const place = name ? (OWN.includes(name) ? name : "figures") : "queue";
  for (const each of document.querySelectorAll("#places a")) {
    if (each.dataset.place === place) each.setAttribute("aria-current", "page");
    else each.removeAttribute("aria-current");
  }
}

/** Where somebody has just come to, they read from its heading on. */
export function arrived() {
  $("page").scrollTop = 0;
  $("page").querySelector("h1")?.focus({ preventScroll: true });
}
