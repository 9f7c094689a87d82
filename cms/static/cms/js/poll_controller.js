/* Asks for a part of the page again while work is under way and the page is in view.
   HTML: <section data-controller="poll" data-poll-url-value="…" data-poll-seconds-value="5" id="jobs">…</section>
   The answer replaces the element; an answer without data-controller="poll" ends it. A hidden page does not ask;
   nor does one in which a field of the part has focus or a file is on its way. */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";

export default class extends Controller {
  static values = { url: String, seconds: { type: Number, default: 2 } };

  connect() {
    this.timer = setInterval(() => this.ask(), this.secondsValue * 1000);
  }

  disconnect() {
    clearInterval(this.timer);
  }

  ask() {
    if (document.hidden || this.element.contains(document.activeElement)) return;
    if (this.element.querySelector(".upload-sending")) return;
    window.htmx.ajax("GET", this.urlValue, { target: this.element, swap: "outerHTML" });
  }
}
