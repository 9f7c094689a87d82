/* The pages of one paper of the tray: dragged into another order, which is then sent as the form's own step.
   HTML: <section data-controller="paper"><ol> <li data-paper-target="page" draggable="true">
           <input type="hidden" name="order" value="UUID" form="act">…</li> </ol>
           <button form="act" name="do" value="reorder" data-paper-target="save" hidden>…</button></section>
   The hidden fields lie in the list's items, so their order is that of the items; without script the arrows do. */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";
import { application } from "./application.js";

class PaperController extends Controller {
  static targets = ["page", "save"];

  pageTargetConnected(page) {
    page.addEventListener("dragstart", (event) => this.lift(event, page));
    page.addEventListener("dragover", (event) => this.over(event, page));
    page.addEventListener("drop", (event) => this.drop(event));
    page.addEventListener("dragend", () => page.classList.remove("lifted"));
  }

  lift(event, page) {
    this.lifted = page;
    this.before = this.order;
    page.classList.add("lifted");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  }

  get order() {
    return this.pageTargets.map((page) => page.querySelector("input[name=order]").value).join();
  }

  /* The lifted page takes the place it hangs over; nothing is sent before it is let go. */
  over(event, page) {
    if (!this.lifted || page === this.lifted) return event.preventDefault();
    event.preventDefault();
    const behind = this.pageTargets.indexOf(this.lifted) < this.pageTargets.indexOf(page);
    page[behind ? "after" : "before"](this.lifted);
  }

  drop(event) {
    event.preventDefault();
    const moved = this.lifted && this.order !== this.before;
    this.lifted = null;
    if (moved) this.saveTarget.click();
  }
}

application.register("paper", PaperController);
