// Keeps what is on the page fresh, and asks before what cannot be undone. The console works without.

const live = document.querySelector("[data-live]");
const EVERY_MS = Number(live?.dataset.live) || 5000;
const PATIENCE_MS = 15_000;
// One look that fails may be a network that changes; after the next one staff are told.
const MISSES = 2;

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

let isPressed = false;
document.addEventListener("pointerdown", () => (isPressed = true));
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => (isPressed = false));
}

/** Whether somebody is in the middle of typing, choosing or pressing there. */
const isBusy = () =>
  isPressed ||
  (live.contains(document.activeElement) && document.activeElement.matches("input, textarea, select"));

/** Words that somebody has typed and not sent; they must not be lost. */
const hasWords = () => [...document.querySelectorAll("textarea[data-send]")].some((area) => area.value);

/** Ctrl or Command with Enter sends what is being typed. */
document.addEventListener("keydown", (event) => {
  const isSend = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  if (isSend && event.target.matches("textarea[data-send]")) event.target.form.requestSubmit();
});

const stops = () => [...live.querySelectorAll("a, button, summary")];

/** What a link or a button does, whatever it is called: two of one name may mean two patients. */
const deed = (stop) =>
  [stop.tagName, stop.form?.action ?? stop.href ?? stop.parentElement.id, stop.value].join(" ");

/** The focus goes back to what does the same; if that is gone, to nothing that could be pressed. */
function refocus(focused, place) {
  const now = stops();
  const next = now[place]?.matches("a") ? now[place] : live;
  live.tabIndex = -1;
  (now.find((stop) => deed(stop) === focused) ?? next).focus({ preventScroll: true });
}

/** Puts the new content in place and the focus back where it was. */
function replace(fresh) {
  const place = stops().indexOf(document.activeElement);
  const focused = place < 0 ? "" : deed(document.activeElement);
  const open = [...live.querySelectorAll("details[open][id]")].map((details) => details.id);
  // What is being typed below stays where it is on the screen.
  const typing = live.contains(document.activeElement) ? null : document.activeElement;
  const top = typing?.getBoundingClientRect().top ?? 0;
  live.replaceChildren(...fresh.childNodes);
  if (typing?.matches("textarea")) window.scrollBy(0, typing.getBoundingClientRect().top - top);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) refocus(focused, place);
}

let renewedAt = new Date();
let misses = 0;

/** Tells that the page no longer shows what is new; without words, that it does again. */
function warn(words) {
  let banner = document.querySelector("[data-stale]");
  if (!words) return banner?.remove();
  if (!banner) {
    banner = Object.assign(document.createElement("p"), { className: "fault", role: "alert" });
    banner.dataset.stale = "";
    live.before(banner);
  }
  if (banner.textContent !== words) banner.textContent = words;
}

function missed() {
  misses += 1;
  const since = renewedAt.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (misses >= MISSES) warn(`Since ${since} this page cannot be renewed. What is new is not shown.`);
}

async function refresh() {
  if (document.hidden || isBusy()) return;
  const answer = await fetch(location.href, {
    headers: { "X-Console-Refresh": "1" },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (answer.redirected) {
    // The session has ended: the sign-in page leads back here.
    if (!hasWords()) return location.reload();
    return warn("You were signed out. Copy what you wrote, and sign in again to send it.");
  }
  if (!answer.ok) return missed();
  misses = 0;
  renewedAt = new Date();
  warn("");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-live]");
  if (fresh && !isBusy() && fresh.innerHTML !== live.innerHTML) {
    replace(fresh);
    document.title = page.title;
  }
}

if (live) {
  const again = () => refresh().catch(missed).finally(() => setTimeout(again, EVERY_MS));
  setTimeout(again, EVERY_MS);
  document.addEventListener("visibilitychange", () => refresh().catch(missed));
}
