/* Single keys press what they name; they rest while a field has focus, and can be switched off (WCAG 2.1.4).
   HTML: <body data-controller="keys" data-action="keydown@document->keys#press">
           <button data-key="u">…</button> <a data-key="g" href="…">…</a> <input data-key="/">
           names: one character as typed (S is Shift+s), "Space", "Shift+Enter", "Ctrl+z", "ArrowLeft"; several
           parted by spaces
           <footer data-keys-target="bar"> with .hint entries </footer>
           <dialog data-keys-target="dialog"><div data-keys-target="list"></div><input data-keys-target="switch"></dialog>
   A letter clicks a button, link or label and focuses a field. Within an open dialog only its own keys act. */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";

const STORE = "juanzong-keys";
const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=file]), textarea, select, [contenteditable]";

export default class extends Controller {
  static targets = ["bar", "dialog", "list", "switch"];

  connect() {
    if (this.hasSwitchTarget) this.switchTarget.checked = this.isOn;
  }

  get isOn() {
    return localStorage.getItem(STORE) !== "off";
  }

  press(event) {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    const name = nameOf(event);
    const single = /^(Shift\+)?.$/.test(name);
    if (event.target.closest(FIELDS) && !name.startsWith("Ctrl+Enter")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (single && !this.isOn && name !== "?") return;
    if (/^(Enter|Space)$/.test(name) && event.target.closest("a[href], button, summary, video")) return;
    if (name === "Space" && event.target.closest("input")) return;
    const control = this.controlFor(name);
    if (!control) return;
    event.preventDefault();
    if (control.matches(FIELDS)) control.focus();
    else control.click();
  }

  controlFor(name) {
    const room = document.querySelector("dialog[open]") || document;
    const names = /^Shift\+[a-z]$/.test(name) ? [name, name.slice(-1).toUpperCase()] : [name];
    const sought = names.map((each) => `[data-key~="${CSS.escape(each)}"]`).join(", ");
    return [...room.querySelectorAll(sought)].find(isReady);
  }

  open() {
    const own = this.listTarget.querySelectorAll("[data-own]");
    own.forEach((entry) => entry.remove());
    [...this.barTarget.querySelectorAll("span.hint, form.hint label")].reverse().forEach((hint) => {
      const copy = document.createElement("span");
      copy.className = "hint";
      copy.append(...hint.cloneNode(true).childNodes);
      copy.dataset.own = "";
      this.listTarget.prepend(copy);
    });
    this.dialogTarget.showModal();
  }

  toggle() {
    localStorage.setItem(STORE, this.switchTarget.checked ? "on" : "off");
  }
}

function nameOf(event) {
  if (event.key === " ") return event.shiftKey ? "Shift+Space" : "Space";
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return `Ctrl+${key}`;
  if (event.altKey) return `Alt+${key}`;
  const isLetter = key.length > 1 || /[a-z]/.test(key);
  return event.shiftKey && isLetter ? `Shift+${key}` : key;
}

/* A label of a hidden file field counts as its control; what is disabled or not on screen does not. */
function isReady(control) {
  if (control.disabled || control.getAttribute("aria-disabled") === "true") return false;
  return control.checkVisibility ? control.checkVisibility() : control.offsetParent !== null;
}
