/** Whether the panel was open in this tab: on the clinic's next page, or after a reload, it is again. */

const KEY = "patient-faq-open";

export function wasOpen() {
  try {
    return sessionStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

/** @param {boolean} open */
export function rememberOpen(open) {
  try {
    if (open) sessionStorage.setItem(KEY, "");
    else sessionStorage.removeItem(KEY);
  } catch {
    // Where the browser forbids storage, a new page begins with the panel closed.
  }
}
