/** Turns phone numbers, web and mail addresses in plain text into safe links. */

import { h } from "./dom.js";

/** Emergency lines; not in a price (`$911`), a decimal or a longer number. */
const SHORT_NUMBER = String.raw`(?<![\w$.,+\-])(?:911|811|988)(?![\w%]|[.,\-]\d|\s?\$)`;
/** North American numbers: 780-555-0123, (780) 555-0123, +1 780 555 0123. */
const LONG_NUMBER = String.raw`(?<![\w+\-])(?:\+?1[ .\-])?(?:\(\d{3}\) ?|\d{3}[ .\-])\d{3}[ .\-]\d{4}(?![\w\-])`;
const WEB = String.raw`https?:\/\/[^\s<>"]+`;
const MAIL = String.raw`[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+`;
const LINKS = new RegExp(`(${WEB})|(${MAIL})|(${SHORT_NUMBER}|${LONG_NUMBER})`, "g");
const TRAILING = /[.,;:!?)\]'’”]+$/;
const TEN_DIGITS = 10;

/**
 * @param {string} number as written, e.g. "780-555-0123"
 * @returns {string} e.g. "tel:+17805550123"
 */
export function telHref(number) {
  const digits = number.replace(/\D/g, "");
  if (digits.length < TEN_DIGITS) return `tel:${digits}`;
  return `tel:+${digits.length === TEN_DIGITS ? "1" : ""}${digits}`;
}

/**
 * @param {string} address
 * @returns {HTMLAnchorElement}
 */
function webLink(address) {
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, address);
}

/**
 * @param {string} text plain text from the server
 * @returns {DocumentFragment} the same words, with links
 */
export function linkify(text) {
  const fragment = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(LINKS)) {
    const found = match[1] ? match[0].replace(TRAILING, "") : match[0];
    fragment.append(text.slice(end, match.index));
    if (match[1]) fragment.append(webLink(found));
    else if (match[2]) fragment.append(h("a", { href: `mailto:${found}` }, found));
    else fragment.append(h("a", { href: telHref(found) }, found));
    end = match.index + found.length;
  }
  fragment.append(text.slice(end));
  return fragment;
}
