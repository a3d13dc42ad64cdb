// Asks the dashboard. A session that ended and a database that is away are nobody's loss: the question waits and is asked again.

export class Failure extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const events = new EventTarget();
const say = (name, detail) => events.dispatchEvent(new CustomEvent(name, { detail }));

let csrf = null;
let signingIn = null;
let away = 0;

async function ask(method, path, { body, headers, signal } = {}) {
  let answer;
  try {
    answer = await fetch(path, { method, body, signal, headers: { ...headers, ...(csrf && { "X-CSRF-Token": csrf }) } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Failure(0, "unreachable", "The dashboard cannot be reached.");
  }
  csrf = answer.headers.get("X-CSRF-Token") ?? csrf;
  if (answer.ok) return answer.headers.get("Content-Type") === "application/json" ? answer.json() : answer.text();
  const said = await answer.json().catch(() => null);
  throw new Failure(answer.status, said?.code ?? "unknown", said?.message ?? `The dashboard answered ${answer.status}.`);
}

/** Resolves when somebody has signed in; however many ask, they are asked once. */
function signedIn() {
  signingIn ??= new Promise((resolve) => say("signed-out", { done: resolve })).finally(() => { signingIn = null; });
  return signingIn;
}

const isAway = (failure) => failure instanceof Failure && ["database_away", "unreachable", "memory"].includes(failure.code);

function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
  });
}

async function untilBack(question, signal) {
  for (let wait = 1000; ; wait = Math.min(wait * 1.6, 10000)) {
    try {
      const answer = await question();
      if (away > 0) say("back");
      away = 0;
      return answer;
    } catch (failure) {
      if (!isAway(failure)) throw failure;
      away += 1;
      say("away", failure.message);
      await pause(wait, signal);
    }
  }
}

async function untilSignedIn(question) {
  for (;;) {
    try {
      return await question();
    } catch (failure) {
      if (failure.code !== "signed_out") throw failure;
      await signedIn();
    }
  }
}

export function query(args) {
  const words = new URLSearchParams();
  for (const [key, value] of Object.entries(args ?? {})) if (value !== undefined && value !== null && value !== "") words.set(key, value);
  const text = words.toString();
  return text ? `?${text}` : "";
}

/** Reads; `fresh` when the page only keeps itself up to date, which does not count as somebody's using it. */
export const get = (path, args, { signal, fresh } = {}) =>
  untilSignedIn(() => untilBack(() => ask("GET", path + query(args), { signal, headers: fresh ? { "X-Keep-Fresh": "1" } : {} }), signal));

/** Changes something, and never twice. */
export async function post(path, asked) {
  const question = () => ask("POST", path, { body: JSON.stringify(asked), headers: { "Content-Type": "application/json" } });
  return untilSignedIn(async () => {
    if (!csrf) await get("/api/session");
    try {
      return await question();
    } catch (failure) {
      if (failure.code !== "csrf") throw failure;
      await get("/api/session"); // another tab signed in meanwhile
      return question();
    }
  });
}

export const signIn = (role, password) =>
  ask("POST", "/api/sign-in", { body: new URLSearchParams({ role, password }), headers: { "X-Sign-In": "1" } });

export async function signOut() {
  await ask("POST", "/api/sign-out").catch(() => null);
  csrf = null;
}
