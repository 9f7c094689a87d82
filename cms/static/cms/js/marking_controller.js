/* Marked pages of the tray: how many, and what can be done with them together.
   HTML: <div data-controller="marking" data-action="keydown@document->marking#press"> <input type="checkbox" form="act" data-marking-target="box">
           <p data-marking-target="said" hidden><b data-marking-target="number"></b></p>
           <button data-marking-target="bulk" hidden>…</button> <select data-action="marking#other">…</select> </div>
   The boxes belong to the form of the page in view, so all of it works without script. */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";
import { application } from "./application.js";

class MarkingController extends Controller {
  static targets = ["box", "current", "said", "number", "bulk"];

  connect() {
    this.count = this.count.bind(this);
    this.keep = this.keep.bind(this);
    this.element.addEventListener("change", this.count);
    this.element.addEventListener("htmx:beforeRequest", this.keep);
    this.count();
  }

  disconnect() {
    this.element.removeEventListener("change", this.count);
    this.element.removeEventListener("htmx:beforeRequest", this.keep);
  }

  count() {
    const marked = this.boxTargets.filter((box) => box.checked).length;
    this.numberTargets.forEach((number) => (number.textContent = marked));
    [...this.saidTargets, ...this.bulkTargets].forEach((part) => (part.hidden = marked === 0));
  }

  /* Groups that follow the reading wait while pages are marked: their marks would be lost. */
  keep(event) {
    if (event.target.id === "tray-fresh" && this.boxTargets.some((box) => box.checked)) event.preventDefault();
  }

  /* Space marks the page in view, unless a control has the focus. */
  press(event) {
    if (event.key !== " " || event.defaultPrevented || event.target.closest("a, button, input, select, textarea, summary, video")) return;
    if (!this.hasCurrentTarget || localStorage.getItem("juanzong-keys") === "off") return;
    event.preventDefault();
    this.currentTarget.checked = !this.currentTarget.checked;
    this.count();
  }

  /* Choosing another item means: there, not one of the places offered. */
  other(event) {
    const choice = this.element.querySelector("input[name=place][value=other]");
    if (choice && event.target.value) choice.checked = true;
  }
}

application.register("marking", MarkingController);
