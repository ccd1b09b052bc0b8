/** Builds the fixed parts of the chat: launcher, panel, header, log and composer. */

import { h, icon } from "./dom.js";

const WELCOME =
  "Hello. You can ask about acupuncture, a first visit, fees or an appointment. " +
  "I am an automated assistant. Ask for a person at any time.";

/** @typedef {ReturnType<typeof buildShell>} Shell */

/** @returns every part that the chat works with, and `root` to put into the shadow tree */
export function buildShell() {
  const launcher = buildLauncher();
  const header = buildHeader();
  const talk = buildTalk();
  const composer = buildComposer();
  const dialog = h(
    "dialog",
    { id: "panel", class: "panel", "aria-labelledby": "heading", title: "" },
    header.bar,
    buildSafetyLine(),
    talk.scroller,
    composer.form,
  );
  const root = document.createDocumentFragment();
  root.append(launcher, dialog);
  return { root, launcher, dialog, header, talk, composer };
}

function buildLauncher() {
  return h(
    "button",
    {
      type: "button",
      class: "launcher",
      "aria-haspopup": "dialog",
      "aria-expanded": "false",
      "aria-controls": "panel",
      // An empty title keeps the host's `title` attribute from showing as a tooltip.
      title: "",
    },
    icon("chat"),
    "Ask a question",
  );
}

function buildHeader() {
  const heading = h("h2", { id: "heading", class: "heading" });
  const close = h("button", { type: "button", class: "tool", "aria-label": "Close chat" });
  close.append(icon("close"));
  const menuButton = h("button", {
    type: "button",
    class: "tool",
    "aria-label": "Chat options",
    "aria-expanded": "false",
    "aria-controls": "menu",
  });
  menuButton.append(icon("menu"));
  const restart = h("button", { type: "button", class: "menu-item" });
  restart.append(icon("restart"), "Start over");
  const menu = h("div", { id: "menu", class: "menu", hidden: true }, restart);
  const answerer = h("p", { role: "status" }, "Automated assistant");
  const names = h("div", { class: "names" }, heading, answerer);
  const mark = h("span", { class: "mark" }, icon("leaf"));
  const bar = h("div", { class: "header" }, mark, names, menuButton, menu, close);
  return { bar, heading, answerer, close, menuButton, menu, restart };
}

function buildSafetyLine() {
  const call = h("a", { href: "tel:911" }, "Call 911");
  return h(
    "p",
    { class: "safety-line" },
    h("strong", {}, "Emergency? ", call, "."),
    " ",
    h("span", {}, "This chat gives general information."),
  );
}

function buildTalk() {
  const log = h("div", {
    class: "log",
    role: "log",
    "aria-live": "polite",
    "aria-relevant": "additions",
    "aria-label": "Conversation",
  });
  const starters = h("div", { class: "starters" });
  const welcome = h("div", { class: "welcome" }, h("p", {}, WELCOME), starters);
  const dots = [h("i"), h("i"), h("i")];
  const typing = h("div", { class: "typing", "aria-hidden": "true", hidden: true }, ...dots);
  const status = h("p", { class: "visually-hidden", role: "status" });
  const scroller = h(
    "div",
    { class: "scroller", tabindex: "0", role: "region", "aria-label": "Messages" },
    welcome,
    log,
    typing,
    status,
  );
  return { log, starters, typing, status, scroller };
}

function buildComposer() {
  const input = h("textarea", {
    id: "message",
    rows: "1",
    placeholder: "Write a message",
    enterkeyhint: "send",
    autocomplete: "off",
    "aria-describedby": "counter",
  });
  const label = h("label", { for: "message", class: "visually-hidden" }, "Your message");
  const button = h("button", { type: "submit", class: "send", "aria-label": "Send" });
  button.append(icon("send"));
  const counter = h("p", { id: "counter", class: "counter", hidden: true });
  const row = h("div", { class: "row" }, input, button);
  return { form: h("form", { class: "composer" }, label, row, counter), input, counter, button };
}
