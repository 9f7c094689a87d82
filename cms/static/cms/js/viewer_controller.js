/* One page large: zoom, turn the view, and the untouched original; boxes drawn over it turn with it.
   HTML: <div data-controller="viewer" data-viewer-original-value="…/original" data-viewer-turn-value="0">
           <button data-key="+" data-action="viewer#closer">…</button> <button data-key="-" data-action="viewer#further">…</button>
           <button data-key="r" data-action="viewer#turn">…</button>
           <button data-key="o" data-action="viewer#original" data-viewer-target="switch" aria-pressed="false">…</button>
           <div class="viewer" tabindex="0" data-viewer-target="frame"><div class="page" data-viewer-target="page">
             <img data-viewer-target="image" src="…/view"><svg class="boxes" viewBox="0 0 2480 3508">…</svg></div></div>
   Turning here is only for the eye; a form beside it keeps the turn if the clerk wants so. */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";

const STEPS = [1, 1.5, 2, 3, 4];

export default class extends Controller {
  static targets = ["frame", "page", "image", "switch"];
  static values = { original: String, turn: Number, zoom: Number };

  connect() {
    if (!this.hasImageTarget) return; // a recording plays by itself
    this.seen = this.imageTarget.src;
    this.imageTarget.addEventListener("load", () => this.draw());
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

  original() {
    const shows = this.imageTarget.src !== this.seen;
    this.imageTarget.src = shows ? this.seen : this.originalValue;
    if (this.hasSwitchTarget) this.switchTarget.setAttribute("aria-pressed", String(!shows));
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
