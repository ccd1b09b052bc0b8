/**
 * Builds the pieces of the conversation: bubbles, choice buttons, the line under a bubble.
 *
 * @typedef {import("./chat-client.js").Choice} Choice
 * @typedef {import("./chat-client.js").Entry} Entry
 * @typedef {{label: string, run: () => void}} Action
 */

import { h, icon } from "./dom.js";
import { linkify } from "./linkify.js";

const SAFETY = "safety/";
const FIRST_SENTENCE = /^[^\n]*?[.!?](?=\s|$)|^[^\n]+/;

/** @param {Entry} entry */
export function isSafety({ answerIds }) {
  return answerIds.some((id) => id.startsWith(SAFETY));
}

/**
 * @param {Entry} entry
 * @returns {HTMLElement}
 */
export function buildEntry(entry) {
  const { role, at, byPerson } = entry;
  const name = role === "patient" ? "You: " : byPerson ? "Clinic: " : "Assistant: ";
  const who = h("span", { class: "visually-hidden" }, name);
  const body = h("div", { class: "bubble", title: at.toLocaleString() }, who);
  if (role === "patient") body.append(h("p", { class: "text" }, entry.text));
  else body.append(...assistantParts(entry));
  const node = h("div", { class: `entry ${role}`, "data-role": role }, body);
  node.classList.toggle("safety", isSafety(entry));
  node.classList.toggle("person", byPerson);
  return node;
}

/**
 * @param {readonly Choice[]} choices
 * @param {(text: string) => void} onChoice gets the text to send
 * @returns {HTMLElement}
 */
export function choiceButtons(choices, onChoice) {
  const group = h("div", { class: "choices", role: "group", "aria-label": "Suggestions" });
  for (const { title, text } of choices) {
    const button = h("button", { type: "button", class: "choice" }, title);
    button.addEventListener("click", () => onChoice(text));
    group.append(button);
  }
  return group;
}

/**
 * Replaces the small line under a patient's bubble.
 *
 * @param {HTMLElement} entry
 * @param {string} [text] none removes the line
 * @param {Action} [action] what the patient can do about it
 */
export function setNote(entry, text = "", action) {
  entry.querySelector(".note")?.remove();
  if (!text) return;
  const note = h("div", { class: "note" }, h("span", {}, linkify(text)));
  if (action) {
    const button = h("button", { type: "button", class: "retry" }, action.label);
    button.addEventListener("click", action.run);
    note.append(button);
  }
  entry.append(note);
}

/**
 * @param {Entry} entry
 * @returns {Node[]}
 */
function assistantParts(entry) {
  const parts = isSafety(entry)
    ? safetyParts(entry.text)
    : [h("p", { class: "text" }, linkify(entry.text))];
  if (entry.source) parts.push(h("p", { class: "source" }, "Source: ", linkify(entry.source)));
  return parts;
}

/**
 * A warning sign, the first sentence in bold, and one large button per phone number.
 *
 * @param {string} text
 * @returns {(HTMLElement | SVGElement)[]}
 */
function safetyParts(text) {
  const [first = ""] = text.match(FIRST_SENTENCE) ?? [];
  const rest = linkify(text.slice(first.length));
  const words = h("p", { class: "text" }, h("strong", {}, linkify(first)), rest);
  /** @type {Map<string, string>} */
  const numbers = new Map();
  for (const link of words.querySelectorAll("a[href^='tel:']")) {
    numbers.set(link.getAttribute("href") ?? "", link.textContent ?? "");
  }
  const calls = Array.from(numbers, ([href, number]) =>
    h("a", { class: "call", href }, icon("phone"), `Call ${number}`),
  );
  return [icon("alert"), words, h("div", { class: "calls" }, ...calls)];
}
