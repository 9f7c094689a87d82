/* Verification by keyboard: Tab goes from value to value, the current one shows its choices and its box on the page.
   HTML: <div data-controller="verify" data-action="keydown->verify#press focusin->verify#follow">
           <tr tabindex="0" data-verify-target="row" data-spot="0.-1.name" data-current>…</tr>
           <tr data-verify-target="panel" data-spot="0.-1.name">…choices with data-key 1 2 3 t…</tr>
           <svg class="boxes"><g data-box="0.-1.name">…</g></svg></div>
   Without script every open value shows its choices and the others open by their link. With single keys switched off
   Tab goes through the buttons as everywhere. Escape in a field for typing goes back to its line. */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";
import { application } from "./application.js";

let isFirstPage = true;

class VerifyController extends Controller {
  static targets = ["row", "panel"];

  connect() {
    this.clicked = (event) => this.pick(event);
    this.element.addEventListener("click", this.clicked);
    const current = this.rowTargets.find((row) => "current" in row.dataset);
    if (current) this.show(current.dataset.spot);
    if (current && this.hasOwnRoom) this.bring(current);
    if (current && !isFirstPage && document.activeElement === document.body) current.focus({ preventScroll: true });
    isFirstPage = false;
  }

  disconnect() {
    this.element.removeEventListener("click", this.clicked);
  }

  follow(event) {
    const row = event.target.closest("[data-verify-target=row]");
    if (row) this.show(row.dataset.spot);
  }

  /* A box or a line pressed is the current value; the link in a line is for those without script. */
  pick(event) {
    const box = event.target.closest("[data-box]");
    const line = event.target.closest("[data-verify-target=row]");
    const row = box ? this.rowOf(box.dataset.box) : line;
    if (!row) return;
    if (event.target.closest("a.value-name") && (event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    row.focus({ preventScroll: true });
    this.bring(row);
  }

  press(event) {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") return this.back(event);
    if (event.key !== "Tab" || localStorage.getItem("juanzong-keys") === "off") return;
    const at = this.rowTargets.findIndex((row) => row === document.activeElement || this.panelOf(row).contains(document.activeElement));
    const next = at < 0 ? null : this.rowTargets[at + (event.shiftKey ? -1 : 1)];
    if (at >= 0 && !next && !event.shiftKey) return this.leave(event);
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
    this.bring(next);
  }

  /* After the last value comes what is done with the page. */
  leave(event) {
    const foot = this.element.querySelector(".verify-do :is(button:not(:disabled), a[href])");
    if (!foot) return;
    event.preventDefault();
    foot.focus();
  }

  back(event) {
    const panel = document.activeElement.closest("[data-verify-target=panel]");
    if (!panel) return;
    event.preventDefault();
    this.rowOf(panel.dataset.spot).focus();
  }

  show(spot) {
    this.panelTargets.forEach((panel) => {
      panel.hidden = panel.dataset.spot !== spot;
      panel.classList.toggle("shown", !panel.hidden);
    });
    this.rowTargets.forEach((row) => row.classList.toggle("open", row.dataset.spot === spot));
    this.element.querySelectorAll("[data-box]").forEach((box) => box.classList.toggle("current", box.dataset.box === spot));
    const box = this.element.querySelector(`[data-box="${CSS.escape(spot)}"] polygon`);
    if (box) this.dispatch("looked", { target: box });
  }

  /* The line and its choices into sight, within their own room where they have one. */
  bring(row) {
    this.panelOf(row).scrollIntoView({ block: "nearest" });
    row.scrollIntoView({ block: "nearest" });
  }

  get hasOwnRoom() {
    const room = this.element.querySelector(".values-body");
    return room && getComputedStyle(room).overflowY !== "visible";
  }

  rowOf(spot) {
    return this.rowTargets.find((row) => row.dataset.spot === spot);
  }

  panelOf(row) {
    return this.panelTargets.find((panel) => panel.dataset.spot === row.dataset.spot);
  }
}

application.register("verify", VerifyController);
