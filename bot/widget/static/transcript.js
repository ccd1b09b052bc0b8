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
import { buildThumbs, ratedEntries } from "./thumbs.js";

const SCROLL_MARGIN = 14;
/** Who is nearer to the end than this reads the newest lines. */
const NEAR_END = 80;

/** The visible conversation. */
export class Transcript {
  #parts;
  #onChoice;
  #onEdit;
  #onRate;
  /** What each assistant bubble says. @type {WeakMap<Element, string>} */
  #texts = new WeakMap();
  /** The patient's bubbles by the id of their message. @type {Map<string, HTMLElement>} */
  #asked = new Map();
  /** The ids of the messages whose answers are on screen. @type {Set<string>} */
  #answered = new Set();
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
    this.#asked.clear();
    this.#answered.clear();
    this.#parts.starters.hidden = false;
    this.showTyping(false);
  }

  /**
   * Puts the history around what is already on screen, without reading it all aloud.
   *
   * @param {Entry[]} history
   */
  restore(history) {
    if (history.length === 0) return;
    const { log, starters } = this.#parts;
    const usable = log.childElementCount === 0;
    const last = history.length - 1;
    log.setAttribute("aria-busy", "true");
    this.#merge(history, (i) => usable && i === last);
    log.setAttribute("aria-busy", "false");
    starters.hidden = true;
    this.#scrollToEnd();
  }

  /**
   * @param {string} text
   * @param {string} messageId by which the history names it
   * @returns {HTMLElement} the entry, to be marked as sent or failed
   */
  addPatient(text, messageId) {
    const { log, starters } = this.#parts;
    /** @type {Entry} */
    const said = {
      role: "patient",
      text,
      at: new Date(),
      answerIds: [],
      choices: [],
      source: "",
      byPerson: false,
      messageId,
      thumb: "",
    };
    const entry = this.#build(said, false, false);
    this.#removeChoices();
    starters.hidden = true;
    log.append(entry);
    return entry;
  }

  /** @param {Entry[]} replies the last one's choices become buttons; what is shown is left out */
  addReplies(replies) {
    const fresh = replies.filter(({ messageId }) => !this.isAnswered(messageId));
    if (fresh.length > 0) this.#removeChoices();
    const rated = ratedEntries(fresh);
    for (const reply of fresh) {
      const entry = this.#build(reply, true, rated.has(reply));
      if (isSafety(reply)) entry.setAttribute("role", "alert");
      this.#parts.log.append(entry);
    }
    this.#scrollToLastQuestion();
  }

  /**
   * Adds what staff wrote, the clinic let know, or was said in another tab in the meantime. The log
   * is a live region, so a screen reader says it; the view moves only for who reads the end.
   *
   * @param {Entry[]} history
   * @returns {boolean} whether there was something new
   */
  addMissing(history) {
    const { scroller, starters } = this.#parts;
    const isAtEnd = this.#belowView < NEAR_END;
    const place = scroller.scrollTop;
    const asked = history.map(({ role }) => role).lastIndexOf("patient");
    const added = this.#merge(history, (i) => i > asked);
    if (added.length === 0) return false;
    for (const entry of added) if (entry.matches(".safety")) entry.setAttribute("role", "alert");
    starters.hidden = true;
    scroller.scrollTop = isAtEnd ? added[0].offsetTop - SCROLL_MARGIN : place;
    return true;
  }

  /** @param {string} messageId */
  isAnswered(messageId) {
    return this.#answered.has(messageId);
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
   * Puts each line of the history that is not on screen behind the one it follows.
   *
   * @param {Entry[]} history
   * @param {(index: number) => boolean} isUsable whether a line's choices are offered as buttons
   * @returns {HTMLElement[]} what was put in
   */
  #merge(history, isUsable) {
    const { log } = this.#parts;
    const known = this.#onScreen(history);
    const rated = ratedEntries(history);
    /** @type {HTMLElement[]} */
    const added = [];
    if (known.size < history.length) this.#removeChoices();
    /** @type {Element | undefined} */
    let before;
    history.forEach((entry, i) => {
      let node = known.get(entry);
      if (!node) {
        node = this.#build(entry, isUsable(i), rated.has(entry));
        if (before) before.after(node);
        else log.prepend(node);
        added.push(node);
      }
      before = node;
    });
    return added;
  }

  /**
   * The bubbles of those lines that have one: the patient's by their id, the others by their words.
   *
   * @param {Entry[]} history
   * @returns {Map<Entry, HTMLElement>}
   */
  #onScreen(history) {
    const bubbles = [...this.#parts.log.querySelectorAll(".entry.assistant")];
    /** @type {Map<Entry, HTMLElement>} */
    const known = new Map();
    for (const entry of history) {
      const isPatient = entry.role === "patient";
      const i = isPatient ? -1 : bubbles.findIndex((each) => this.#texts.get(each) === entry.text);
      const bubble = isPatient ? this.#asked.get(entry.messageId) : bubbles.splice(i, i < 0 ? 0 : 1)[0];
      if (bubble instanceof HTMLElement) known.set(entry, bubble);
    }
    return known;
  }

  /**
   * @param {Entry} entry
   * @param {boolean} usable whether its choices are offered as buttons
   * @param {boolean} rated whether thumbs stand under it
   * @returns {HTMLElement}
   */
  #build(entry, usable, rated) {
    const node = buildEntry(entry);
    const { role, messageId } = entry;
    if (role === "patient") {
      this.#asked.set(messageId, node);
      return node;
    }
    this.#texts.set(node, entry.text);
    if (messageId) this.#answered.add(messageId);
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
