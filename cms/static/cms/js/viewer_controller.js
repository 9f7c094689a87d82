/* One page large: zoom, turn, move, and the untouched original; boxes drawn over it turn with it.
   HTML: <div data-controller="viewer" data-viewer-original-value="…/original" data-viewer-turn-value="0">
           <button data-key="+" data-action="viewer#closer">…</button> <button data-key="-" data-action="viewer#further">…</button>
           <button data-key="r" data-action="viewer#turn">…</button>
           <a href="…/original" data-key="o" data-action="viewer#original" data-viewer-target="switch">…</a>
           <div class="viewer" tabindex="0" data-viewer-target="frame"><div class="page" data-viewer-target="page">
             <img data-viewer-target="image" src="…/view"><svg class="boxes" viewBox="0 0 2480 3508">…</svg></div></div>
   Moving: dragged by mouse, with the fingers, or with the arrow keys while the frame has the focus; two fingers zoom.
   The original shows in place where data-viewer-in-place-value is true (a picture of one page), else by its link.
   With data-viewer-fit-value="true" it opens as close as all boxes allow.
   Turning here is only for the eye; a form beside it keeps the turn if the clerk wants so. */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";

const STEPS = [1, 1.5, 2, 3, 4];
const FILLED = 0.94; // of the frame the boxes may take when it opens
const CLOSEST = 2;
const PINCH = 60; // pixels that two fingers part for one step

export default class extends Controller {
  static targets = ["frame", "page", "image", "switch"];
  static values = { original: String, turn: Number, zoom: Number, inPlace: Boolean, fit: Boolean };

  connect() {
    if (!this.hasImageTarget) return; // a recording plays by itself
    this.seen = this.imageTarget.src;
    this.imageTarget.addEventListener("load", () => this.draw());
    if (this.imageTarget.complete && this.imageTarget.naturalWidth) this.fit();
    else this.imageTarget.addEventListener("load", () => this.fit(), { once: true });
    this.fingers = new Map();
    this.heard = {
      pointerdown: (event) => this.grasp(event),
      pointermove: (event) => this.drag(event),
      pointerup: (event) => this.letGo(event),
      pointercancel: (event) => this.letGo(event),
      wheel: (event) => this.wheel(event),
      dragstart: (event) => event.preventDefault(),
    };
    Object.entries(this.heard).forEach(([name, hear]) => this.frameTarget.addEventListener(name, hear, { passive: false }));
    this.looked = (event) => this.look(event.target);
    this.element.addEventListener("verify:looked", this.looked);
  }

  disconnect() {
    if (!this.heard || !this.hasFrameTarget) return;
    Object.entries(this.heard).forEach(([name, hear]) => this.frameTarget.removeEventListener(name, hear));
    this.element.removeEventListener("verify:looked", this.looked);
  }

  closer() {
    this.zoomValue = Math.min(this.zoomValue + 1, STEPS.length - 1);
  }

  further() {
    this.zoomValue = Math.max(this.zoomValue - 1, 0);
  }

  turn() {
    this.turnValue = (this.turnValue + 90) % 360;
  }

  /* A link without `in place` leads to the original in a tab of its own, as it does without script. */
  original(event) {
    const isLink = event && event.currentTarget.matches("a[href]");
    if (isLink && !this.inPlaceValue) return;
    if (event) event.preventDefault();
    const shows = this.imageTarget.src !== this.seen;
    this.imageTarget.src = shows ? this.seen : this.originalValue;
    this.pageTarget.classList.toggle("original", !shows);
    if (this.hasSwitchTarget) this.switchTarget.setAttribute("aria-pressed", String(!shows));
  }

  grasp(event) {
    this.fingers.set(event.pointerId, event);
    if (this.fingers.size === 2) this.apart = this.distance();
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    this.from = { x: event.clientX, y: event.clientY, left: this.frameTarget.scrollLeft, top: this.frameTarget.scrollTop };
  }

  drag(event) {
    if (this.fingers.has(event.pointerId)) this.fingers.set(event.pointerId, event);
    if (this.fingers.size === 2) return this.pinch(event);
    if (!this.from) return;
    const across = event.clientX - this.from.x, down = event.clientY - this.from.y;
    if (Math.abs(across) + Math.abs(down) < 4) return;
    this.frameTarget.classList.add("dragging");
    this.frameTarget.scrollLeft = this.from.left - across;
    this.frameTarget.scrollTop = this.from.top - down;
  }

  letGo(event) {
    this.fingers.delete(event.pointerId);
    this.from = null;
    this.frameTarget.classList.remove("dragging");
  }

  pinch(event) {
    const parted = this.distance() - this.apart;
    if (Math.abs(parted) < PINCH) return;
    event.preventDefault();
    this.apart = this.distance();
    if (parted > 0) this.closer();
    else this.further();
  }

  distance() {
    const [one, other] = [...this.fingers.values()];
    return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
  }

  wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    if (event.deltaY < 0) this.closer();
    else this.further();
  }

  fit() {
    if (!this.fitValue || !this.element.querySelector(".boxes polygon")) return;
    const share = this.around.width / this.pageTarget.getBoundingClientRect().width;
    const close = STEPS.filter((step) => step * share <= FILLED && step <= CLOSEST);
    this.zoomValue = Math.max(close.length - 1, 0);
    this.draw();
    const current = this.element.querySelector(".boxes .current polygon");
    if (current) this.look(current);
    else this.bring(this.around);
  }

  /* What all boxes cover together, on the screen. */
  get around() {
    const boxes = [...this.element.querySelectorAll(".boxes polygon")].map((box) => box.getBoundingClientRect());
    const left = Math.min(...boxes.map((box) => box.left)), right = Math.max(...boxes.map((box) => box.right));
    const top = Math.min(...boxes.map((box) => box.top)), bottom = Math.max(...boxes.map((box) => box.bottom));
    return new DOMRect(left, top, right - left, bottom - top);
  }

  /* Brings a box into the frame; a page that is whole in view stays. */
  look(box) {
    this.bring(box.getBoundingClientRect());
  }

  bring(place) {
    const frame = this.frameTarget.getBoundingClientRect();
    this.frameTarget.scrollLeft += place.left + place.width / 2 - frame.left - frame.width / 2;
    const shown = Math.min(place.height, frame.height); // of what is taller than the frame, its head
    this.frameTarget.scrollTop += place.top + shown / 2 - frame.top - frame.height / 2;
  }

  zoomValueChanged() {
    this.draw();
  }

  turnValueChanged() {
    this.draw();
  }

  /* Set through the CSSOM, which the content policy allows; a turned page keeps its place in the frame. */
  draw() {
    if (!this.hasPageTarget) return;
    const width = this.frameTarget.clientWidth * STEPS[this.zoomValue];
    this.pageTarget.style.width = this.zoomValue ? `${width}px` : "";
    this.pageTarget.style.maxWidth = this.zoomValue ? "none" : "";
    this.pageTarget.style.transform = this.turnValue ? `rotate(${this.turnValue}deg)` : "";
    const lies = this.turnValue % 180 !== 0;
    const overhang = lies ? (this.pageTarget.offsetWidth - this.pageTarget.offsetHeight) / 2 : 0;
    this.pageTarget.style.margin = lies ? `${overhang}px ${-overhang}px` : "";
  }
}
