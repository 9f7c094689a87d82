/* Faces over the picture at the present moment, with their names; fetched window by window, drawn as SVG.
   HTML: <svg class="player-faces"></svg> over <video>; each face becomes
         <g class="read|confirmed|unknown" data-track="…"><rect class="box"/><rect class="tag"/><text>…</text></g> */

const SVG = "http://www.w3.org/2000/svg";
const FINE = 10000;
const HELD = 6; // seconds for which a face is shown before and after it was seen, half a sample
const BRIDGED = 25; // seconds between two sightings of one track that a box goes across
const TAG = 18;
const RESTED = 150; // milliseconds

export class Faces {
  constructor(svg, video, told) {
    Object.assign(this, { svg, video, told });
    this.windows = new Map();
    this.shown = "";
  }

  /* Draw the moment; answers how many heads were counted and how many were told, or null where nothing is known. */
  draw(second) {
    const part = this.windowAt(second);
    if (!part) return this.clear();
    const faces = part.tracks.map((track) => ({ track, box: boxAt(track.seen, second) })).filter((one) => one.box);
    const frame = contentOf(this.video);
    const mark = JSON.stringify([frame, faces.map(({ track, box }) => [track.track, track.kind, box])]);
    if (mark !== this.shown) {
      this.shown = mark;
      Object.assign(this.svg.style, { left: `${frame.left}px`, top: `${frame.top}px` });
      this.svg.setAttribute("width", frame.width);
      this.svg.setAttribute("height", frame.height);
      this.svg.replaceChildren(...faces.map(({ track, box }) => this.face(track, box, frame)));
    }
    return { seen: headsAt(part.heads, second, faces.length), told: faces.filter(({ track }) => track.who).length };
  }

  /* Faces are asked for anew: somebody said something of them. */
  forget() {
    this.windows.clear();
    this.shown = "";
  }

  clear() {
    if (this.shown) this.svg.replaceChildren();
    this.shown = "";
    return null;
  }

  windowAt(second) {
    if (!this.told.faces) return null;
    const from = Math.floor(second / this.told.window) * this.told.window;
    if (!this.windows.has(from) && this.wanted !== from) {
      this.wanted = from;
      clearTimeout(this.waiting); // while one drags along the lanes, only where she stops is asked for
      this.waiting = setTimeout(() => this.fetch(from), RESTED);
    }
    return this.windows.get(from) || null;
  }

  async fetch(from) {
    const answer = await fetch(`${this.told.faces}?from=${from}`, { headers: { Accept: "application/json" } });
    this.wanted = null;
    if (!answer.ok) return;
    this.windows.set(from, await answer.json());
    this.arrived?.();
  }

  face(track, box, frame) {
    const [x, y, w, h] = [box[0] * frame.width, box[1] * frame.height, box[2] * frame.width, box[3] * frame.height];
    const group = made("g", { class: track.kind, "data-track": track.track, "data-who": track.id });
    const name = track.who || this.told.words.unknown;
    const wide = Math.max(24, 13 * name.length + 10), left = x + w / 2 - wide / 2;
    const text = made("text", { x: x + w / 2, y: y - TAG + 13 });
    text.textContent = name;
    group.append(
      made("rect", { class: "box", x, y, width: w, height: h }),
      made("rect", { class: "tag", x: left, y: y - TAG, width: wide, height: TAG }),
      text,
    );
    return group;
  }
}

/* Between two sightings the box goes in a straight line; long after the last one there is none. */
function boxAt(seen, second) {
  let before = null, after = null;
  for (const one of seen) {
    if (one[0] <= second) before = one;
    else { after = one; break; }
  }
  if (before && after && after[0] - before[0] <= BRIDGED) {
    const share = (second - before[0]) / (after[0] - before[0]);
    return before.slice(1).map((part, place) => (part + (after[place + 1] - part) * share) / FINE);
  }
  const near = before && second - before[0] <= HELD ? before : after && after[0] - second <= HELD ? after : null;
  return near && near.slice(1).map((part) => part / FINE);
}

function headsAt(heads, second, atLeast) {
  let found = null;
  for (const [at, count] of heads) if (at <= second + 0.5) found = count;
  return found === null ? atLeast : Math.max(found, atLeast);
}

/* Where the picture itself lies within the video's box. */
function contentOf(video) {
  const width = video.clientWidth, height = video.clientHeight;
  const shape = video.videoWidth && video.videoHeight ? video.videoWidth / video.videoHeight : width / height;
  const wide = Math.min(width, height * shape), high = Math.min(height, width / shape);
  return { left: video.offsetLeft + (width - wide) / 2, top: video.offsetTop + (height - high) / 2, width: wide, height: high };
}

function made(name, attributes) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => { if (value !== undefined) element.setAttribute(key, value); });
  return element;
}
