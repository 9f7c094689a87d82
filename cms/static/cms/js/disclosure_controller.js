/* Opens a row in place: what belongs to it stands below and pushes the rest down; no dialog.
   HTML: <tr data-controller="disclosure" data-disclosure-body-value="row-7">
           <td><button class="opener" data-list-open data-disclosure-target="button" data-action="disclosure#toggle"
                       aria-expanded="false" aria-controls="row-7" aria-label="…">…</button></td></tr>
         <tr class="opened" id="row-7" hidden>…</tr>
   With data-disclosure-url-value the body is fetched once by htmx (into the body's [data-disclosure-place], or itself). */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";

export default class extends Controller {
  static targets = ["button"];
  static values = { body: String, url: String };

  connect() {
    if (this.isOpen || this.isAddressed) this.show();
    this.element.addEventListener("click", (event) => this.click(event));
  }

  /* A click anywhere on the row opens it, unless it was meant for a control or marked text to copy. */
  click(event) {
    if (event.target.closest("a, button, input, label, select, textarea, summary")) return;
    if (window.getSelection().isCollapsed) this.toggle();
  }

  get body() {
    return document.getElementById(this.bodyValue);
  }

  /* An address that names the row (#item-7) opens it. */
  get isAddressed() {
    return this.element.id !== "" && window.location.hash === `#${this.element.id}`;
  }

  get isOpen() {
    return this.buttonTarget.getAttribute("aria-expanded") === "true";
  }

  toggle() {
    if (this.isOpen) this.hide();
    else this.show();
  }

  show() {
    this.mark(true);
    if (!this.hasUrlValue || this.fetched) return;
    this.fetched = true;
    const place = this.body.querySelector("[data-disclosure-place]") || this.body;
    window.htmx.ajax("GET", this.urlValue, { target: place, swap: "innerHTML" });
  }

  hide() {
    this.mark(false);
  }

  mark(open) {
    this.body.hidden = !open;
    this.element.classList.toggle("open", open);
    this.buttonTarget.setAttribute("aria-expanded", String(open));
  }
}
