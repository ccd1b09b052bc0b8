// Keeps what is on the page fresh, and asks before what cannot be undone. The console works without.

const live = document.querySelector("[data-live]");
const EVERY_MS = Number(live?.dataset.live) || 5000;

/** Asks before a form that cannot be undone is sent. */
document.addEventListener("submit", (event) => {
  const words = event.target.dataset.confirm;
  if (words && !window.confirm(words)) event.preventDefault();
});

/** A second press of a button must not send the form twice. */
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

/** Whether somebody is in the middle of typing or choosing there. */
const isBusy = () =>
  live.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");

/** Words that somebody has typed and not sent; they must not be lost. */
const hasWords = () => [...document.querySelectorAll("textarea[data-send]")].some((area) => area.value);

/** Ctrl or Command with Enter sends what is being typed. */
document.addEventListener("keydown", (event) => {
  const isSend = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  if (isSend && event.target.matches("textarea[data-send]")) event.target.form.requestSubmit();
});

/** Puts the new content in place and the focus back where it was. */
function replace(fresh) {
  const links = [...live.querySelectorAll("a, button, summary")];
  const focused = links.indexOf(document.activeElement);
  const label = document.activeElement?.textContent;
  const open = [...live.querySelectorAll("details[open][id]")].map((details) => details.id);
  // What is being typed below stays where it is on the screen.
  const typing = live.contains(document.activeElement) ? null : document.activeElement;
  const place = typing?.getBoundingClientRect().top ?? 0;
  live.replaceChildren(...fresh.childNodes);
  if (typing?.matches("textarea")) window.scrollBy(0, typing.getBoundingClientRect().top - place);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused >= 0) {
    const now = [...live.querySelectorAll("a, button, summary")];
    (now.find((link) => link.textContent === label) ?? now[focused])?.focus();
  }
}

async function refresh() {
  if (document.hidden || isBusy()) return;
  const answer = await fetch(location.href, { headers: { "X-Console-Refresh": "1" } });
  if (answer.redirected) {
    // The session has ended: the sign-in page leads back here.
    if (!hasWords()) location.reload();
    return;
  }
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-live]");
  if (fresh && !isBusy() && fresh.innerHTML !== live.innerHTML) {
    replace(fresh);
    document.title = page.title;
  }
}

if (live) {
  const again = () => refresh().catch(() => {}).finally(() => setTimeout(again, EVERY_MS));
  setTimeout(again, EVERY_MS);
  document.addEventListener("visibilitychange", () => refresh().catch(() => {}));
}
