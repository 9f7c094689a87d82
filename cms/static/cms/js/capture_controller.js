/* A paper before the phone: aim with a live hint, shoot, and see at once what it was taken for. Photographs are kept
   on the phone until the server has them, in the order they were taken; nothing is lost by a reload.
   HTML: templates/dossiers/capture.html. Answers are drawn by the server and put in place by htmx; all words come in
   data-capture-words-value. */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";
import { application } from "./application.js";
import { CaptureCamera } from "./capture_camera.js";
import { outlineOf, touchesBorder } from "./capture_outline.js";
import { CaptureStore } from "./capture_store.js";

const LOOK_EVERY_MS = 250;
const TRY_EVERY_MS = 15000;
const LOOK_WIDTH = 160;
const BRACKET = 0.12;
const FULL = [413, 507];

class CaptureController extends Controller {
  static targets = ["video", "hint", "still", "say", "shutter", "torch", "form", "field", "send", "answer", "kept", "again"];
  static values = { url: String, owner: String, words: Object };

  connect() {
    this.store = new CaptureStore(this.ownerValue);
    this.camera = new CaptureCamera(this.videoTarget);
    this.sendTarget.hidden = true;
    this.online = () => this.pump();
    this.seen = () => this.follow();
    this.woken = () => (document.hidden ? this.rest() : this.wake());
    window.addEventListener("online", this.online);
    document.addEventListener("htmx:afterSettle", this.seen);
    document.addEventListener("visibilitychange", this.woken);
    this.timer = setInterval(this.online, TRY_EVERY_MS);
    this.wake();
    this.pump();
  }

  disconnect() {
    window.removeEventListener("online", this.online);
    document.removeEventListener("htmx:afterSettle", this.seen);
    document.removeEventListener("visibilitychange", this.woken);
    clearInterval(this.timer);
    this.rest();
  }

  /* Camera ---------------------------------------------------------------------------------------- */
  async wake() {
    if (!CaptureCamera.isOffered || this.camera.isOpen) return;
    try {
      await this.camera.open();
    } catch {
      this.element.classList.remove("capture-live");
      this.say(this.wordsValue.no_camera);
      return;
    }
    this.element.classList.add("capture-live");
    for (const part of [this.videoTarget, this.hintTarget, this.shutterTarget]) part.hidden = false;
    this.torchTarget.hidden = !this.camera.hasLamp;
    this.looking = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  rest() {
    clearInterval(this.looking);
    this.camera.close();
  }

  async light() {
    const on = this.torchTarget.getAttribute("aria-pressed") !== "true";
    await this.camera.light(on);
    this.torchTarget.setAttribute("aria-pressed", String(on));
  }

  look() {
    const { videoWidth, videoHeight } = this.videoTarget;
    if (!videoWidth || this.isAnswering) return;
    const small = document.createElement("canvas");
    small.width = LOOK_WIDTH;
    small.height = Math.round((LOOK_WIDTH * videoHeight) / videoWidth);
    const pen = small.getContext("2d", { willReadFrequently: true });
    pen.drawImage(this.videoTarget, 0, 0, small.width, small.height);
    const corners = outlineOf(pen.getImageData(0, 0, small.width, small.height));
    const cut = corners && touchesBorder(corners, small.width, small.height);
    this.draw(corners, videoWidth / small.width, cut);
    this.say(!corners ? this.wordsValue.aim : cut ? this.wordsValue.near : this.wordsValue.whole);
  }

  /* Corner brackets over the live picture. */
  draw(corners, scale, cut) {
    const { videoWidth, videoHeight } = this.videoTarget;
    Object.assign(this.hintTarget, { width: videoWidth, height: videoHeight });
    if (!corners) return;
    const pen = this.hintTarget.getContext("2d");
    pen.lineWidth = Math.max(4, videoWidth / 120);
    pen.strokeStyle = cut ? "#e0ae55" : "#6fb9ce";
    pen.beginPath();
    corners.forEach(([x, y], at) => {
      const towards = (other) => [x + (other[0] - x) * BRACKET, y + (other[1] - y) * BRACKET].map((edge) => edge * scale);
      pen.moveTo(...towards(corners[(at + 3) % 4]));
      pen.lineTo(x * scale, y * scale);
      pen.lineTo(...towards(corners[(at + 1) % 4]));
    });
    pen.stroke();
  }

  say(text) {
    this.sayTarget.hidden = !text;
    if (this.sayTarget.textContent !== text) this.sayTarget.textContent = text;
  }

  /* Photographs ------------------------------------------------------------------------------------ */
  async shoot() {
    if (this.shutterTarget.disabled) return;
    this.shutterTarget.disabled = true;
    try {
      await this.take(await this.camera.still());
    } finally {
      this.shutterTarget.disabled = this.isAnswering;
    }
  }

  async choose(event) {
    const files = [...event.target.files];
    event.target.value = "";
    for (const file of files) await this.take(file, file.name);
  }

  async take(blob, name = nameNow()) {
    this.show(blob);
    const aim = [...new FormData(this.formTarget)].filter(([key]) => ["item", "for", "note"].includes(key));
    try {
      await this.store.add({ blob, name, aim, url: this.urlValue });
    } catch {
      this.tell(this.wordsValue.not_kept);
      await this.sendOne({ blob, name, aim, url: this.urlValue });
      return;
    }
    await this.pump();
  }

  show(blob) {
    if (this.picture) URL.revokeObjectURL(this.picture);
    this.picture = URL.createObjectURL(blob);
    this.stillTarget.src = this.picture;
    this.stillTarget.hidden = false;
  }

  /* One after the other, oldest first; what cannot be sent now stays on the phone. */
  async pump() {
    if (this.isPumping) return;
    this.isPumping = true;
    let went = true;
    let first = "";
    try {
      while (went) {
        const { mine } = await this.store.waiting();
        if (!mine.length) break;
        this.tell(words(this.wordsValue.sending, { n: this.counted + 1 }));
        const { sent, url } = await this.sendOne(mine[0]);
        went = sent;
        first = first || url;
        if (sent) await this.store.remove(mine[0].id);
      }
    } finally {
      this.isPumping = false;
      await this.count();
      if (!went) this.stillTarget.hidden = true;
    }
    if (first && !this.isAnswering) this.ask(first);
  }

  async sendOne({ blob, name, aim, url }) {
    const form = new FormData();
    form.append("do", "take");
    form.append("photo", blob, name);
    aim.forEach(([key, value]) => form.append(key, value));
    const token = document.querySelector("meta[name=csrf-token]").content;
    const headers = { Accept: "application/json", "X-CSRFToken": token };
    this.trouble = "";
    let answer;
    try {
      answer = await fetch(url, { method: "POST", body: form, headers, redirect: "manual" });
    } catch {
      this.trouble = this.wordsValue.kept_why;
      return { sent: false, url: "" };
    }
    return this.understood(answer);
  }

  async understood(answer) {
    if (answer.type === "opaqueredirect") {
      this.trouble = this.wordsValue.signed_out;
      return { sent: false, url: "" };
    }
    const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    if (!isJson) {
      this.trouble = this.wordsValue.stuck;
      return { sent: false, url: "" };
    }
    const said = await answer.json();
    if (answer.ok) {
      this.counted += 1;
      return { sent: true, url: said.url };
    }
    this.trouble = said.message;
    const stays = answer.status >= 500 || FULL.includes(answer.status);
    if (!stays) this.refusal = said.message; // this picture will never be taken: it goes, and its reason is told
    return { sent: !stays, url: "" };
  }

  again() {
    return this.pump();
  }

  /* What lies where: how many are with the server, which pages wait on the phone. */
  async count() {
    const { mine, others } = await this.store.waiting();
    const total = this.counted + mine.length;
    const place = document.getElementById("capture-count");
    if (place) place.textContent = words(this.wordsValue.count, { n: total });
    this.tell(this.standing(mine.length, others));
    this.againTarget.hidden = !mine.length;
  }

  standing(kept, others) {
    const told = [];
    const { counted } = this;
    if (kept && counted) told.push(words(this.wordsValue.some_sent, { n: counted }));
    if (kept === 1) told.push(words(this.wordsValue.kept_one, { n: counted + 1 }));
    if (kept > 1) told.push(words(this.wordsValue.kept_some, { n: counted + 1, m: counted + kept }));
    if (!kept && counted) told.push(words(this.wordsValue.all_sent, { n: counted }));
    const sentences = [told.join("，"), kept ? this.trouble : "", this.refusal || ""];
    if (others) sentences.push(words(this.wordsValue.others, { n: others }));
    this.refusal = "";
    return sentences.filter(Boolean).join(" ");
  }

  get counted() {
    const place = document.getElementById("capture-count");
    return place ? Number(place.dataset.count) : 0;
  }

  set counted(number) {
    const place = document.getElementById("capture-count");
    if (place) place.dataset.count = String(number);
  }

  tell(text) {
    this.keptTarget.textContent = text;
  }

  /* Answers --------------------------------------------------------------------------------------- */
  ask(url) {
    window.htmx.ajax("GET", url, { source: this.answerTarget, target: this.answerTarget, swap: "outerHTML", select: "#capture-answer" });
  }

  get state() {
    const sheet = this.hasAnswerTarget ? this.answerTarget.querySelector("[data-state]") : null;
    return sheet ? sheet.dataset.state : "ready";
  }

  get isAnswering() {
    return this.state !== "ready";
  }

  /* After a step: the live picture again, or the page she just filed stays in view until the answer is read. */
  follow() {
    if (!this.isAnswering && !this.isPumping) this.stillTarget.hidden = true;
    this.shutterTarget.disabled = this.isAnswering;
    this.count();
  }
}

function words(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]);
}

function nameNow() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  const day = two(now.getMonth() + 1) + two(now.getDate());
  return `${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}.jpg`;
}

application.register("capture", CaptureController);
