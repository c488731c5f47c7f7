// The sheet on which a conversation is closed: what was agreed, and in which words the customer is told.

import { recall } from "./composer.js";
import { clean } from "./sms.js";

const $ = (id) => document.getElementById(id);

function tell() {
  const { farewell, summary } = $("closing").elements;
  const ending = `${farewell.value} ${Boolean(clean(summary?.value ?? ""))}`;
  for (const each of $("closing").querySelectorAll("[data-ending]")) each.hidden = each.dataset.ending !== ending;
}

/** Below what stands there, should somebody have begun already. */
function propose(words) {
  const [says, box] = [$("proposal"), $("summary")];
  says.textContent = words ? "" : says.dataset.none;
  if (!words) return;
  box.value = [box.value.trimEnd(), words].filter(Boolean).join("\n");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
  box.setSelectionRange(0, 0);
  box.scrollTop = 0;
}

document.addEventListener("input", ({ target }) => { if (target.form?.id === "closing") tell(); });
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.id === "closing") detail.parameters.summary = clean($("summary")?.value ?? "");
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const { target } = detail;
  if (target.id === "proposal") propose(target.querySelector("data").value);
  if (target.id !== "sheet") return;
  target.showModal();
  if ($("summary")) recall($("summary"));
  if ($("closing")) tell();
});
