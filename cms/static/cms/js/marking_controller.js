/* Marked pages of the tray: how many, and what can be done with them together.
   HTML: <div data-controller="marking" data-action="keydown@document->marking#press"> <input type="checkbox" form="act" data-marking-target="box">
           <p data-marking-target="said" hidden><b data-marking-target="number"></b></p>
           <button data-marking-target="bulk" hidden>…</button>
           <input type="hidden" name="order_marked" data-marking-target="order"> <select data-action="marking#other">…</select> </div>
   The boxes belong to the form of the page in view, so all of it works without script; `order` tells in which order
   the pages were marked. Marks are kept while pages are walked through, until something is done with them. */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";
import { application } from "./application.js";

class MarkingController extends Controller {
  static targets = ["box", "current", "said", "number", "bulk", "order"];

  connect() {
    this.marked = [];
    this.count = this.count.bind(this);
    this.keep = this.keep.bind(this);
    this.forget = this.forget.bind(this);
    this.element.addEventListener("change", this.count);
    this.element.addEventListener("htmx:beforeRequest", this.keep);
    this.element.addEventListener("submit", this.forget);
    this.remember();
    this.count();
  }

  disconnect() {
    this.element.removeEventListener("change", this.count);
    this.element.removeEventListener("htmx:beforeRequest", this.keep);
    this.element.removeEventListener("submit", this.forget);
  }

  get place() {
    return `juanzong-marks ${location.pathname}`;
  }

  remember() {
    this.marked = (sessionStorage.getItem(this.place) || "").split(",").filter(Boolean);
    this.boxTargets.forEach((box) => { if (this.marked.includes(box.value)) box.checked = true; });
  }

  forget() {
    sessionStorage.removeItem(this.place);
  }

  count() {
    const checked = this.boxTargets.filter((box) => box.checked).map((box) => box.value);
    this.marked = [...this.marked.filter((one) => checked.includes(one)), ...checked.filter((one) => !this.marked.includes(one))];
    this.numberTargets.forEach((number) => (number.textContent = checked.length));
    [...this.saidTargets, ...this.bulkTargets].forEach((part) => (part.hidden = checked.length === 0));
    this.orderTargets.forEach((field) => (field.value = this.marked.join()));
    sessionStorage.setItem(this.place, this.marked.join());
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
