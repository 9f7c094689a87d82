/* The current one of a row of tabs is in sight, however narrow the screen; also after the row was drawn anew.
   HTML: <nav class="tabs" data-controller="tabs"><a href="…" aria-current="page">…</a>…</nav> */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";

export default class extends Controller {
  connect() {
    const current = this.element.querySelector("[aria-current]");
    if (!current || this.element.scrollWidth <= this.element.clientWidth) return;
    const [row, tab] = [this.element.getBoundingClientRect(), current.getBoundingClientRect()];
    this.element.scrollLeft += tab.left + tab.width / 2 - (row.left + row.width / 2);
  }
}
