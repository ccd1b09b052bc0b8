/**
 * The course of a conversation: sends in order, retries, follows what the clinic sends, starts over.
 *
 * @typedef {import("./chat-client.js").ChatClient} ChatClient
 * @typedef {import("./chat-client.js").Entry} Entry
 * @typedef {import("./transcript.js").Transcript} Transcript
 * @typedef {{id: string, text: string, bubble: HTMLElement}} Outgoing
 */

import { ChatError } from "./chat-client.js";

const MAX_ATTEMPTS = 4;
const MAX_WAIT_S = 60;
/** The answer to a wish for a person. */
const PERSON = "handoff/";
/**
 * How soon the next look comes: first and longest wait. While nothing comes, each is later than the
 * one before; who waits for a person looks sooner, and who talks with one looks all the time.
 */
const FOLLOW_GROWTH = 1.5;
const FOLLOW = {
  here: { first: 2_500, longest: 2_500 },
  waiting: { first: 5_000, longest: 15_000 },
  letter: { first: 15_000, longest: 300_000 },
};

/** @type {Record<import("./chat-client.js").FailureKind, string>} */
const FAILURES = {
  busy: "Not sent: too many messages in a short time. Please wait a little.",
  expired: "Not sent. For an emergency, call 911.",
  invalid: "Not sent: this message could not be read. Please write it another way.",
  too_long: "Not sent: this message is too long. Please shorten it.",
  unreachable: "Not sent: the clinic could not be reached. For an emergency, call 911.",
};

/** Random version 4 UUID; `crypto.randomUUID` is missing on pages served without TLS. */
export function messageId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * @param {Outgoing} a
 * @param {Outgoing} b
 */
function byPlace(a, b) {
  const place = a.bubble.compareDocumentPosition(b.bubble);
  return place & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
}

/** One patient's conversation with one server. */
export class Conversation {
  #client;
  #transcript;
  /** Replies that belong to an earlier generation came after "Start over" and are dropped. */
  #generation = 0;
  #queue = Promise.resolve();
  #loaded = false;
  #waiting = 0;
  /** Whether there is anything that the clinic could answer. */
  #hasBegun = false;
  /** @type {import("./chat-client.js").Person} */
  #person = "";
  #open = false;
  /** What did not reach the clinic, in order. @type {Outgoing[]} */
  #unsent = [];
  #delay = FOLLOW.letter.first;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #follower;
  #onVisible = () => {
    if (!document.hidden) this.#lookNow();
  };

  /**
   * @param {ChatClient} client
   * @param {Transcript} transcript
   */
  constructor(client, transcript) {
    this.#client = client;
    this.#transcript = transcript;
  }

  /** The panel is open: shows the history, then what staff write and what the clinic lets know. */
  resume() {
    this.#open = true;
    document.addEventListener("visibilitychange", this.#onVisible);
    if (!this.#loaded) this.#enqueue(() => this.#load());
    else this.#lookNow();
  }

  /** The panel is closed: asks the server for nothing more. */
  pause() {
    this.#open = false;
    document.removeEventListener("visibilitychange", this.#onVisible);
    clearTimeout(this.#follower);
  }

  /** @param {string} text */
  send(text) {
    const id = messageId();
    this.#post({ id, text, bubble: this.#transcript.addPatient(text, id) });
  }

  /** The browser is online again: what did not reach the clinic is sent once more. */
  sendAgain() {
    for (const message of [...this.#unsent]) this.#post(message);
  }

  /**
   * Says whether an answer helped.
   *
   * @param {string} messageId
   * @param {import("./thumbs.js").Said} said
   * @returns {Promise<boolean>} whether it was kept
   */
  async rate(messageId, said) {
    const generation = this.#generation;
    try {
      const warning = await this.#client.rate(messageId, said);
      if (generation === this.#generation && warning.length > 0) this.#transcript.addReplies(warning);
      return true;
    } catch {
      return false;
    }
  }

  startOver() {
    this.#generation += 1;
    this.#queue = Promise.resolve();
    this.#waiting = 0;
    this.#unsent = [];
    this.#hasBegun = false;
    this.#meet("");
    clearTimeout(this.#follower);
    this.#loaded = true;
    this.#client.forget();
    this.#transcript.clear();
  }

  /** @param {() => Promise<void>} task */
  #enqueue(task) {
    const generation = this.#generation;
    this.#queue = this.#queue.then(() => (generation === this.#generation ? task() : undefined));
  }

  /** @param {Outgoing} message */
  #post(message) {
    this.#unsent = this.#unsent.filter(({ id }) => id !== message.id);
    this.#transcript.markSending(message.bubble);
    this.#wait(+1);
    this.#enqueue(() => this.#deliver(message));
  }

  /** @param {number} change */
  #wait(change) {
    this.#waiting += change;
    this.#transcript.showTyping(this.#waiting > 0);
  }

  /** @param {Outgoing} message */
  async #deliver(message) {
    const generation = this.#generation;
    if (!this.#loaded) await this.#load();
    if (generation !== this.#generation) return;
    /** @type {Entry[] | ChatError} */
    const result = await this.#attempt(message, generation).catch((error) => error);
    if (generation !== this.#generation) return;
    this.#wait(-1);
    if (Array.isArray(result)) this.#receive(message, result);
    else this.#fail(message, result);
  }

  /**
   * @param {Outgoing} message
   * @param {Entry[]} replies
   */
  #receive(message, replies) {
    // No answer comes at once while a person has the conversation.
    const isSilent = replies.length === 0;
    this.#transcript.markSent(message.bubble, isSilent ? "Sent" : "");
    this.#transcript.addReplies(replies);
    if (isSilent) this.#meet("here");
    this.#hasBegun = true;
    const isWish = replies.some(({ answerIds }) => answerIds.some((id) => id.startsWith(PERSON)));
    if (isWish && !this.#person) this.#meet("waiting");
    this.#lookSoon();
  }

  /**
   * @param {Outgoing} message
   * @param {Error} error
   */
  #fail(message, error) {
    const kind = error instanceof ChatError ? error.kind : "unreachable";
    const final = kind === "invalid" || kind === "too_long";
    if (kind === "unreachable") this.#unsent = [...this.#unsent, message].sort(byPlace);
    this.#transcript.markFailed(message.bubble, FAILURES[kind], {
      label: final ? "Edit message" : "Try again",
      run: () => (final ? this.#transcript.takeBack(message.bubble, message.text) : this.#post(message)),
    });
  }

  /**
   * Sends; when the server asks for patience, says so, waits and sends again.
   *
   * @param {Outgoing} message
   * @param {number} generation
   * @returns {Promise<Entry[]>}
   */
  async #attempt(message, generation) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#client.send(message.text, message.id);
      } catch (error) {
        const wait = error instanceof ChatError && error.kind === "busy" ? error.retryAfter : 0;
        if (!wait || wait > MAX_WAIT_S || attempt === MAX_ATTEMPTS) throw error;
        if (generation !== this.#generation) throw error;
        this.#transcript.markWaiting(message.bubble, wait);
        await new Promise((resolve) => setTimeout(resolve, wait * 1000));
        if (generation !== this.#generation) throw error;
      }
    }
  }

  async #load() {
    const generation = this.#generation;
    const history = await this.#client.history().catch(() => null);
    if (history === null || generation !== this.#generation) return;
    this.#loaded = true;
    this.#transcript.restore(history.entries);
    this.#learn(history);
    this.#lookSoon();
  }

  async #follow() {
    const generation = this.#generation;
    const history = await this.#client.history().catch(() => null);
    if (generation !== this.#generation) return;
    const isNew = history !== null && this.#transcript.addMissing(history.entries);
    if (history !== null) this.#learn(history);
    const { first, longest } = this.#pace();
    this.#delay = isNew ? first : Math.min(this.#delay * FOLLOW_GROWTH, longest);
    this.#lookLater();
  }

  /** @param {import("./chat-client.js").History} history on screen by now */
  #learn({ entries, person }) {
    this.#hasBegun ||= entries.length > 0;
    this.#meet(person);
    // A message may have arrived though its answer was lost on the way back.
    for (const { id, bubble } of this.#unsent) {
      if (this.#transcript.isAnswered(id)) this.#transcript.markSent(bubble, "");
    }
    this.#unsent = this.#unsent.filter(({ id }) => !this.#transcript.isAnswered(id));
  }

  #pace() {
    return FOLLOW[this.#person || "letter"];
  }

  /** @param {import("./chat-client.js").Person} person */
  #meet(person) {
    this.#person = person;
    this.#transcript.showPerson(person === "here");
  }

  #lookNow() {
    this.#delay = this.#pace().first;
    clearTimeout(this.#follower);
    this.#enqueue(() => this.#follow());
  }

  /** A hidden page is left alone; it looks as soon as it is seen again. */
  #lookLater() {
    clearTimeout(this.#follower);
    if (!this.#open || !this.#hasBegun) return;
    this.#follower = setTimeout(() => {
      if (!document.hidden) this.#enqueue(() => this.#follow());
    }, this.#delay);
  }

  #lookSoon() {
    this.#delay = this.#pace().first;
    this.#lookLater();
  }
}
