/* The attendance grid is one stop of Tab; arrows move within it, Enter opens a cell beside itself, Escape closes it.
   HTML: <section data-controller="attendance" data-attendance-cell-value="/…/cell/" data-attendance-show-value="all"
                  data-attendance-at-value="12.3.1" data-action="keydown->attendance#press click->attendance#pick">
           <tbody data-attendance-target="grid"><tr><th>…</th><td><a class="o" href="?c=12.3.1">…</a>…</td></tr></tbody>
           <div data-attendance-target="box" hidden></div></section>
   Without script each cell is a link that opens the page with the cell opened. */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";
import { application } from "./application.js";

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const CELLS = "td > a[href*='c=']";
const FIELDS = "input:not([type=radio]):not([type=checkbox]), textarea, select";

class AttendanceController extends Controller {
  static targets = ["grid", "box"];
  static values = { cell: String, show: String, at: String };

  connect() {
    this.cells.forEach((cell) => (cell.tabIndex = -1));
    const rests = this.named(this.atValue) || this.named(this.opened) || this.cells[0];
    if (rests) this.rest(rests);
    if (this.opened) this.place(this.named(this.opened));
    else if (this.atValue && rests) rests.focus();
  }

  get cells() {
    return [...this.gridTarget.querySelectorAll(CELLS)];
  }

  get opened() {
    return this.boxTarget.querySelector("[data-cell]")?.dataset.cell || "";
  }

  named(address) {
    return /^[\d.]+$/.test(address) ? this.gridTarget.querySelector(`a[href="?c=${address}"]`) : null;
  }

  press(event) {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && this.opened) return this.close(event);
    const cell = event.target.closest(CELLS);
    if (!cell || !this.gridTarget.contains(cell) || event.target.closest(FIELDS)) return;
    const next = this.beside(cell, event.key);
    if (!next) return;
    event.preventDefault();
    this.go(next);
  }

  beside(cell, key) {
    const row = cell.closest("tr");
    const own = [...row.querySelectorAll(CELLS)];
    if (key === "Home") return own[0];
    if (key === "End") return own.at(-1);
    const step = STEPS[key];
    if (!step) return null;
    const at = own.indexOf(cell);
    if (step[1]) return own[at + step[1]];
    const rows = [...this.gridTarget.rows];
    return rows[rows.indexOf(row) + step[0]]?.querySelectorAll(CELLS)[at];
  }

  go(cell) {
    this.rest(cell);
    cell.focus();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  rest(cell) {
    this.gridTarget.querySelectorAll("a.now").forEach((each) => {
      each.classList.remove("now");
      each.tabIndex = -1;
    });
    cell.classList.add("now");
    cell.tabIndex = 0;
  }

  /* The next contradiction after the cell the eye rests on; after the last comes the first. */
  next() {
    const cells = this.cells;
    const at = cells.findIndex((cell) => cell.classList.contains("now"));
    const wanted = [...cells.slice(at + 1), ...cells.slice(0, at + 1)].find((cell) => cell.classList.contains("x"));
    if (wanted) this.open(wanted);
  }

  pick(event) {
    if (event.target.closest("[data-close]")) return this.close(event);
    const choice = event.target.closest(".cell-choices label");
    if (choice && !event.isTrusted) this.boxTarget.querySelector("[name=reason]")?.focus();
    const cell = event.target.closest(CELLS);
    if (!cell || !this.gridTarget.contains(cell) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.open(cell);
  }

  async open(cell) {
    this.go(cell);
    const asked = new URL(cell.href).searchParams.get("c");
    this.wanted = asked;
    const address = `${this.cellValue}?c=${asked}&show=${this.showValue}`;
    await window.htmx.ajax("GET", address, { target: this.boxTarget, swap: "innerHTML" });
    if (this.wanted !== asked || this.opened !== asked) return;
    this.boxTarget.hidden = false;
    this.place(cell);
  }

  /* Beneath the cell, or above it where the window ends; the phone's stylesheet keeps it at the foot. */
  place(cell) {
    const box = this.boxTarget;
    box.querySelector("#cell-title")?.focus({ preventScroll: true });
    box.removeAttribute("style");
    if (!cell || getComputedStyle(box).position === "fixed") return;
    const room = box.parentElement.getBoundingClientRect();
    const at = cell.getBoundingClientRect();
    const left = Math.min(Math.max(at.left - room.left - 40, 12), Math.max(room.width - box.offsetWidth - 12, 12));
    const below = at.bottom - room.top + 8;
    const above = at.top - room.top - box.offsetHeight - 8;
    const fits = at.bottom + box.offsetHeight + 48 < window.innerHeight || above < 0;
    box.style.left = `${left}px`;
    box.style.top = `${fits ? below : above}px`;
    box.scrollIntoView({ block: "nearest" });
  }

  close(event) {
    event.preventDefault();
    const cell = this.named(this.opened) || this.gridTarget.querySelector("a.now");
    this.wanted = "";
    this.boxTarget.hidden = true;
    this.boxTarget.replaceChildren();
    if (cell) this.go(cell);
  }
}

application.register("attendance", AttendanceController);
