/* Down and up through rows with J, K or the arrows; Enter opens the row one stands on.
   HTML: <tbody data-controller="list" data-action="keydown@document->list#move">
           <tr data-list-target="row" tabindex="-1"><td><a data-list-open href="…">…</a></td></tr>
   What Enter presses: the row's [data-list-open] (a link, or a disclosure's button). Home and End go to the ends.
   data-list-axis-value="both" also takes the left and right arrows (a strip of thumbnails). */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";

const RESTING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog";
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
const ACROSS = { ArrowRight: 1, ArrowLeft: -1 };

export default class extends Controller {
  static targets = ["row"];
  static values = { axis: { type: String, default: "down" } };

  rowTargetConnected(row) {
    if (!row.hasAttribute("tabindex")) row.tabIndex = -1;
  }

  move(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest(RESTING) || this.sleeps(event)) return;
    const step = STEPS[event.key] || (this.axisValue === "both" && ACROSS[event.key]);
    if (step) return this.go(event, this.rows[this.next(step)]);
    if (event.key === "Home" && this.holdsFocus) return this.go(event, this.rows[0]);
    if (event.key === "End" && this.holdsFocus) return this.go(event, this.rows.at(-1));
    if (event.key === "Enter" && !event.shiftKey && document.activeElement === this.current) this.enter(event);
  }

  get rows() {
    return this.rowTargets.filter((row) => !row.hidden);
  }

  get current() {
    return this.rows.find((row) => row.contains(document.activeElement));
  }

  get holdsFocus() {
    return this.element.contains(document.activeElement);
  }

  /* Of several lists on a page the one with the focus answers; without focus, the first. Letters may be off. */
  sleeps(event) {
    if (event.key.length === 1 && localStorage.getItem("juanzong-keys") === "off") return true;
    const active = document.activeElement.closest('[data-controller~="list"]');
    if (active) return active !== this.element;
    return document.querySelector('[data-controller~="list"]') !== this.element;
  }

  next(step) {
    const at = this.rows.indexOf(this.current);
    if (at < 0) return 0;
    return Math.min(Math.max(at + step, 0), this.rows.length - 1);
  }

  go(event, row) {
    if (!row) return;
    event.preventDefault();
    row.focus();
    row.scrollIntoView({ block: "nearest" });
    this.dispatch("moved", { target: row });
  }

  enter(event) {
    const control = this.current.matches("a, button") ? this.current : this.current.querySelector("[data-list-open]");
    if (!control) return;
    event.preventDefault();
    control.click();
  }
}
