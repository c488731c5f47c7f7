// Who is here: the code flow with PKCE against the pool's own pages, and the tokens of this tab alone.

const told = document.querySelector('meta[name="sign-in"]');
const [at, client, back] = [told.content, told.dataset.client, told.dataset.back];
const KEPT = "kesher.tokens";
const ASKED = "kesher.asked";
const SPARE_MS = 60_000;
const MOST_REFUSALS = 2;
let renewing = null;
let refusals = 0;

export class Over extends Error {}

const read = (name) => JSON.parse(sessionStorage.getItem(name) ?? "null");
const keep = (name, value) => sessionStorage.setItem(name, JSON.stringify(value));

export const isSignedIn = () => read(KEPT) !== null;

export async function signIn() {
  const [verifier, state] = [chance(), chance()];
  keep(ASKED, { verifier, state, place: location.pathname + location.search });
  const query = new URLSearchParams({
    response_type: "code",
    client_id: client,
    redirect_uri: back,
    scope: "openid",
    state,
    code_challenge: await digest(verifier),
    code_challenge_method: "S256",
  });
  location.assign(`${at}/oauth2/authorize?${query}`);
}

/** Whoever comes back from there has a code in the address: it becomes tokens, and they go on where
 * they were. */
export async function comeBack() {
  const query = new URLSearchParams(location.search);
  if (!query.has("code") && !query.has("error")) return;
  const asked = read(ASKED);
  sessionStorage.removeItem(ASKED);
  history.replaceState(null, "", asked?.place ?? "/desk");
  if (!asked || query.get("state") !== asked.state || !query.has("code")) throw new Over("not asked for");
  const code = { code: query.get("code"), redirect_uri: back, code_verifier: asked.verifier };
  keepTokens(await granted({ grant_type: "authorization_code", ...code }));
}

/** A token that is good for a while yet; throws Over where there is none to be had. */
export async function token() {
  const tokens = read(KEPT);
  if (!tokens) throw new Over("not signed in");
  if (tokens.until - SPARE_MS > Date.now()) return tokens.id_token;
  renewing ??= renewed(tokens).finally(() => { renewing = null; });
  return renewing;
}

/** The server does not take this one any longer, whatever our clock says. Whether another is worth a
 * try: not where several were refused and none was taken. Of requests with the same one the first counts. */
export function distrust(refused) {
  const tokens = read(KEPT);
  if (tokens?.id_token !== refused) return tokens !== null;
  if (tokens.until) refusals += 1;
  keep(KEPT, { ...tokens, until: 0 });
  return refusals <= MOST_REFUSALS;
}

export function trust() {
  refusals = 0;
}

export function forget() {
  sessionStorage.removeItem(KEPT);
}

export async function signOut() {
  const tokens = read(KEPT);
  sessionStorage.clear();
  const form = new URLSearchParams({ token: tokens?.refresh_token ?? "", client_id: client });
  await fetch(`${at}/oauth2/revoke`, { method: "POST", body: form }).catch(() => null);
  location.assign(`${at}/logout?${new URLSearchParams({ client_id: client, logout_uri: back })}`);
}

async function renewed(tokens) {
  const { refresh_token } = tokens;
  keepTokens({ refresh_token, ...await granted({ grant_type: "refresh_token", refresh_token }) });
  return read(KEPT).id_token;
}

async function granted(wanted) {
  const body = new URLSearchParams({ client_id: client, ...wanted });
  const answer = await fetch(`${at}/oauth2/token`, { method: "POST", body });
  if (answer.status >= 400 && answer.status < 500) throw new Over(`refused: ${answer.status}`);
  if (!answer.ok) throw new Error(`sign-in answered ${answer.status}`);
  return answer.json();
}

function keepTokens({ id_token, refresh_token, expires_in }) {
  keep(KEPT, { id_token, refresh_token, until: Date.now() + expires_in * 1000 });
}

const chance = () => text64(crypto.getRandomValues(new Uint8Array(32)));
const digest = async (text) => text64(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
const text64 = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
