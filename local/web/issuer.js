// Who are you? Sent here by a page that wants somebody signed in, it sends them back with a code; opened
// by itself, it shows a token.

const boot = JSON.parse(document.getElementById("boot").textContent);
const $ = (id) => document.getElementById(id);
const sentHere = new URLSearchParams(location.search).has("redirect_uri");

async function post(path, body) {
  const answer = await fetch(path, { method: "POST", body: JSON.stringify(body) });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}

async function choose(person) {
  $("issuer-error").textContent = "";
  try {
    if (sentHere) {
      const { location: back } = await post(`/local/issuer/oauth2/authorize${location.search}`, { agent: person.id });
      location.assign(back);
    } else {
      show(person, await post("/local/issuer/tokens", { agent: person.id }));
    }
  } catch (error) {
    $("issuer-error").textContent = `That did not work: ${error.message}`;
  }
}

function show(person, given) {
  $("given").hidden = false;
  $("given-name").textContent = person.name;
  $("given-minutes").textContent = given.expires_in / 60;
  $("given-command").textContent = `curl ${location.origin}/desk/api/v1/me -H "Authorization: Bearer ${given.id_token}"`;
  $("copy").textContent = "Copy";
  for (const each of $("people").querySelectorAll("button")) {
    each.setAttribute("aria-pressed", each.dataset.agent === person.id);
  }
}

function card(person) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.agent = person.id;
  if (!sentHere) button.setAttribute("aria-pressed", false);
  const part = (tag, text, name) => {
    const made = Object.assign(document.createElement(tag), { textContent: text, className: name, dir: "auto" });
    button.append(made);
    return made;
  };
  part("span", [...person.name][0], "avatar").setAttribute("aria-hidden", true);
  part("b", person.name, "name");
  part("span", person.role, "role");
  part("span", person.level, "level");
  button.addEventListener("click", () => choose(person));
  const item = document.createElement("li");
  item.append(button);
  return item;
}

$("shop-name").textContent = boot.shop;
$("people").append(...boot.people.map(card));
$("nobody").hidden = boot.people.length > 0;
$("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText($("given-command").textContent);
  $("copy").textContent = "Copied";
});
