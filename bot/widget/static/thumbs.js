/**
 * Thumbs under an answer: up says thanks, down asks what was wrong.
 *
 * @typedef {"up" | "down"} Thumb
 * @typedef {{thumb: Thumb, reason?: string, remark?: string}} Said
 * @typedef {(said: Said) => Promise<boolean>} OnSaid whether it was kept
 */

import { h, icon } from "./dom.js";

const REASONS = [
  ["other_question", "Not what I asked"],
  ["unclear", "Hard to understand"],
  ["incorrect", "Something is not right"],
  ["something_else", "Something else"],
];
const MAX_REMARK = 500;
/** Answers on these can be rated: not a warning, a booking's question or a greeting. */
const RATED = /^(clinic|faq|other)\//;
const THANKS = "Thank you.";
const LOST = "Not sent. Please try again.";

let count = 0;

/**
 * The last reply to each message that can be rated.
 *
 * @param {import("./chat-client.js").Entry[]} entries
 * @returns {Set<import("./chat-client.js").Entry>}
 */
export function ratedEntries(entries) {
  /** @type {Map<string, import("./chat-client.js").Entry[]>} */
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

/**
 * @param {OnSaid} onSaid
 * @param {Thumb | ""} before what was said of it earlier
 * @returns {HTMLElement}
 */
export function buildThumbs(onSaid, before) {
  count += 1;
  const id = `thumb-${count}`;
  const up = thumbButton("thumbUp", "This helped");
  const down = thumbButton("thumbDown", "This did not help");
  const form = reasonForm(id);
  const status = h("span", { class: "thumb-status", role: "status" });
  down.setAttribute("aria-controls", id);
  const row = h("div", { class: "thumb-row", role: "group", "aria-label": "Did this help?" }, up, down, status);
  // The log around it is read aloud as it grows; this is read when somebody comes to it.
  const node = h("div", { class: "thumbs", "aria-live": "off" }, row, form);

  /** @param {Thumb | ""} thumb */
  const press = (thumb) => {
    up.setAttribute("aria-pressed", String(thumb === "up"));
    down.setAttribute("aria-pressed", String(thumb === "down"));
  };
  /** @param {boolean} shown */
  const ask = (shown) => {
    form.hidden = !shown;
    down.setAttribute("aria-expanded", String(shown));
  };
  /** @param {Said} said */
  const say = async (said) => {
    press(said.thumb);
    const isKept = await onSaid(said);
    status.textContent = isKept ? THANKS : LOST;
    return isKept;
  };
  press(before);
  ask(false);
  up.addEventListener("click", () => {
    ask(false);
    say({ thumb: "up" });
  });
  down.addEventListener("click", () => {
    ask(form.hidden);
    if (!form.hidden) say({ thumb: "down" }).then(() => form.scrollIntoView({ block: "nearest" }));
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    const reason = String(fields.get("reason") ?? "");
    const remark = String(fields.get("remark") ?? "").trim();
    const isKept = await say({ thumb: "down", ...(reason && { reason }), ...(remark && { remark }) });
    if (!isKept) return;
    ask(false);
    down.focus();
  });
  return node;
}

/**
 * @param {"thumbUp" | "thumbDown"} picture
 * @param {string} label
 */
function thumbButton(picture, label) {
  const button = h("button", { type: "button", class: "thumb", "aria-label": label, "aria-pressed": "false" });
  button.append(icon(picture));
  return button;
}

/** @param {string} id */
function reasonForm(id) {
  const choices = REASONS.map(([value, words]) =>
    h("label", { class: "reason" }, h("input", { type: "radio", name: "reason", value }), words),
  );
  const remark = h("textarea", { name: "remark", rows: "2", maxlength: String(MAX_REMARK) });
  const words = h("label", { class: "remark" }, "In your own words, if you like", remark);
  const send = h("button", { type: "submit", class: "choice" }, "Tell the clinic");
  return h(
    "form",
    { id, class: "reasons" },
    h("fieldset", {}, h("legend", {}, "What was wrong?"), ...choices),
    words,
    send,
  );
}
