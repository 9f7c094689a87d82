/* A rectangle on a picture, drawn with the pointer, moved with the arrows, or typed as four numbers in hundredths.
   HTML: <div data-controller="region"><div tabindex="0" data-region-target="picture" data-action="pointerdown->region#begin …">
           <img><svg viewBox="0 0 100 100"><rect data-region-target="box"></svg></div>
           <input type="number" data-region-target="left" data-action="input->region#typed"> … top, width, height </div>
   Without script the numbers alone work. */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";
import { application } from "./application.js";

const EDGES = ["left", "top", "width", "height"];
const LEAST = 2;

class RegionController extends Controller {
  static targets = ["picture", "box", ...EDGES];

  begin(event) {
    if (event.button) return;
    event.preventDefault();
    this.pictureTarget.focus();
    this.pictureTarget.setPointerCapture(event.pointerId);
    this.from = this.place(event);
  }

  draw(event) {
    if (!this.from) return;
    const to = this.place(event);
    const drawn = { left: Math.min(this.from.x, to.x), top: Math.min(this.from.y, to.y), width: Math.abs(to.x - this.from.x), height: Math.abs(to.y - this.from.y) };
    if (drawn.width >= LEAST && drawn.height >= LEAST) this.show(drawn);
  }

  end() {
    this.from = null;
  }

  /* Arrows move the box by a hundredth of the picture, with Shift its lower right corner. */
  press(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const box = this.box();
    if (event.shiftKey) this.show({ ...box, width: box.width + step[0], height: box.height + step[1] });
    else this.show({ ...box, left: box.left + step[0], top: box.top + step[1] });
  }

  typed() {
    this.mark(this.box());
  }

  box() {
    const said = Object.fromEntries(EDGES.map((edge) => [edge, Number.parseFloat(this[`${edge}Target`].value)]));
    return Number.isNaN(said.left + said.top + said.width + said.height) ? { left: 30, top: 10, width: 40, height: 40 } : said;
  }

  show(box) {
    const width = Math.max(LEAST, Math.min(100, box.width));
    const height = Math.max(LEAST, Math.min(100, box.height));
    const kept = { left: Math.max(0, Math.min(100 - width, box.left)), top: Math.max(0, Math.min(100 - height, box.top)), width, height };
    EDGES.forEach((edge) => (this[`${edge}Target`].value = kept[edge].toFixed(1)));
    this.mark(kept);
  }

  mark(box) {
    this.boxTarget.setAttribute("x", box.left);
    this.boxTarget.setAttribute("y", box.top);
    this.boxTarget.setAttribute("width", Math.max(0, box.width));
    this.boxTarget.setAttribute("height", Math.max(0, box.height));
  }

  place(event) {
    const frame = this.pictureTarget.getBoundingClientRect();
    const within = (value) => Math.max(0, Math.min(100, value));
    return { x: within(((event.clientX - frame.left) / frame.width) * 100), y: within(((event.clientY - frame.top) / frame.height) * 100) };
  }
}

application.register("region", RegionController);
