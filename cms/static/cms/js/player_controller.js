/* The player: plays, seeks along lanes, shows the second on every lane, the storyboard on hover and focus, faces over
   the picture, and keeps the evidence at the second one stopped at. Without script the video plays by its own bar and
   every link leads to its second.
   HTML: <script id="player-data" type="application/json">{"duration", "clock", "storyboard", "stops", …}</script>
         <div data-controller="player"><video data-player-target="video">…</video> <a data-seek="3336.0">…</a>
           <section data-player-target="lanes"><div data-player-target="field"><div data-player-target="over">…</div></div></section></div>
   Keys press the buttons that name them (keys_controller.js). */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";
import { application } from "./application.js";
import { Faces } from "./player_faces.js";
import { Frames } from "./player_frames.js";
import { Storyboard } from "./player_storyboard.js";

const JUMP = 5, PACES = [1, 1.5, 2, 4, 0.5], SETTLED = 500;

class PlayerController extends Controller {
  static targets = ["video", "screen", "faces", "bar", "wall", "count", "plays", "pauses", "now", "elapsed", "seek", "filled",
    "pace", "loud", "mute", "pick", "tile", "frame", "field", "over", "line", "mark", "hover", "preview", "still", "caption",
    "person", "again", "follow", "group", "named", "link", "told"];

  initialize() {
    this.lesson = JSON.parse(document.getElementById("player-data").textContent);
    this.at = this.lesson.at;
    this.storyboard = new Storyboard(this.lesson.storyboard);
    this.seen = new IntersectionObserver((entries) => this.drawSeen(entries), { rootMargin: "200px" });
    this.frames = new Frames(null, (canvas) => this.storyboard.draw(canvas, Number(canvas.dataset.at)));
  }

  connect() {
    this.heard = [
      [this.element, "click", (event) => this.pressed(event), true],
      [this.element, "htmx:configRequest", (event) => this.tellSecond(event)],
      [this.element, "htmx:afterRequest", (event) => this.answered(event)],
      [this.element, "submit", (event) => this.find(event)],
      [this.element, "htmx:afterSettle", () => this.found()],
      [this.element, "pointermove", (event) => this.look(event)],
      [this.element, "pointerleave", () => this.lookAway()],
      [window, "resize", () => this.show()],
    ];
    if (this.hasVideoTarget) this.begin();
    this.heard.forEach(([on, name, hear, early]) => on.addEventListener(name, hear, early));
    this.show();
  }

  disconnect() {
    this.heard.forEach(([on, name, hear, early]) => on.removeEventListener(name, hear, early));
    cancelAnimationFrame(this.drawing);
    clearTimeout(this.settling);
    this.seen.disconnect();
    this.frames.close();
  }

  begin() {
    const video = this.videoTarget;
    video.controls = false;
    this.barTarget.hidden = false;
    this.faces = new Faces(this.facesTarget, video, this.lesson);
    this.faces.arrived = () => this.show();
    this.frames = new Frames(video.src.split("#")[0], this.frames.fallback);
    const moved = () => { this.at = video.currentTime; this.show(); };
    this.heard.push(
      [video, "loadedmetadata", () => { if (Math.abs(video.currentTime - this.at) > 0.3) video.currentTime = this.at; this.show(); }],
      [video, "play", () => { this.showState(); this.run(); }],
      [video, "pause", () => { this.showState(); this.settle(); }],
      [video, "ended", () => this.showState()],
      [video, "seeked", () => { moved(); this.settle(); }],
      [video, "timeupdate", moved],
      [video, "click", () => this.toggle()],
      [this.seekTarget, "pointerdown", (event) => this.drag(event)],
      [this.seekTarget, "focus", () => this.lookAt(this.at, this.seekTarget)],
      [this.seekTarget, "blur", () => this.lookAway()],
      [this.seekTarget, "keydown", (event) => this.slide(event)],
    );
    if (video.readyState >= 1 && Math.abs(video.currentTime - this.at) > 0.3) video.currentTime = this.at;
  }

  /* Pictures are drawn when they come, also with a part of the page that was fetched anew. ------------- */

  tileTargetConnected(canvas) {
    this.seen.observe(canvas);
  }

  frameTargetConnected(canvas) {
    this.seen.observe(canvas);
  }

  /* Only what comes into sight: a long day has hundreds of slides behind a fold. */
  drawSeen(entries) {
    entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => {
      this.seen.unobserve(target);
      if (target.dataset.playerTarget === "frame") this.frames.take(target);
      else this.storyboard.draw(target, Number(target.dataset.at));
    });
  }

  overTargetConnected() {
    this.show();
  }

  /* Time ----------------------------------------------------------------------------------------------- */

  toggle() {
    if (!this.hasVideoTarget) return;
    if (this.videoTarget.paused) this.videoTarget.play().catch(() => this.showState()); // a browser may refuse
    else this.videoTarget.pause();
  }

  back() { this.go(this.at - JUMP); }
  forth() { this.go(this.at + JUMP); }
  frameBack() { this.step(-1); }
  frameForth() { this.step(1); }

  step(direction) {
    if (this.hasVideoTarget) this.videoTarget.pause();
    this.go(this.at + direction * this.lesson.frame);
  }

  next() {
    const { stops } = this.lesson;
    if (stops.length) this.go(stops.find((stop) => stop > this.at + 0.5) ?? stops[0]);
  }

  go(second) {
    this.at = Math.min(Math.max(second, 0), this.lesson.duration);
    if (this.hasVideoTarget) this.videoTarget.currentTime = this.at;
    else this.settle();
    this.show();
  }

  pace() {
    const place = (PACES.indexOf(this.videoTarget.playbackRate) + 1) % PACES.length;
    this.videoTarget.playbackRate = PACES[place];
    this.paceTarget.textContent = `${PACES[place]}×`;
  }

  mute() {
    this.videoTarget.muted = !this.videoTarget.muted;
    this.loudTarget.hidden = this.videoTarget.muted;
    this.muteTarget.hidden = !this.videoTarget.muted;
  }

  whole() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.screenTarget.requestFullscreen?.();
  }

  run() {
    cancelAnimationFrame(this.drawing);
    this.drawing = requestAnimationFrame(() => {
      if (this.videoTarget.paused) return;
      this.at = this.videoTarget.currentTime;
      this.show();
      this.run();
    });
  }

  /* Where one stopped, the evidence of whoever is chosen is that of this second; never while she fills something in. */
  settle() {
    clearTimeout(this.settling);
    if (this.hasVideoTarget && !this.videoTarget.paused) return;
    this.settling = setTimeout(() => {
      const chosen = this.personTargets.some((row) => row.classList.contains("open"));
      const isBusy = this.groupTargets.some((box) => box.checked) || document.activeElement.closest(".player-side :is(input, select)");
      if (chosen && !isBusy && this.hasAgainTarget && this.askedAt !== carried(this.at)) this.againTarget.click();
    }, SETTLED);
  }

  /* What is seen ---------------------------------------------------------------------------------------- */

  show() {
    const stamp = this.stamp(this.at), share = this.share(this.at);
    if (this.hasVideoTarget) {
      this.nowTarget.textContent = stamp;
      this.wallTarget.textContent = this.lesson.clock ? `${this.day(this.at)} ${stamp}` : stamp;
      this.elapsedTarget.textContent = running(this.at);
      this.filledTarget.style.width = `${(100 * this.at) / Math.max(this.lesson.duration, 0.01)}%`;
      this.seekTarget.setAttribute("aria-valuenow", String(Math.round(this.at)));
      this.seekTarget.setAttribute("aria-valuetext", stamp);
      this.showFaces();
    }
    if (this.hasLineTarget) {
      this.lineTarget.hidden = share < 0 || share > 1;
      if (this.lineTarget.hidden) this.follow();
      this.lineTarget.style.left = `${100 * share}%`;
      this.markTarget.textContent = stamp;
    }
    this.showPick();
  }

  /* Magnified lanes go along with the second. */
  follow() {
    if (!this.hasFollowTarget || this.followed === this.followTarget) return;
    this.followed = this.followTarget;
    this.followTarget.click();
  }

  showFaces() {
    if (!this.faces) return;
    const counted = this.faces.draw(this.at);
    this.countTarget.hidden = !counted;
    if (counted) this.countTarget.textContent = filled(this.lesson.words.seen, counted);
  }

  showPick() {
    const picks = this.pickTargets;
    const now = picks.filter((pick) => Number(pick.dataset.seek) <= this.at + 0.5).at(-1) || picks[0];
    picks.forEach((pick) => pick.classList.toggle("now", pick === now));
  }

  showState() {
    const isPaused = this.videoTarget.paused;
    this.playsTarget.hidden = !isPaused;
    this.pausesTarget.hidden = isPaused;
  }

  stamp(second) {
    if (!this.lesson.clock) return running(second);
    return this.wall(second).toISOString().slice(11, 19);
  }

  day(second) {
    return this.wall(second).toISOString().slice(0, 10);
  }

  wall(second) {
    const { begins, rate, ahead } = this.lesson.clock;
    return new Date((begins + second * rate + ahead) * 1000);
  }

  /* From which second to which the lanes run now; negative before the recording began. */
  get axis() {
    return this.hasFieldTarget ? [Number(this.fieldTarget.dataset.begin), Number(this.fieldTarget.dataset.end)] : [0, this.lesson.duration];
  }

  share(second) {
    const [begin, end] = this.axis;
    return (second - begin) / Math.max(end - begin, 0.001);
  }

  /* Hand and eye ------------------------------------------------------------------------------------------ */

  pressed(event) {
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    const face = event.target.closest(".player-faces g");
    if (face) return this.chooseFace(face);
    const link = event.target.closest("[data-seek]");
    if (link && plain) {
      event.preventDefault();
      event.stopPropagation();
      return this.go(Number(link.dataset.seek));
    }
    const second = this.secondUnder(event);
    if (second === null || !plain || event.target.closest("a, button")) return;
    this.go(second);
    event.target.closest("[data-player-target~=person]")?.querySelector("[data-list-open]").click();
  }

  /* The second beneath the pointer, on the lanes; null elsewhere. */
  secondUnder(event) {
    if (!this.hasOverTarget || !event.target.closest(".lanes")) return null;
    const room = this.overTarget.getBoundingClientRect();
    const share = (event.clientX - room.left) / room.width;
    if (share < 0 || share > 1) return null;
    const [begin, end] = this.axis;
    return Math.min(Math.max(begin + share * (end - begin), 0), this.lesson.duration);
  }

  look(event) {
    const slider = this.hasSeekTarget && event.target.closest("[role=slider]");
    const second = slider ? this.secondOf(event) : this.secondUnder(event);
    if (second === null) return this.lookAway();
    this.lookAt(second, slider || null);
  }

  lookAt(second, slider) {
    if (!this.hasPreviewTarget) return;
    const field = this.fieldTarget.getBoundingClientRect(), room = this.overTarget.getBoundingClientRect();
    this.hoverTarget.hidden = Boolean(slider);
    this.hoverTarget.style.left = `${100 * this.share(second)}%`;
    const centre = room.left - field.left + this.share(second) * room.width;
    Object.assign(this.previewTarget.style, { left: `${Math.min(Math.max(centre - 86, 4), field.width - 176)}px`, top: slider ? "4px" : "28px" });
    this.previewTarget.hidden = !this.storyboard.isThere;
    this.captionTarget.textContent = [this.stamp(second), ...this.incidentsAt(second)].join(" ");
    this.storyboard.draw(this.stillTarget, second);
  }

  lookAway() {
    if (!this.hasPreviewTarget) return;
    this.previewTarget.hidden = true;
    this.hoverTarget.hidden = true;
  }

  incidentsAt(second) {
    return this.lesson.incidents.filter(([start, end]) => start <= second && second < end).map(([, , title]) => title.split(" ")[0]);
  }

  secondOf(event) {
    const room = this.seekTarget.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - room.left) / room.width, 0), 1) * this.lesson.duration;
  }

  drag(event) {
    this.seekTarget.setPointerCapture(event.pointerId);
    const move = (moved) => this.go(this.secondOf(moved));
    const end = () => {
      this.seekTarget.removeEventListener("pointermove", move);
      this.seekTarget.removeEventListener("pointerup", end);
      this.seekTarget.removeEventListener("pointercancel", end);
    };
    this.seekTarget.addEventListener("pointermove", move);
    this.seekTarget.addEventListener("pointerup", end);
    this.seekTarget.addEventListener("pointercancel", end);
    this.go(this.secondOf(event));
  }

  slide(event) {
    const to = { Home: 0, End: this.lesson.duration, PageDown: this.at - 60, PageUp: this.at + 60, ArrowLeft: this.at - JUMP, ArrowRight: this.at + JUMP }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.go(to);
    this.lookAt(this.at, this.seekTarget);
  }

  /* A named face chooses its trainee, an unnamed one its group. */
  chooseFace(face) {
    if (face.dataset.who) {
      const row = this.personTargets.find((one) => one.dataset.who === face.dataset.who);
      if (row) return row.querySelector("[data-list-open]").click();
      this.chosen = face.dataset.who;
      return this.againTarget.click();
    }
    const box = this.groupTargets.find((one) => one.value.split(" ").includes(face.dataset.track));
    if (!box) return;
    box.checked = true;
    box.scrollIntoView({ block: "nearest" });
    if (this.hasNamedTarget) this.namedTarget.focus({ preventScroll: true });
  }

  /* What is asked for is asked at this second. */
  tellSecond(event) {
    const { detail } = event, address = new URL(detail.path, location.href);
    address.searchParams.delete("t");
    if (this.chosen) {
      address.searchParams.set("who", this.chosen);
      this.chosen = "";
    }
    detail.path = address.pathname + address.search;
    detail.parameters.t = carried(this.at);
    this.askedAt = detail.parameters.t;
  }

  answered(event) {
    if (event.detail.requestConfig.verb === "post") {
      this.faces?.forget();
      this.show();
    }
    const isBeneath = matchMedia("(max-width: 1023px)").matches;
    if (isBeneath && event.detail.elt.matches("[data-list-open]")) this.element.querySelector(".player-evidence")?.scrollIntoView();
  }

  /* Enter among the words on slides leads to the first slide that has them, once they were looked for. */
  find(event) {
    const asked = event.target.closest(".player-find")?.querySelector("input[type=search]");
    this.isFinding = Boolean(asked?.value.trim());
  }

  found() {
    if (!this.isFinding) return;
    this.isFinding = false;
    const first = this.element.querySelector("#player-hits [data-seek]");
    if (!first) return;
    first.focus();
    this.go(Number(first.dataset.seek));
  }

  async link() {
    const address = new URL(location.pathname, location.href);
    address.searchParams.set("t", carried(this.at));
    const chosen = this.personTargets.find((row) => row.classList.contains("open"));
    if (chosen) address.searchParams.set("who", chosen.dataset.who);
    this.linkTarget.hidden = false;
    this.linkTarget.value = address.href;
    this.linkTarget.select();
    this.toldTarget.textContent = "";
    try {
      await navigator.clipboard.writeText(address.href);
      this.toldTarget.textContent = this.lesson.words.copied;
    } catch {
      this.linkTarget.focus(); // the browser keeps the clipboard to itself: the link stands selected
    }
  }
}

function running(second) {
  const whole = Math.max(Math.floor(second), 0);
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/* Cut like the clock: rounded it might be of the next second. */
function carried(second) {
  return (Math.floor(Math.max(second, 0) * 100 + 0.001) / 100).toFixed(2).replace(/0$/, "");
}

function two(number) {
  return String(number).padStart(2, "0");
}

function filled(words, values) {
  return words.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

application.register("player", PlayerController);
