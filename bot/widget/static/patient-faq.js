/**
 * `<patient-faq>`: a clinic's web chat as one element.
 *
 * Attributes: `server` (the assistant's root; default: where this script came from),
 * `title` (heading of the panel), `open` (present while the panel is open).
 * A link to `#patient-faq` anywhere on the page opens the panel.
 */

import { choiceButtons } from "./bubbles.js";
import { ChatClient } from "./chat-client.js";
import { Composer } from "./composer.js";
import { TextMove, textingSheet } from "./continue.js";
import { Conversation } from "./conversation.js";
import { rememberOpen, wasOpen } from "./open-memory.js";
import { buildShell } from "./shell.js";
import { sheet } from "./styles.js";
import { Transcript } from "./transcript.js";

const DEFAULT_TITLE = "Ask the clinic";
const OPENER = "a[href='#patient-faq']";
/** The panel fills a small window, and is then modal. The style sheet has the same query. */
const SMALL_WINDOW = "(max-width: 560px), (max-height: 480px)";

const STARTERS = [
  { title: "Does it hurt?", text: "Does acupuncture hurt?" },
  { title: "What happens at a first visit?", text: "What happens at a first visit?" },
  { title: "What are the fees?", text: "What are the fees?" },
  { title: "Book a visit", text: "I would like to book a visit" },
];

/** The custom element. */
class PatientFaq extends HTMLElement {
  static observedAttributes = ["open", "title"];

  #shell = buildShell();
  #composer = new Composer(this.#shell.composer, (text) => this.#conversation?.send(text));
  #transcript = new Transcript({ ...this.#shell.talk, answerer: this.#shell.header.answerer }, {
    choose: (text) => this.#choose(text),
    edit: (text) => this.#composer.restore(text),
    rate: async (messageId, said) => (await this.#conversation?.rate(messageId, said)) ?? false,
  });
  /** @type {Conversation | undefined} */
  #conversation;
  /** @type {ChatClient | undefined} */
  #client;
  #textMove = new TextMove(() => this.#client, {
    composer: this.#shell.composer.form,
    leave: () => this.#focusForWriting(),
    say: (entries) => this.#sayLinked(entries),
  });
  /** @type {AbortController | undefined} */
  #connection;
  #smallWindow = matchMedia(SMALL_WINDOW);
  /** What opened the panel gets the focus back. @type {HTMLElement | undefined} */
  #opener;

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet, textingSheet];
    shadow.append(this.#shell.root);
    this.#shell.talk.starters.append(choiceButtons(STARTERS, (text) => this.#choose(text)));
    this.#shell.header.menu.prepend(this.#textMove.item);
    this.#shell.composer.form.before(this.#textMove.form);
    this.#wire();
  }

  connectedCallback() {
    this.#client ??= new ChatClient(this.#server());
    this.#conversation ??= new Conversation(this.#client, this.#transcript);
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    document.addEventListener("click", (event) => this.#followLink(event), { signal });
    this.#smallWindow.addEventListener("change", () => this.#changeShape(), { signal });
    window.visualViewport?.addEventListener("resize", () => this.#fitKeyboard(), { signal });
    window.visualViewport?.addEventListener("scroll", () => this.#fitKeyboard(), { signal });
    window.addEventListener("online", () => this.#conversation?.sendAgain(), { signal });
    this.#showTitle();
    if (this.open) this.#show();
    else if (wasOpen()) this.#reopen();
  }

  disconnectedCallback() {
    this.#connection?.abort();
    this.#hide();
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    if (!this.isConnected) return;
    if (name === "title") this.#showTitle();
    else this.#openOrClose();
  }

  /** Whether the panel is open. */
  get open() {
    return this.hasAttribute("open");
  }

  set open(open) {
    this.toggleAttribute("open", open);
  }

  /** @returns {URL} */
  #server() {
    const given = this.getAttribute("server");
    if (given === null) return new URL("../", import.meta.url);
    return new URL(given.replace(/\/*$/, "/"), document.baseURI);
  }

  #wire() {
    const { launcher, dialog, header } = this.#shell;
    launcher.addEventListener("click", () => this.#openFrom(launcher));
    header.close.addEventListener("click", () => (this.open = false));
    header.menuButton.addEventListener("click", () => this.#toggleMenu());
    this.#textMove.item.addEventListener("click", () => this.#goOnByText());
    header.restart.addEventListener("click", () => this.#startOver());
    dialog.addEventListener("keydown", (event) => this.#onKey(event));
    dialog.addEventListener("click", (event) => this.#closeMenuOutside(event));
    // A phone's back gesture.
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.open = false;
    });
  }

  #showTitle() {
    this.#shell.header.heading.textContent = this.getAttribute("title") || DEFAULT_TITLE;
  }

  /** @param {HTMLElement} opener */
  #openFrom(opener) {
    this.#opener = opener;
    this.open = true;
  }

  /** @param {MouseEvent} event */
  #followLink(event) {
    const [target] = event.composedPath();
    const link = target instanceof Element ? target.closest(OPENER) : null;
    if (!(link instanceof HTMLElement)) return;
    event.preventDefault();
    this.#openFrom(link);
  }

  #openOrClose() {
    rememberOpen(this.open);
    if (this.open) this.#show();
    else this.#hide();
  }

  /** On a new page nobody asked for the panel: the focus stays, unless the panel fills the screen. */
  #reopen() {
    this.#show(this.#smallWindow.matches);
    this.open = true;
  }

  /** @param {boolean} [takesFocus] */
  #show(takesFocus = true) {
    const { dialog, launcher } = this.#shell;
    if (dialog.open) return;
    launcher.setAttribute("aria-expanded", "true");
    if (this.#smallWindow.matches) dialog.showModal();
    // Like `show()`, which moves the focus into the dialog.
    else dialog.setAttribute("open", "");
    this.#fitKeyboard();
    if (takesFocus) this.#focusForWriting();
    this.#conversation?.resume();
  }

  #hide() {
    const { dialog, launcher } = this.#shell;
    if (!dialog.open) return;
    const hadFocus = this.shadowRoot?.activeElement != null;
    this.#toggleMenu(false);
    dialog.close();
    launcher.setAttribute("aria-expanded", "false");
    this.#conversation?.pause();
    if (hadFocus) (this.#opener?.isConnected ? this.#opener : launcher).focus();
  }

  /** A turned phone or a resized window: the same panel, modal or not. */
  #changeShape() {
    const { dialog } = this.#shell;
    if (!dialog.open) return;
    dialog.close();
    this.#show();
  }

  /** Keeps the composer above a phone's on-screen keyboard; pinch zoom is left alone. */
  #fitKeyboard() {
    const viewport = window.visualViewport;
    const { style } = this.#shell.dialog;
    const fits = viewport && viewport.scale < 1.01;
    style.setProperty("--view-height", fits ? `${viewport.height}px` : "");
    style.setProperty("--view-top", fits ? `${viewport.offsetTop}px` : "");
  }

  /** On a touch screen the keyboard would cover the conversation, so the log takes the focus. */
  #focusForWriting() {
    if (this.#textMove.open) this.#textMove.focus();
    else if (matchMedia("(pointer: coarse)").matches) this.#shell.talk.scroller.focus();
    else this.#composer.focus();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.#shell.header.menu.hidden) this.open = false;
    else this.#toggleMenu(false);
  }

  /** @param {boolean} [shown] */
  #toggleMenu(shown = this.#shell.header.menu.hidden) {
    const { menu, menuButton, restart } = this.#shell.header;
    if (menu.hidden === !shown) return;
    this.#textMove.refresh();
    menu.hidden = !shown;
    menuButton.setAttribute("aria-expanded", String(shown));
    const first = this.#textMove.item.hidden ? restart : this.#textMove.item;
    (shown ? first : menuButton).focus();
  }

  /** @param {MouseEvent} event */
  #closeMenuOutside(event) {
    const { menu, menuButton } = this.#shell.header;
    const path = event.composedPath();
    if (!menu.hidden && !path.includes(menu) && !path.includes(menuButton)) {
      this.#toggleMenu(false);
    }
  }

  /** @param {string} text */
  #choose(text) {
    this.#conversation?.send(text);
    this.#focusForWriting();
  }

  #goOnByText() {
    this.#toggleMenu(false);
    this.#textMove.show();
  }

  /** @param {import("./chat-client.js").Entry[]} entries empty when an earlier answer was lost */
  async #sayLinked(entries) {
    if (entries.length > 0) return this.#transcript.addReplies(entries);
    const history = await this.#client?.history().catch(() => undefined);
    this.#transcript.addMissing(history?.entries ?? []);
  }

  #startOver() {
    this.#toggleMenu(false);
    this.#textMove.close(true);
    this.#conversation?.startOver();
    this.#shell.talk.status.textContent = "A new conversation has started.";
    this.#focusForWriting();
  }
}

if (!customElements.get("patient-faq")) customElements.define("patient-faq", PatientFaq);
