/* Evidence frames: pieces of the picture at given seconds, taken from a second, silent video one after the other.
   HTML: <canvas width="208" height="136" data-at="3336.0" data-box="0.41,0.5,0.03,0.06" data-seat></canvas>
         data-box in fractions of the picture, empty for the whole; data-seat draws the box as an empty place. */

const AROUND = 3.2; // box widths of the picture shown around a face
const PATIENCE = 8000; // milliseconds for one frame

export class Frames {
  constructor(source, fallback) {
    this.source = source;
    this.fallback = fallback; // draws something smaller where no video plays
    this.queue = [];
  }

  take(canvas) {
    if (!this.source) return this.fallback(canvas);
    this.queue.push(canvas);
    if (!this.busy) this.work();
  }

  async work() {
    this.busy = true;
    while (this.queue.length) {
      const canvas = this.queue.shift();
      if (!canvas.isConnected) continue;
      const there = await this.goTo(Number(canvas.dataset.at));
      if (there) draw(this.video, canvas);
      else this.fallback(canvas);
    }
    this.busy = false;
  }

  goTo(second) {
    if (!this.video) {
      this.video = document.createElement("video");
      Object.assign(this.video, { muted: true, preload: "auto", playsInline: true, src: this.source });
    }
    return new Promise((resolve) => {
      const done = (there) => {
        clearTimeout(timer);
        this.video.removeEventListener("seeked", arrived);
        resolve(there);
      };
      const arrived = () => done(this.video.videoWidth > 0);
      const timer = setTimeout(() => done(false), PATIENCE);
      this.video.addEventListener("seeked", arrived);
      const seek = () => { this.video.currentTime = Math.max(second, 0.01); };
      if (this.video.readyState >= 1) seek();
      else this.video.addEventListener("loadedmetadata", seek, { once: true });
    });
  }

  close() {
    this.queue = [];
    if (!this.video) return;
    this.video.removeAttribute("src");
    this.video.load();
  }
}

function draw(video, canvas) {
  const across = video.videoWidth, down = video.videoHeight, pen = canvas.getContext("2d");
  const box = canvas.dataset.box ? canvas.dataset.box.split(",").map(Number) : null;
  const piece = box ? pieceAround(box, across, down, canvas.width / canvas.height) : whole(across, down);
  if (!box) canvas.height = Math.round((canvas.width * down) / across);
  pen.drawImage(video, piece.left, piece.top, piece.width, piece.height, 0, 0, canvas.width, canvas.height);
  canvas.dataset.drawn = String(video.currentTime);
  if (!box) return;
  const scale = canvas.width / piece.width;
  pen.lineWidth = 2;
  pen.strokeStyle = "seat" in canvas.dataset ? "#f0c674" : "#fff";
  pen.setLineDash("seat" in canvas.dataset ? [6, 4] : []);
  pen.strokeRect(
    (box[0] * across - piece.left) * scale, (box[1] * down - piece.top) * scale,
    box[2] * across * scale, box[3] * down * scale,
  );
}

function pieceAround([x, y, w, h], across, down, shape) {
  const width = Math.min(across, Math.max(w * across * AROUND, h * down * AROUND * shape, 48));
  const height = Math.min(down, width / shape);
  const left = Math.min(Math.max((x + w / 2) * across - width / 2, 0), across - width);
  const top = Math.min(Math.max((y + h / 2) * down - height / 2, 0), down - height);
  return { left, top, width, height };
}

function whole(width, height) {
  return { left: 0, top: 0, width, height };
}
