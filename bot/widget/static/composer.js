/** The text box: grows with its text, counts near the limit, sends on Enter. */

const MAX_LENGTH = 2000;
const COUNT_FROM = 1800;

/**
 * @typedef {object} ComposerParts
 * @property {HTMLFormElement} form
 * @property {HTMLTextAreaElement} input
 * @property {HTMLElement} counter
 * @property {HTMLButtonElement} button
 */

/** What the patient is writing. */
export class Composer {
  #parts;
  #onSend;

  /**
   * @param {ComposerParts} parts
   * @param {(text: string) => void} onSend gets trimmed, non-empty text
   */
  constructor(parts, onSend) {
    this.#parts = parts;
    this.#onSend = onSend;
    parts.input.maxLength = MAX_LENGTH;
    parts.input.addEventListener("input", () => this.#refresh());
    parts.input.addEventListener("keydown", (event) => this.#onKey(event));
    parts.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#refresh();
  }

  focus() {
    this.#parts.input.focus();
  }

  /** @param {string} text put back for editing, before anything written meanwhile */
  restore(text) {
    const { input } = this.#parts;
    input.value = [text, input.value].filter(Boolean).join("\n");
    this.#refresh();
    this.focus();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const { input } = this.#parts;
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    this.#refresh();
    this.focus();
    this.#onSend(text);
  }

  #refresh() {
    const { input, counter, button } = this.#parts;
    const { length } = input.value;
    button.disabled = input.value.trim() === "";
    counter.hidden = length < COUNT_FROM;
    counter.textContent = counter.hidden
      ? ""
      : `${(MAX_LENGTH - length).toLocaleString("en-CA")} characters left`;
    input.style.height = "auto";
    // Its height is 0 while the panel is closed; the style sheet's minimum holds then.
    if (input.scrollHeight > 0) input.style.height = `${input.scrollHeight + 2}px`;
  }
}
