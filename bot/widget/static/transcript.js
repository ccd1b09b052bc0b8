/**
 * Shows the conversation and keeps the right part of it in sight.
 *
 * @typedef {import("./chat-client.js").Entry} Entry
 * @typedef {import("./bubbles.js").Action} Action
 * @typedef {object} TranscriptParts
 * @property {HTMLElement} log the live region that holds the bubbles
 * @property {HTMLElement} scroller scrolls the log
 * @property {HTMLElement} typing shown while a reply is awaited
 * @property {HTMLElement} answerer says who answers
 * @property {HTMLElement} starters suggestions, shown while the log is empty
 */

import { buildEntry, choiceButtons, isSafety, setNote } from "./bubbles.js";
import { buildThumbs } from "./thumbs.js";

const SCROLL_MARGIN = 14;
/** Answers on these can be rated: not a warning, a booking's question or a greeting. */
const RATED = /^(clinic|faq|other)\//;
/** Who is nearer to the end than this reads the newest lines. */
const NEAR_END = 80;

/** The visible conversation. */
export class Transcript {
  #parts;
  #onChoice;
  #onEdit;
  #onRate;
  /** How often each assistant text is on screen. @type {Map<string, number>} */
  #shown = new Map();
  /** Pixels between the lower edge of the view and the end of the conversation. */
  #belowView = 0;

  /**
   * @param {TranscriptParts} parts
   * @param {{choose: (text: string) => void, edit: (text: string) => void, rate: (messageId: string, said: import("./thumbs.js").Said) => Promise<boolean>}} handlers
   */
  constructor(parts, { choose, edit, rate }) {
    this.#parts = parts;
    this.#onChoice = choose;
    this.#onEdit = edit;
    this.#onRate = rate;
    this.#keepPlace();
  }

  /** Removes everything and offers the starters again. */
  clear() {
    this.#parts.log.replaceChildren();
    this.#shown.clear();
    this.#parts.starters.hidden = false;
    this.showTyping(false);
  }

  /**
   * Puts the history above what is already on screen, without reading it all aloud.
   *
   * @param {Entry[]} history
   */
  restore(history) {
    if (history.length === 0) return;
    const { log, starters } = this.#parts;
    const usable = log.childElementCount === 0;
    const last = history.length - 1;
    log.setAttribute("aria-busy", "true");
    const rated = ratedEntries(history);
    log.prepend(
      ...history.map((entry, i) => this.#build(entry, usable && i === last, rated.has(entry))),
    );
    log.setAttribute("aria-busy", "false");
    starters.hidden = true;
    this.#scrollToEnd();
  }

  /**
   * @param {string} text
   * @returns {HTMLElement} the entry, to be marked as sent or failed
   */
  addPatient(text) {
    const { log, starters } = this.#parts;
    const entry = buildEntry({
      role: "patient",
      text,
      at: new Date(),
      answerIds: [],
      choices: [],
      source: "",
      byPerson: false,
      messageId: "",
      thumb: "",
    });
    this.#removeChoices();
    starters.hidden = true;
    log.append(entry);
    return entry;
  }

  /** @param {Entry[]} replies the last one's choices become buttons */
  addReplies(replies) {
    if (replies.length > 0) this.#removeChoices();
    const rated = ratedEntries(replies);
    for (const reply of replies) {
      const entry = this.#build(reply, true, rated.has(reply));
      if (isSafety(reply)) entry.setAttribute("role", "alert");
      this.#parts.log.append(entry);
    }
    this.#scrollToLastQuestion();
  }

  /**
   * Adds what staff wrote, or the clinic let know, in the meantime. The log is a live region, so a
   * screen reader says it; the view moves only for who reads the end.
   *
   * @param {Entry[]} history
   * @returns {boolean} whether there was something new
   */
  addMissing(history) {
    const shown = new Map(this.#shown);
    const missing = history.filter(({ role, text }) => {
      const count = shown.get(text) ?? 0;
      shown.set(text, count - 1);
      return role === "assistant" && count <= 0;
    });
    if (missing.length === 0) return false;
    const { log, scroller } = this.#parts;
    const isAtEnd = this.#belowView < NEAR_END;
    const place = scroller.scrollTop;
    this.addReplies(missing);
    const first = log.children[log.childElementCount - missing.length];
    const top = first instanceof HTMLElement ? first.offsetTop - SCROLL_MARGIN : place;
    scroller.scrollTop = isAtEnd ? top : place;
    return true;
  }

  /** @param {HTMLElement} entry */
  markSending(entry) {
    entry.dataset.state = "sending";
    setNote(entry);
    this.#scrollToEnd();
  }

  /**
   * @param {HTMLElement} entry
   * @param {string} note may be empty
   */
  markSent(entry, note) {
    entry.dataset.state = "sent";
    setNote(entry, note);
  }

  /**
   * @param {HTMLElement} entry
   * @param {number} seconds until the next attempt
   */
  markWaiting(entry, seconds) {
    setNote(entry, `Many messages at once. Sending again in ${seconds} s.`);
    this.#scrollToEnd();
  }

  /**
   * @param {HTMLElement} entry
   * @param {string} reason
   * @param {Action} action
   */
  markFailed(entry, reason, action) {
    entry.dataset.state = "failed";
    setNote(entry, reason, action);
    this.#scrollToEnd();
  }

  /**
   * Takes a message out and gives its text back for editing.
   *
   * @param {HTMLElement} entry
   * @param {string} text
   */
  takeBack(entry, text) {
    entry.remove();
    this.#parts.starters.hidden = this.#parts.log.childElementCount > 0;
    this.#onEdit(text);
  }

  /** @param {boolean} shown */
  showTyping(shown) {
    this.#parts.typing.hidden = !shown;
    if (shown) this.#scrollToEnd();
  }

  /** @param {boolean} isPerson whether a person of the clinic answers now */
  showPerson(isPerson) {
    const { answerer } = this.#parts;
    const words = isPerson ? "A person at the clinic" : "Automated assistant";
    if (answerer.textContent !== words) answerer.textContent = words;
    answerer.classList.toggle("person", isPerson);
  }

  /**
   * @param {Entry} entry
   * @param {boolean} usable whether its choices are offered as buttons
   * @param {boolean} rated whether thumbs stand under it
   * @returns {HTMLElement}
   */
  #build(entry, usable, rated) {
    const node = buildEntry(entry);
    if (entry.role === "patient") return node;
    this.#shown.set(entry.text, (this.#shown.get(entry.text) ?? 0) + 1);
    if (rated) {
      node.append(buildThumbs((said) => this.#onRate(entry.messageId, said), entry.thumb));
    }
    if (usable && entry.choices.length > 0) {
      node.append(choiceButtons(entry.choices, this.#onChoice));
    }
    return node;
  }

  #removeChoices() {
    for (const choices of this.#parts.log.querySelectorAll(".choices")) choices.remove();
  }

  /** An on-screen keyboard, a growing text box or a turned phone must not hide the last lines. */
  #keepPlace() {
    const { scroller } = this.#parts;
    let [width, height] = [0, 0];
    scroller.addEventListener("scroll", () => {
      // A change of size scrolls too, before the observer hears of it; that is not the reader's.
      if (scroller.clientWidth !== width || scroller.clientHeight !== height) return;
      this.#belowView = scroller.scrollHeight - height - scroller.scrollTop;
    });
    new ResizeObserver(() => {
      [width, height] = [scroller.clientWidth, scroller.clientHeight];
      const top = scroller.scrollHeight - height - this.#belowView;
      scroller.scrollTo({ top, behavior: "instant" });
    }).observe(scroller);
  }

  #scrollToEnd() {
    const { scroller } = this.#parts;
    scroller.scrollTop = scroller.scrollHeight;
  }

  /** A long reply is read from its start: the question stays in sight above it. */
  #scrollToLastQuestion() {
    const { log, scroller } = this.#parts;
    const questions = log.querySelectorAll(".patient");
    const question = questions[questions.length - 1];
    if (!(question instanceof HTMLElement)) return this.#scrollToEnd();
    scroller.scrollTop = question.offsetTop - SCROLL_MARGIN;
  }
}

/**
 * The last reply to each message that can be rated.
 *
 * @param {Entry[]} entries
 * @returns {Set<Entry>}
 */
function ratedEntries(entries) {
  /** @type {Map<string, Entry[]>} */
  const turns = new Map();
  for (const entry of entries) {
    if (entry.role === "patient" || !entry.messageId) continue;
    turns.set(entry.messageId, [...(turns.get(entry.messageId) ?? []), entry]);
  }
  const rated = new Set();
  for (const replies of turns.values()) {
    const ids = replies.flatMap(({ answerIds }) => answerIds);
    if (ids.length > 0 && ids.every((id) => RATED.test(id))) rated.add(replies[replies.length - 1]);
  }
  return rated;
}
