/**
 * Talks to the server's web channel. One request at a time: the conversation queues its calls.
 *
 * @typedef {{title: string, text: string}} Choice
 * @typedef {object} Entry one line of the conversation
 * @property {"patient" | "assistant"} role
 * @property {string} text
 * @property {string[]} answerIds e.g. ["faq/does_it_hurt"]; "safety/…" marks a red flag
 * @property {Choice[]} choices
 * @property {string} source where the words come from; may be empty
 * @property {boolean} byPerson whether a person of the clinic wrote it
 * @property {Date} at
 * @property {string} messageId of the patient's message, also on its answer; empty for what nobody asked
 * @property {"up" | "down" | ""} thumb what the patient said of it
 *
 * @typedef {"" | "waiting" | "here"} Person whether one of the clinic is awaited or answers
 * @typedef {{entries: Entry[], person: Person}} History the conversation so far
 */

const TOKEN_KEY = "patient-faq-session";
const TIMEOUT_MS = 30_000;
const DEFAULT_WAIT_S = 5;

/** @typedef {"busy" | "expired" | "invalid" | "too_long" | "unreachable"} FailureKind */

/** Why a request failed, in the few kinds the patient is told about. */
export class ChatError extends Error {
  /**
   * @param {FailureKind} kind
   * @param {number} [retryAfter] seconds to wait, for "busy"
   * @param {string} [code] the server's own name of what is wrong
   */
  constructor(kind, retryAfter = 0, code = "") {
    super(kind);
    this.kind = kind;
    this.retryAfter = retryAfter;
    this.code = code;
  }
}

/** Keeps the session token; in memory when the browser forbids storage. */
class TokenStore {
  #memory = "";

  read() {
    try {
      return localStorage.getItem(TOKEN_KEY) ?? this.#memory;
    } catch {
      return this.#memory;
    }
  }

  /** @param {string} token an empty one forgets the session */
  write(token) {
    this.#memory = token;
    try {
      if (token) localStorage.setItem(TOKEN_KEY, token);
      else localStorage.removeItem(TOKEN_KEY);
    } catch {
      // Private windows may refuse; the copy in memory serves until the page closes.
    }
  }
}

/** The web channel of one server. */
export class ChatClient {
  #base;
  #tokens = new TokenStore();
  #abort = new AbortController();
  /** Whether the clinic can go on by text message; the server says so with a session or history. */
  canText = false;

  /** @param {URL} base the server's root, ending in "/" */
  constructor(base) {
    this.#base = base;
  }

  /** @returns {Promise<History>} empty without a valid session */
  async history() {
    const token = this.#tokens.read();
    if (!token) return { entries: [], person: "" };
    try {
      const body = await this.#request("history", token);
      const person = body.person === "here" || body.person === "waiting" ? body.person : "";
      return { entries: entries(body), person };
    } catch (error) {
      if (!isExpired(error)) throw error;
      this.#tokens.write("");
      return { entries: [], person: "" };
    }
  }

  /**
   * Sends one message; an expired session is replaced silently, once.
   *
   * @param {string} text
   * @param {string} messageId the same for every retry, so that nothing is booked twice
   * @returns {Promise<Entry[]>} the replies
   */
  async send(text, messageId) {
    const body = { text, message_id: messageId };
    try {
      return replies(await this.#request("message", await this.#session(), body), messageId);
    } catch (error) {
      if (!isExpired(error)) throw error;
    }
    this.#tokens.write("");
    return replies(await this.#request("message", await this.#session(), body), messageId);
  }

  /**
   * Says whether an answer helped.
   *
   * @param {string} messageId of the message that was answered
   * @param {import("./thumbs.js").Said} said
   * @returns {Promise<Entry[]>} a warning, when what was typed needs one
   */
  async rate(messageId, said) {
    const body = { message_id: messageId, ...said };
    return entries(await this.#request("feedback", this.#tokens.read(), body));
  }

  /**
   * One step of going on by text message, in the session there is.
   *
   * @param {"continue" | "continue/confirm"} step
   * @param {object} body
   * @returns {Promise<Record<string, any>>} the answer; what the assistant says is in `entries`
   */
  async continueByText(step, body) {
    const answer = await this.#request(step, await this.#session(), body);
    return answer.messages ? { ...answer, entries: entries(answer) } : answer;
  }

  /** Drops the session and any request under way. */
  forget() {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#tokens.write("");
  }

  async #session() {
    const known = this.#tokens.read();
    if (known) return known;
    const { session } = await this.#request("session", "", {});
    if (typeof session !== "string") throw new ChatError("unreachable");
    this.#tokens.write(session);
    return session;
  }

  /**
   * @param {"feedback" | "history" | "message" | "session" | "continue" | "continue/confirm"} route
   * @param {string} token empty for none
   * @param {object} [body] sent as JSON by POST; GET without one
   * @returns {Promise<Record<string, unknown>>}
   */
  async #request(route, token, body) {
    const abort = this.#abort;
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    const headers = new Headers(token ? { Authorization: `Bearer ${token}` } : {});
    if (body) headers.set("Content-Type", "application/json");
    try {
      const response = await fetch(new URL(`webhooks/web/${route}`, this.#base), {
        method: body ? "POST" : "GET",
        headers,
        body: body && JSON.stringify(body),
        cache: "no-store",
        credentials: "omit",
        signal: abort.signal,
      });
      if (!response.ok) throw await failure(response);
      const answer = await response.json();
      if (answer.continue_by_text) this.canText = true;
      return answer;
    } catch (error) {
      if (abort.signal.aborted && abort === this.#abort) this.#abort = new AbortController();
      throw error instanceof ChatError ? error : new ChatError("unreachable");
    } finally {
      clearTimeout(timer);
    }
  }
}

/** @param {unknown} error */
function isExpired(error) {
  return error instanceof ChatError && error.kind === "expired";
}

/**
 * @param {Response} response
 * @returns {Promise<ChatError>}
 */
async function failure(response) {
  const { status } = response;
  const body = await response.json().catch(() => null);
  const code = String(body?.error?.code ?? "");
  if (status === 401 || status === 403) return new ChatError("expired", 0, code);
  if (status === 413) return new ChatError("too_long", 0, code);
  if (status === 429) {
    return new ChatError("busy", waitSeconds(response.headers.get("Retry-After")), code);
  }
  return new ChatError(status === 400 || status === 422 ? "invalid" : "unreachable", 0, code);
}

/** @param {string | null} header seconds, or an HTTP date */
function waitSeconds(header) {
  if (!header) return DEFAULT_WAIT_S;
  const seconds = /^\d+$/.test(header)
    ? Number(header)
    : Math.ceil((Date.parse(header) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.max(1, seconds) : DEFAULT_WAIT_S;
}

/** @param {Record<string, any>} body `{"messages": […]}` of a reply or of the history */
function entries(body) {
  if (!Array.isArray(body.messages)) throw new ChatError("unreachable");
  return body.messages.map(toEntry);
}

/**
 * @param {Record<string, any>} body
 * @param {string} messageId
 */
function replies(body, messageId) {
  return entries(body).map((entry) => ({ ...entry, messageId }));
}

/**
 * @param {Record<string, any>} raw
 * @returns {Entry}
 */
function toEntry(raw) {
  return {
    role: raw.role === "patient" ? "patient" : "assistant",
    text: String(raw.text ?? ""),
    answerIds: raw.answer_ids ?? [],
    choices: raw.choices ?? [],
    source: raw.source ?? "",
    byPerson: raw.by_person === true,
    at: raw.at ? new Date(raw.at) : new Date(),
    messageId: raw.message_id ?? "",
    thumb: raw.thumb ?? "",
  };
}
