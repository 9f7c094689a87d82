/* The checklist by keyboard: B opens the return of the point one stands on (or of the whole item), E its excuse.
   HTML: <section data-controller="verdicts" data-action="keydown@document->verdicts#press">
           <li data-point="signed" tabindex="-1"> <details data-verdict="return">…</details> <details data-verdict="excuse">…</details></li>
           <details data-verdicts-target="whole">…</details></section>
   Only one stays open, so that its common reasons 1 to 9 are the ones pressed. Escape closes it.
   Opened by mouse, the field for the reason takes the focus: what is typed then is words, not keys. */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";
import { application } from "./application.js";

const FIELDS = "input, textarea, select";
const OPENS = { b: "return", e: "excuse" };

class VerdictsController extends Controller {
  static targets = ["whole"];

  connect() {
    this.opened = (event) => this.aside(event.target);
    this.clicked = (event) => this.write(event);
    this.element.addEventListener("toggle", this.opened, true); // toggle does not bubble
    this.element.addEventListener("click", this.clicked);
  }

  disconnect() {
    this.element.removeEventListener("toggle", this.opened, true);
    this.element.removeEventListener("click", this.clicked);
  }

  aside(details) {
    if (details.open) this.close(details);
  }

  /* A press of Enter on the summary is a click without a pointer (detail 0): there the keys 1 to 9 stay at hand. */
  write(event) {
    const summary = event.target.closest("summary");
    if (!summary || event.detail === 0 || summary.parentElement.open) return;
    const details = summary.parentElement;
    details.addEventListener("toggle", () => details.querySelector("input[name=reason]")?.focus(), { once: true });
  }

  press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return this.close();
    if (event.target.closest(FIELDS) || localStorage.getItem("juanzong-keys") === "off") return;
    const wanted = OPENS[event.key.toLowerCase()];
    if (!wanted) return;
    const details = this.detailsFor(wanted);
    if (!details) return;
    event.preventDefault();
    this.close();
    details.open = true;
    const first = details.querySelector(wanted === "return" ? ".common button, input:not([type=hidden])" : "input:not([type=hidden])");
    if (first) first.focus();
  }

  detailsFor(wanted) {
    const row = document.activeElement.closest("[data-point]");
    const own = row && row.querySelector(`details[data-verdict=${wanted}]`);
    return own || (wanted === "return" && this.hasWholeTarget ? this.wholeTarget : null);
  }

  close(except = null) {
    this.element.querySelectorAll("details[open]").forEach((details) => (details.open = details === except));
  }
}

application.register("verdicts", VerdictsController);
