/** The chat's looks. A constructed sheet needs no `unsafe-inline` in the page's policy. */

const COLOURS = `
  :host {
    --accent: var(--patient-faq-accent, #1d6655);
    --on-accent: var(--patient-faq-on-accent, #ffffff);
    --surface: var(--patient-faq-surface, #fffdfa);
    --ground: var(--patient-faq-ground, #f6f2eb);
    --text: var(--patient-faq-text, #24302c);
    --quiet: var(--patient-faq-quiet, #56635e);
    --line: var(--patient-faq-line, #e3dcd1);
    --edge: #857f75;
    --alert: #a3201a;
    --on-alert: #ffffff;
    --alert-ground: #fdeeec;
    --alert-text: #5a1512;
    --shadow: 0 18px 50px rgb(40 34 24 / 22%), 0 3px 10px rgb(40 34 24 / 12%);
    --font: var(--patient-faq-font, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif);
    --radius: var(--patient-faq-radius, 18px);
    --gap: var(--patient-faq-gap, 24px);
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --accent: var(--patient-faq-accent, #84cdb8);
      --on-accent: var(--patient-faq-on-accent, #0c2a22);
      --surface: var(--patient-faq-surface, #232a28);
      --ground: var(--patient-faq-ground, #1a201e);
      --text: var(--patient-faq-text, #ece8e1);
      --quiet: var(--patient-faq-quiet, #afb9b4);
      --line: var(--patient-faq-line, #3a4440);
      --edge: #7f8a85;
      --alert: #ffb4ab;
      --on-alert: #4a0905;
      --alert-ground: #421a17;
      --alert-text: #ffdad5;
      --shadow: 0 18px 50px rgb(0 0 0 / 55%);
    }
  }
`;

/* "medium" is the reader's own text size, whatever the clinic's page does with "rem". */
const BASE = `
  :host { all: initial; font: medium / 1.5 var(--font); color: var(--text); }
  :host([hidden]), [hidden] { display: none !important; }
  *, *::before { box-sizing: border-box; }
  h2, p { margin: 0; }
  button, textarea { font: inherit; color: inherit; }
  button { cursor: pointer; touch-action: manipulation; }
  a { color: inherit; text-underline-offset: 0.15em; }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .icon {
    width: 1.4em; height: 1.4em; flex: none; fill: none; stroke: currentcolor;
    stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round;
  }
  .visually-hidden {
    position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%); white-space: nowrap;
  }
`;

const PANEL = `
  .launcher {
    position: fixed; right: var(--gap); bottom: var(--gap); z-index: var(--patient-faq-z, 1000);
    display: flex; align-items: center; gap: 0.6em; min-height: 56px; padding: 0 1.4em 0 1.2em;
    border: 1px solid transparent; border-radius: 28px;
    background: var(--accent); color: var(--on-accent); font-weight: 600; box-shadow: var(--shadow);
  }
  .launcher:hover { filter: brightness(1.08); }
  .launcher:focus-visible { outline-offset: 3px; }
  .launcher[aria-expanded="true"] { visibility: hidden; }
  .panel {
    position: fixed; inset: auto var(--gap) var(--gap) auto; z-index: var(--patient-faq-z, 1000);
    width: 400px; height: min(640px, 100dvh - 2 * var(--gap));
    max-width: none; max-height: none; margin: 0; padding: 0; overflow: hidden;
    flex-direction: column; border: 1px solid var(--line); border-radius: var(--radius);
    background: var(--surface); color: var(--text); box-shadow: var(--shadow);
  }
  .panel[open] { display: flex; }
  .header {
    position: relative; display: flex; align-items: center; gap: 0.25em;
    padding: 0.75em 0.6em 0.7em 1em;
  }
  .mark {
    display: grid; place-items: center; width: 40px; height: 40px; margin-right: 0.5em;
    flex: none; border-radius: 50%; background: var(--accent); color: var(--on-accent);
  }
  .names { flex: 1; min-width: 0; line-height: 1.3; }
  .names p { color: var(--quiet); font-size: 0.82em; }
  .names .person { color: var(--accent); font-weight: 650; }
  .heading { font-size: 1.06em; font-weight: 650; overflow-wrap: anywhere; }
  .tool {
    display: grid; place-items: center; width: 44px; height: 44px; flex: none;
    border: 0; border-radius: 12px; background: none; color: var(--quiet);
  }
  .tool:hover { background: var(--ground); color: var(--text); }
  .tool [d^="M5 12h"] { stroke-width: 3; }
  .menu {
    position: absolute; top: calc(100% - 6px); right: 12px; z-index: 2; padding: 6px;
    border: 1px solid var(--line); border-radius: 14px; background: var(--surface);
    box-shadow: var(--shadow);
  }
  .menu-item {
    display: flex; align-items: center; gap: 0.6em; min-height: 44px; padding: 0 1.1em 0 0.8em;
    border: 0; border-radius: 9px; background: none;
  }
  .menu-item:hover { background: var(--ground); }
  .safety-line {
    padding: 0.55em 1.15em; border-block: 1px solid var(--line);
    font-size: 0.82em; line-height: 1.45; color: var(--quiet);
  }
  .safety-line strong { color: var(--alert); font-weight: 650; white-space: nowrap; }
  .safety-line span { display: inline-block; }
  /* A finger's width, without moving the lines apart. */
  .safety-line a { display: inline-block; padding: 14px 4px; margin: -14px -4px; }
`;

const TALK = `
  .scroller {
    position: relative; flex: 1; min-height: 0; padding: 1.1em 1em;
    overflow-y: auto; overscroll-behavior: contain; background: var(--ground);
    scrollbar-width: thin; scrollbar-color: var(--edge) transparent;
  }
  .scroller:focus-visible { outline-offset: -3px; }
  .log { display: flex; flex-direction: column; gap: 0.7em; }
  .entry { display: flex; flex-direction: column; align-items: flex-start; gap: 0.5em; }
  .entry.patient { align-items: flex-end; }
  .assistant + .patient { margin-top: 0.4em; }
  .bubble, .welcome > p {
    max-width: 88%; padding: 0.65em 0.95em; overflow-wrap: anywhere; font-size: 0.96em;
    border: 1px solid var(--line); border-radius: 5px 17px 17px 17px; background: var(--surface);
  }
  .patient .bubble {
    border-color: transparent; border-radius: 17px 17px 5px 17px;
    background: var(--accent); color: var(--on-accent);
  }
  .patient[data-state="failed"] .bubble {
    border: 1px dashed var(--edge); background: var(--surface); color: var(--text);
  }
  .assistant.person .bubble { border-left: 4px solid var(--accent); }
  .text { white-space: pre-wrap; }
  .assistant:not(.safety) .text a, .source a { color: var(--accent); }
  .source { margin-top: 0.5em; font-size: 0.8em; line-height: 1.4; color: var(--quiet); }
  .safety .bubble {
    width: 100%; max-width: none; padding: 0.9em 1em;
    border: 2px solid var(--alert); border-radius: 14px;
    background: var(--alert-ground); color: var(--alert-text);
  }
  .safety .bubble > .icon { float: left; margin-right: 0.5em; color: var(--alert); }
  .safety .text > strong { font-size: 1.06em; font-weight: 700; }
  .safety .source { color: inherit; }
  .calls { display: flex; flex-wrap: wrap; gap: 8px; clear: both; margin-top: 0.8em; }
  .call {
    display: flex; flex: 1 1 auto; align-items: center; justify-content: center; gap: 0.5em;
    min-height: 48px; padding: 0 1em; border-radius: 12px;
    background: var(--alert); color: var(--on-alert); font-weight: 650; text-decoration: none;
  }
  .call:hover { filter: brightness(1.1); }
  .safety :focus-visible { outline-color: var(--alert-text); }
  .choices { display: flex; flex-wrap: wrap; gap: 8px; }
  .choice, .retry {
    min-height: 44px; padding: 0.35em 1.05em; text-align: start; font-size: 0.94em;
    border: 1px solid var(--accent); border-radius: 22px;
    background: var(--surface); color: var(--accent); font-weight: 550;
  }
  .choice:hover, .retry:hover { background: var(--accent); color: var(--on-accent); }
  .welcome { display: grid; gap: 0.9em; margin-bottom: 0.9em; text-wrap: pretty; }
  .note {
    display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end;
    gap: 0.3em 0.7em; max-width: 88%; font-size: 0.86em; color: var(--quiet); text-align: end;
  }
  .patient[data-state="failed"] .note { color: var(--alert); }
  .typing {
    display: inline-flex; gap: 5px; margin-top: 0.8em; padding: 0.85em 1em;
    border: 1px solid var(--line); border-radius: 5px 17px 17px 17px; background: var(--surface);
    animation: appear 0.2s 0.25s both;
  }
  .typing i { width: 7px; height: 7px; border-radius: 50%; background: var(--quiet); }
`;

const THUMBS = `
  .thumbs { display: grid; gap: 0.5em; width: 100%; max-width: 88%; }
  .thumb-row { display: flex; align-items: center; gap: 2px; }
  .thumb {
    display: grid; place-items: center; width: 36px; height: 36px;
    border: 1px solid transparent; border-radius: 50%; background: none; color: var(--quiet);
  }
  .thumb .icon { width: 1.15em; height: 1.15em; }
  .thumb:hover { background: var(--surface); color: var(--text); }
  .thumb[aria-pressed="true"] { border-color: var(--accent); background: var(--surface); color: var(--accent); }
  .thumb[aria-pressed="true"] .icon { fill: color-mix(in srgb, var(--accent) 22%, transparent); }
  .thumb-status { margin-left: 0.4em; font-size: 0.82em; color: var(--quiet); }
  .reasons {
    display: grid; gap: 0.6em; padding: 0.8em 0.95em; font-size: 0.92em;
    border: 1px solid var(--line); border-radius: 14px; background: var(--surface);
  }
  .reasons fieldset { display: grid; gap: 2px; margin: 0; padding: 0; border: 0; min-width: 0; }
  .reasons legend { padding: 0; margin-bottom: 0.2em; font-weight: 600; }
  .reason { display: flex; align-items: center; gap: 0.6em; min-height: 34px; }
  .reason input { flex: none; width: 1.15em; height: 1.15em; margin: 0; accent-color: var(--accent); }
  .remark { display: grid; gap: 0.3em; color: var(--quiet); font-size: 0.92em; }
  .remark textarea { width: 100%; min-height: 0; border-radius: 12px; color: var(--text); }
  .reasons .choice { justify-self: start; }
  @media (pointer: coarse) {
    .thumb { width: 44px; height: 44px; }
    .reason { min-height: 44px; }
  }
`;

const COMPOSER = `
  .composer { padding: 0.7em 0.8em 0.8em; border-top: 1px solid var(--line); }
  .row { display: flex; align-items: flex-end; gap: 8px; }
  textarea {
    flex: 1; min-width: 0; min-height: 46px; max-height: 8.5em; padding: 10px 14px; resize: none;
    border: 1px solid var(--edge); border-radius: 22px; background: var(--surface);
    line-height: 1.5; overflow-y: auto; scrollbar-width: thin;
  }
  textarea::placeholder { color: var(--quiet); opacity: 1; }
  textarea:focus-visible { outline-offset: -1px; outline-width: 2px; border-color: var(--accent); }
  .send {
    display: grid; place-items: center; width: 46px; height: 46px; flex: none;
    border: 1px solid transparent; border-radius: 50%;
    background: var(--accent); color: var(--on-accent);
  }
  .send:disabled { background: none; border-color: var(--line); color: var(--quiet); cursor: default; }
  .send:not(:disabled):hover { filter: brightness(1.08); }
  .counter { padding: 0.3em 1em 0; font-size: 0.82em; color: var(--quiet); }
`;

const SMALL_AND_MOTION = `
  /* The element makes the panel modal under the same query. */
  @media (max-width: 560px), (max-height: 480px) {
    :host { --gap: var(--patient-faq-gap, 16px); }
    .panel {
      inset: var(--view-top, 0) 0 auto; width: 100%; height: var(--view-height, 100dvh);
      border: 0; border-radius: 0;
    }
    .header { padding-top: max(0.6em, env(safe-area-inset-top)); padding-bottom: 0.5em; }
    .composer { padding-bottom: max(0.8em, env(safe-area-inset-bottom)); }
  }
  /* Enlarged text in a low window: what is fixed shrinks so that the conversation has room. */
  @media (max-height: 480px) {
    .names p, .mark { display: none; }
    .header { padding-block: 0; }
    .safety-line { padding-block: 0.2em; }
    .composer { padding-block: 0.4em; }
  }
  @keyframes appear { from { opacity: 0; } }
  @keyframes rise { from { opacity: 0; transform: translateY(10px); } }
  @keyframes breathe { 50% { opacity: 0.3; transform: translateY(-3px); } }
  @media (prefers-reduced-motion: no-preference) {
    .panel[open] { animation: rise 0.18s ease-out; }
    .log[aria-busy="false"] .entry, .log:not([aria-busy]) .entry { animation: rise 0.2s ease-out; }
    .typing i { animation: breathe 1.2s ease-in-out infinite; }
    .typing i:nth-child(2) { animation-delay: 0.15s; }
    .typing i:nth-child(3) { animation-delay: 0.3s; }
    .scroller { scroll-behavior: smooth; }
  }
  @media (forced-colors: active) {
    .launcher, .patient .bubble, .mark, .send, .call, .thumb { border: 1px solid ButtonText; }
    .typing i { background: CanvasText; }
  }
`;

export const sheet = new CSSStyleSheet();
sheet.replaceSync([COLOURS, BASE, PANEL, TALK, THUMBS, COMPOSER, SMALL_AND_MOTION].join("\n"));
