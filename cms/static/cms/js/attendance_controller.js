/* The attendance grid is one stop of Tab; arrows move within it, Enter opens a cell beside itself, Escape closes it.
   Where nothing has focus, arrows and Enter are meant for the outlined cell.
   HTML: <section data-controller="attendance" data-attendance-cell-value="/…/cell/" data-attendance-show-value="all"
                  data-attendance-at-value="12.3.1" data-attendance-none-value="what N says where nothing contradicts"
                  data-action="keydown@document->attendance#press click->attendance#pick
                               scroll@window->attendance#follow resize@window->attendance#follow">
           <p role="status" data-attendance-target="say"></p>
           <tbody data-attendance-target="grid"><tr><th>…</th><td><a class="o" href="?c=12.3.1">…</a>…</td></tr></tbody>
           <div data-attendance-target="box" hidden></div></section>
   Without script each cell is a link that opens the page with the cell opened. */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";
import { application } from "./application.js";

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const CELLS = "td > a[href*='c=']";
const PHONE = window.matchMedia("(max-width: 767px)");
const GAP = 8;
const FIELDS = "input:not([type=radio]):not([type=checkbox]), textarea, select";

class AttendanceController extends Controller {
  static targets = ["grid", "box", "say"];
  static values = { cell: String, show: String, at: String, none: String };

  connect() {
    this.cells.forEach((cell) => (cell.tabIndex = -1));
    const rests = this.named(this.atValue) || this.named(this.opened) || this.cells[0];
    if (rests) this.rest(rests);
    if (this.opened) this.place();
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
    if (document.querySelector("dialog[open]")) return;
    const isFree = event.target === document.body || event.target.id === "content";
    if (event.key === "Escape" && this.opened && (isFree || this.element.contains(event.target))) return this.close(event);
    const cell = isFree && !this.opened ? this.gridTarget.querySelector("a.now") : event.target.closest(CELLS);
    if (!cell || !this.gridTarget.contains(cell) || event.target.closest(FIELDS)) return;
    if (isFree && event.key === "Enter") {
      event.preventDefault();
      return this.open(cell);
    }
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
    this.sayTarget.textContent = wanted ? "" : this.noneValue;
    if (wanted) this.open(wanted);
    else this.sayTarget.scrollIntoView({ block: "center" });
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
    this.place();
  }

  place() {
    this.boxTarget.querySelector("#cell-title")?.focus({ preventScroll: true });
    this.follow();
  }

  /* Beneath the cell, above it, or at its side, wherever it is whole between the page's head and the key bar; what is
     taller than that scrolls inside. On a phone the stylesheet keeps it at the foot. */
  follow() {
    const box = this.boxTarget;
    box.removeAttribute("style");
    const cell = this.named(this.opened);
    if (!cell || PHONE.matches) return;
    const top = (document.querySelector(".topbar")?.getBoundingClientRect().bottom || 0) + GAP;
    const end = Math.min(document.querySelector(".keybar")?.getBoundingClientRect().top ?? Infinity, window.innerHeight) - GAP;
    box.style.position = "fixed";
    box.style.maxHeight = `${end - top}px`;
    const [width, height] = [box.offsetWidth, box.offsetHeight];
    const at = cell.getBoundingClientRect();
    const room = box.parentElement.getBoundingClientRect();
    const most = Math.min(room.right, window.innerWidth) - width - GAP;
    let [left, from] = [at.left - 40, at.bottom + GAP];
    if (from + height > end) from = at.top - GAP - height;
    if (from < top) {
      from = Math.min(Math.max(at.top - height / 2, top), end - height);
      left = at.right + GAP > most ? at.left - GAP - width : at.right + GAP;
    }
    box.style.left = `${Math.max(Math.min(left, most), GAP)}px`;
    box.style.top = `${Math.max(Math.min(from, end - height), top)}px`;
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
