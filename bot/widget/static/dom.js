/** Small helpers that build nodes, so that no text is ever parsed as markup. */

const SVG = "http://www.w3.org/2000/svg";

/** Outlines on a 24 by 24 grid. */
const ICONS = {
  alert: "M12 3.5 2.5 20h19L12 3.5Z M12 10v4.5 M12 17.2v.1",
  chat: "M4 5.5h16v11H9.5L5.5 20v-3.5H4z M8 9.5h8 M8 12.7h5",
  close: "M6 6l12 12 M18 6 6 18",
  leaf: "M5 19C5 10 10 5 19.5 4.5 20 14 15 18.5 8.5 17.5 M5 19.5c1.5-5 4.5-8 9-10",
  menu: "M5 12h.1 M12 12h.1 M19 12h.1",
  phone:
    "M6 3.8h3l1.5 4-2 1.6a11 11 0 0 0 6 6l1.6-2 4 1.5v3a2 2 0 0 1-2.2 2A16.5 16.5 0 0 1 4 6a2 2 0 0 1 2-2.2Z",
  restart: "M19 12a7 7 0 1 1-2.2-5.1L19 9 M19 4.5V9h-4.5",
  thumbDown:
    "M17 4v9 M17 13h3V4h-3 M17 13l-4 7c-1.7 0-2.6-1-2.3-2.6L11.4 14H6.2a2 2 0 0 1-2-2.4l1.2-6A2 2 0 0 1 7.4 4H17",
  thumbUp:
    "M7 20v-9 M7 11H4v9h3 M7 11l4-7c1.7 0 2.6 1 2.3 2.6L12.6 10h5.2a2 2 0 0 1 2 2.4l-1.2 6a2 2 0 0 1-2 1.6H7",
  send: "M4.5 11.9 20 4.5l-5 15.2-3.4-6.4-7.1-1.4Z M11.6 13.3 20 4.5",
};

/**
 * Makes an element. `false` leaves an attribute out, `true` sets it empty.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/**
 * Makes a decorative icon; its button or text carries the meaning.
 *
 * @param {keyof typeof ICONS} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(path);
  return svg;
}
