// How long somebody has waited, and what is late, by the server's clock.

let ahead = 0;
const SPANS = [["day", 86_400], ["hour", 3_600], ["minute", 60]];

export function now(iso) {
  if (iso) ahead = Date.parse(iso) - Date.now();
}

export function tell() {
  const at = Date.now() + ahead;
  for (const each of document.querySelectorAll("[data-age]")) {
    const told = span((at - Date.parse(each.dateTime)) / 1000);
    if (each.textContent !== told) each.textContent = told;
  }
  for (const each of document.querySelectorAll("[data-due]")) {
    each.classList.toggle("is-late", Date.parse(each.dataset.due) < at);
  }
}

function span(seconds) {
  const [unit, length] = SPANS.find(([, length]) => seconds >= length) ?? SPANS.at(-1);
  const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 };
  return new Intl.NumberFormat(document.documentElement.lang, style).format(Math.max(0, Math.floor(seconds / length)));
}

setInterval(tell, 5_000);
