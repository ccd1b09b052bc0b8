// Review by keyboard: one key for each verdict, and a search box that narrows as one types.

const SETTING = "console-review-keys";
const toggle = document.querySelector("[data-keys-on]");

/** Whether single keys are taken; whoever speaks to the computer may turn them off. */
function keysAreOn() {
  try {
    return localStorage.getItem(SETTING) !== "off";
  } catch {
    return toggle?.checked ?? true;
  }
}

if (toggle) {
  document.querySelector("[data-keys]").hidden = false;
  toggle.checked = keysAreOn();
  toggle.addEventListener("change", () => {
    try {
      localStorage.setItem(SETTING, toggle.checked ? "on" : "off");
    } catch {
      // Without storage the box itself holds until the next page.
    }
  });
}

/** Whether somebody is typing. */
const isTyping = (target) => target.matches("input:not([type=checkbox]), textarea, select");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (event.key === "Escape") return close(event);
  if (isTyping(event.target) || !keysAreOn()) return;
  const key = CSS.escape(event.key.toLowerCase());
  const button = document.querySelector(`button[data-key="${key}"]`);
  const panel = document.querySelector(`details[data-open-key="${key}"]`);
  if (!button && !panel) return;
  event.preventDefault();
  if (button) button.form.requestSubmit(button);
  else open(panel);
});

/** @param {HTMLDetailsElement} panel */
function open(panel) {
  panel.open = true;
  panel.querySelector("input:not([type=hidden])").focus();
}

/** Escape closes what is open, and gives the focus back to it. */
function close(event) {
  const panel = event.target.closest("details[data-open-key]");
  if (!panel?.open) return;
  event.preventDefault();
  panel.open = false;
  panel.querySelector("summary").focus();
}

const finder = document.querySelector("[data-finder]");
const choices = [...document.querySelectorAll(".choice")];
const shown = () => choices.filter((choice) => !choice.hidden);

/** The words as the server folds them. */
const folded = (text) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

function narrow() {
  const wanted = folded(finder.value).split(" ").filter(Boolean);
  for (const choice of choices) {
    choice.hidden = !wanted.every((word) => choice.dataset.words.includes(word));
  }
  for (const group of document.querySelectorAll(".answer-group")) {
    group.hidden = !group.querySelector(".choice:not([hidden])");
  }
  const [first] = wanted.length > 0 ? shown() : [];
  for (const choice of choices) choice.classList.toggle("first", choice === first);
  const count = shown().length;
  const next = first ? ` Enter takes “${first.textContent}”.` : "";
  document.querySelector("[data-found]").textContent =
    `${count} ${count === 1 ? "answer" : "answers"}.${next}`;
}

/** Arrow keys walk through the answers, from the search box and back. */
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const stops = [finder, ...shown()];
  const next = stops[stops.indexOf(document.activeElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

if (finder) {
  document.querySelector("[data-without-script]").hidden = true;
  finder.addEventListener("input", narrow);
  finder.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [first] = finder.value.trim() ? shown() : [];
    first?.form.requestSubmit(first);
  });
  finder.closest("details").addEventListener("keydown", walk);
}
