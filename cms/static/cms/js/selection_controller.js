/* Several at once: Space marks the one in focus, Shift extends, a bar says how many and offers what can be done.
   HTML: <form data-controller="selection" data-action="keydown->selection#press change->selection#count">
           <label class="thumb"><input type="checkbox" name="sheet" value="…" data-selection-target="box"></label>
           <input type="checkbox" data-selection-target="all" data-action="selection#all">
           <div data-selection-target="bar" hidden><b data-selection-target="number"></b> …buttons… </div>
   What it marks are real checkboxes, so the form works without script. */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";

export default class extends Controller {
  static targets = ["box", "all", "bar", "number"];

  connect() {
    this.count();
  }

  press(event) {
    if (event.key !== " " || event.target.matches("input, textarea, select, button, a, summary")) return;
    const room = event.target.closest("tr, li, label, .thumb, [data-list-target]");
    const box = room && this.boxTargets.find((candidate) => room.contains(candidate));
    if (!box) return;
    event.preventDefault();
    if (event.shiftKey && this.last) this.extend(box);
    else box.checked = !box.checked;
    this.last = box;
    this.count();
  }

  extend(box) {
    const ends = [this.boxTargets.indexOf(this.last), this.boxTargets.indexOf(box)].sort((a, b) => a - b);
    this.boxTargets.slice(ends[0], ends[1] + 1).forEach((each) => (each.checked = this.last.checked));
  }

  all() {
    this.boxTargets.forEach((box) => (box.checked = this.allTarget.checked));
    this.count();
  }

  count() {
    const marked = this.boxTargets.filter((box) => box.checked);
    if (this.hasBarTarget) this.barTarget.hidden = marked.length === 0;
    this.numberTargets.forEach((number) => (number.textContent = marked.length));
    if (!this.hasAllTarget) return;
    this.allTarget.checked = marked.length > 0 && marked.length === this.boxTargets.length;
    this.allTarget.indeterminate = marked.length > 0 && marked.length < this.boxTargets.length;
  }
}
