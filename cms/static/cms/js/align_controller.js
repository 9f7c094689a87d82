/* A recording dragged along the timetable of its day: by mouse, pen or finger, or by the arrow keys (Shift: a minute).
   HTML: templates/dossiers/align.html. Values: the lane's beginning (local time without zone), its seconds, the bar's
   length, where the bar begins. What is dragged is one form field; nothing is sent before its button is pressed. */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";
import { application } from "./application.js";

const STEP = 1;
const FAR = 60;
const CLICK = 5; // pixels of jitter that are no drag

class AlignController extends Controller {
  static targets = ["track", "bar", "shape", "begins", "from", "to", "video", "second", "taker"];
  static values = { window: String, seconds: Number, length: Number, begins: String };

  connect() {
    this.offset = secondsOf(this.beginsValue) - secondsOf(this.windowValue);
    this.takerTargets.forEach((button) => (button.hidden = false));
    this.show();
  }

  grab(event) {
    const start = { x: event.clientX, offset: this.offset };
    const width = this.trackTarget.getBoundingClientRect().width;
    this.barTarget.focus({ preventScroll: true });
    this.barTarget.setPointerCapture(event.pointerId);
    const move = (moved) => {
      const pixels = moved.clientX - start.x;
      if (Math.abs(pixels) < CLICK && this.offset === start.offset) return;
      this.set(start.offset + Math.round((pixels * this.secondsValue) / width));
    };
    const drop = () => {
      this.barTarget.removeEventListener("pointermove", move);
      this.barTarget.removeEventListener("pointerup", drop);
      this.barTarget.removeEventListener("pointercancel", drop);
    };
    this.barTarget.addEventListener("pointermove", move);
    this.barTarget.addEventListener("pointerup", drop);
    this.barTarget.addEventListener("pointercancel", drop);
    event.preventDefault();
  }

  press(event) {
    const sign = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!sign || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.set(this.offset + sign * (event.shiftKey ? FAR : STEP));
  }

  take(event) {
    this.secondTargets[event.params.which].value = clock(this.videoTarget.currentTime);
  }

  set(offset) {
    this.offset = Math.min(Math.max(offset, -this.lengthValue), this.secondsValue);
    this.show();
  }

  show() {
    const begins = secondsOf(this.windowValue) + this.offset;
    this.shapeTarget.setAttribute("x", `${(this.offset * 100) / this.secondsValue}%`);
    this.beginsTarget.value = stamp(begins);
    this.fromTarget.textContent = stamp(begins).slice(11);
    this.toTarget.textContent = stamp(begins + this.lengthValue).slice(11);
    this.barTarget.setAttribute("aria-valuenow", Math.round(this.offset));
    this.barTarget.setAttribute("aria-valuetext", `${this.fromTarget.textContent}–${this.toTarget.textContent}`);
  }
}

/* Local times are counted as if they were UTC, so that no zone and no summer time of the browser comes in. */
function secondsOf(local) {
  return Date.parse(`${local}Z`) / 1000;
}

function stamp(seconds) {
  return new Date(Math.round(seconds) * 1000).toISOString().slice(0, 19);
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  return [whole / 3600, (whole / 60) % 60, whole % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
}

application.register("align", AlignController);
