/* A <details> menu that closes on Escape and on a click elsewhere; without script it still opens and closes.
   HTML: <details class="menu" data-controller="menu" data-action="keydown.esc->menu#close click@window->menu#outside"> */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";

export default class extends Controller {
  close() {
    if (!this.element.open) return;
    this.element.open = false;
    this.element.querySelector("summary").focus();
  }

  outside(event) {
    if (!this.element.contains(event.target)) this.element.open = false;
  }
}
