/**
 * Goes on by text message: asks for the phone, then for the code that was sent there.
 *
 * Takes the place of the composer while it is open. The server never says whether a number is known
 * or wants no texts, so neither does this.
 *
 * @typedef {import("./chat-client.js").ChatClient} ChatClient
 * @typedef {import("./chat-client.js").Entry} Entry
 * @typedef {object} Surroundings
 * @property {HTMLElement} composer hidden while this is open
 * @property {() => void} leave the panel's own place for the focus
 * @property {(entries: Entry[]) => void} say shows what the assistant says once it is done
 */

import { ChatError } from "./chat-client.js";
import { h, icon } from "./dom.js";

const LABEL = "Continue by text message";
const CONSENT =
  "We text a code to it. By asking for the code you agree to get that text. " +
  "Canada and United States only; rates may apply.";
const NO_TEXT =
  "No text? Check the number. If you once wrote STOP to the clinic's number, text START to it " +
  "first. After several codes, wait an hour.";
const UNREACHABLE = "The clinic could not be reached. Please try again.";

/** @type {Record<string, string>} */
const FAULTS = {
  not_textable: "We can only text mobile numbers in Canada and the United States. Please check it.",
  bad_request: "Please check what you typed.",
  wrong_code: "That is not the code. Please check the text message.",
  code_too_old: "This code is over. Please ask for a new one.",
  code_spent: "That was wrong too often. Please ask for a new code.",
  no_code: "Please ask for a code first.",
  too_fast: "Please wait a moment and try again.",
  bad_session: "This conversation is over. Please close this and write a message first.",
};
/** What only a new code helps against. */
const OVER = new Set(["code_too_old", "code_spent", "no_code"]);

/** The steps, from the menu to the linked conversation. */
export class TextMove {
  #client;
  #surroundings;
  #phone = field("texting-phone", "Your mobile number", {
    type: "tel",
    inputmode: "tel",
    autocomplete: "tel",
    maxlength: "40",
  });
  #code = field("texting-code", "The code from the text message", {
    type: "text",
    inputmode: "numeric",
    autocomplete: "one-time-code",
    maxlength: "12",
  });
  #note = h("p", { id: "texting-note", class: "texting-note" });
  #help = h("p", { class: "texting-note", hidden: true }, NO_TEXT);
  #error = h("p", { id: "texting-error", class: "texting-error", role: "alert" });
  #go = h("button", { type: "submit", class: "texting-go" });
  #again = quiet("Another code or number");
  #back = quiet("Back to the chat");
  #isCode = false;
  #isBusy = false;
  /** Answers that belong to an earlier opening are dropped. */
  #generation = 0;

  /**
   * @param {() => ChatClient | undefined} client
   * @param {Surroundings} surroundings
   */
  constructor(client, surroundings) {
    this.#client = client;
    this.#surroundings = surroundings;
    this.item = h("button", { type: "button", class: "menu-item", hidden: true });
    this.item.append(icon("phone"), LABEL);
    const heading = h("h3", { id: "texting-heading" }, LABEL);
    const parts = [this.#phone.row, this.#code.row, this.#error, this.#note, this.#help];
    const buttons = h("div", { class: "texting-buttons" }, this.#go, this.#again, this.#back);
    this.form = h(
      "form",
      { class: "texting", "aria-labelledby": "texting-heading", novalidate: true, hidden: true },
      heading,
      ...parts,
      buttons,
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#again.addEventListener("click", () => this.#askPhone());
    this.#back.addEventListener("click", () => this.close());
  }

  /** Whether it is on screen. */
  get open() {
    return !this.form.hidden;
  }

  /** Offers it in the menu where the server does. */
  refresh() {
    this.item.hidden = !this.#client()?.canText || this.open;
  }

  show() {
    this.form.hidden = false;
    this.#surroundings.composer.hidden = true;
    this.#askPhone();
  }

  focus() {
    (this.#isCode ? this.#code : this.#phone).input.focus();
  }

  /** @param {boolean} [keepsFocus] whether the focus is left where it is */
  close(keepsFocus = false) {
    if (!this.open) return;
    this.#generation += 1;
    this.#busy(false);
    this.form.hidden = true;
    this.#surroundings.composer.hidden = false;
    this.#code.input.value = "";
    if (!keepsFocus) this.#surroundings.leave();
  }

  #askPhone() {
    this.#step(false, CONSENT, "Text me a code");
    this.#phone.input.focus();
  }

  /** @param {string} phone as people write it */
  #askCode(phone) {
    const note = `If ${phone} can get our texts, a code is on its way. It works for 10 minutes.`;
    this.#step(true, note, "Continue");
    this.#code.input.value = "";
    this.#code.input.focus();
  }

  /**
   * @param {boolean} isCode
   * @param {string} note
   * @param {string} label
   */
  #step(isCode, note, label) {
    this.#isCode = isCode;
    this.#fail("");
    this.#phone.row.hidden = isCode;
    this.#code.row.hidden = !isCode;
    this.#again.hidden = this.#help.hidden = !isCode;
    this.#note.textContent = note;
    this.#go.textContent = label;
  }

  /** @param {string} words empty when nothing is wrong */
  #fail(words) {
    const { input } = this.#isCode ? this.#code : this.#phone;
    for (const each of [this.#phone.input, this.#code.input]) each.removeAttribute("aria-invalid");
    this.#error.textContent = words;
    if (!words) return;
    input.setAttribute("aria-invalid", "true");
    input.focus();
  }

  /** @param {boolean} busy */
  #busy(busy) {
    this.#isBusy = busy;
    this.form.setAttribute("aria-busy", String(busy));
  }

  async #submit() {
    const value = (this.#isCode ? this.#code : this.#phone).input.value.trim();
    if (this.#isBusy) return;
    if (!value) {
      this.#fail(this.#isCode ? "Please type the code." : "Please type your mobile number.");
      return;
    }
    const generation = this.#generation;
    this.#fail("");
    this.#busy(true);
    const result = await this.#send(value);
    if (generation !== this.#generation) return;
    this.#busy(false);
    if (result instanceof Error) this.#explain(result);
    else if (this.#isCode) this.#finish(result);
    else this.#askCode(String(result.phone ?? value));
  }

  /**
   * @param {string} value
   * @returns {Promise<Record<string, any> | Error>}
   */
  async #send(value) {
    const client = this.#client();
    if (!client) return new Error("There is no chat.");
    const step = this.#isCode ? "continue/confirm" : "continue";
    const body = this.#isCode ? { code: value } : { phone: value };
    return client.continueByText(step, body).catch((error) => error);
  }

  /** @param {Error} error */
  #explain(error) {
    const code = error instanceof ChatError ? error.code : "";
    if (OVER.has(code)) this.#code.input.value = "";
    if (code === "too_many_codes" && error instanceof ChatError) {
      const minutes = Math.ceil(error.retryAfter / 60);
      const wait = minutes > 1 ? `${minutes} minutes` : "a minute";
      this.#fail(`Too many codes were asked for. You can ask again in ${wait}.`);
    } else {
      this.#fail(FAULTS[code] ?? UNREACHABLE);
    }
  }

  /** @param {Record<string, any>} result */
  #finish(result) {
    this.close();
    this.#surroundings.say(result.entries ?? []);
  }
}

/** @param {string} words */
function quiet(words) {
  return h("button", { type: "button", class: "texting-quiet" }, words);
}

/**
 * @param {string} id
 * @param {string} words
 * @param {Record<string, string>} attributes
 */
function field(id, words, attributes) {
  const input = h("input", {
    id,
    class: "texting-input",
    "aria-describedby": "texting-note texting-error",
    ...attributes,
  });
  const row = h("div", {}, h("label", { for: id }, words), input);
  return { row, input };
}

export const textingSheet = new CSSStyleSheet();
textingSheet.replaceSync(`
  .menu-item { width: 100%; text-align: start; }
  .texting {
    display: grid; gap: 0.7em; flex: none; max-height: 78%; padding: 0.9em 1em 1em;
    overflow-y: auto; border-top: 1px solid var(--line); background: var(--surface);
  }
  .texting h3 { margin: 0; font-size: 1em; font-weight: 650; }
  .texting label { display: block; margin-bottom: 0.3em; font-size: 0.9em; font-weight: 550; }
  .texting-input {
    width: 100%; min-height: 46px; padding: 0 14px; font: inherit; color: inherit;
    border: 1px solid var(--edge); border-radius: 14px; background: var(--surface);
  }
  #texting-code { letter-spacing: 0.2em; font-variant-numeric: tabular-nums; }
  .texting-input:focus-visible { outline-offset: -1px; outline-width: 2px; border-color: var(--accent); }
  .texting-input[aria-invalid="true"] { border-color: var(--alert); }
  .texting-note { font-size: 0.84em; line-height: 1.45; color: var(--quiet); }
  .texting-error { font-size: 0.9em; font-weight: 550; color: var(--alert); }
  .texting-error:empty { display: none; }
  .texting-buttons { display: flex; flex-wrap: wrap; gap: 4px 8px; }
  .texting-go {
    min-height: 44px; padding: 0.35em 1.3em; border: 1px solid transparent; border-radius: 22px;
    background: var(--accent); color: var(--on-accent); font-weight: 600;
  }
  .texting-quiet {
    min-height: 44px; margin-inline-start: -0.5em; padding: 0 0.5em;
    border: 0; border-radius: 12px; background: none;
    color: var(--accent); font-size: 0.94em; font-weight: 550;
  }
  .texting-quiet:hover { text-decoration: underline; text-underline-offset: 0.2em; }
  .texting-go:hover { filter: brightness(1.08); }
  .texting[aria-busy="true"] .texting-go { opacity: 0.65; cursor: progress; }
  @media (max-width: 560px), (max-height: 480px) {
    .texting { padding-bottom: max(1em, env(safe-area-inset-bottom)); }
  }
  @media (forced-colors: active) { .texting-go { border-color: ButtonText; } }
`);
