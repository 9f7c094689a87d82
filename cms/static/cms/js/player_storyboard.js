/* The storyboard of a recording: small pictures on few large pages, fetched when first looked at and kept in memory.
   HTML: <canvas width="160" height="90" data-at="3336.0"></canvas>, drawn by
         new Storyboard({columns, rows, width, height, seconds, url}).draw(canvas, 3336.0) */

const PAGES_KEPT = 12;

export class Storyboard {
  constructor(told) {
    this.told = told;
    this.pages = new Map();
  }

  get isThere() {
    return Boolean(this.told && this.told.seconds.length);
  }

  /* The picture at a second: the last one that was taken by then. */
  async draw(canvas, second) {
    if (!this.isThere) return;
    canvas.dataset.wanted = String(second);
    const { columns, rows, width, height } = this.told;
    const number = this.numberAt(second);
    const page = await this.page(Math.floor(number / (columns * rows)));
    if (!page || canvas.dataset.wanted !== String(second)) return; // another was asked for meanwhile
    const place = number % (columns * rows);
    const left = (place % columns) * width, top = Math.floor(place / columns) * height;
    canvas.height = Math.round((canvas.width * height) / width);
    canvas.getContext("2d").drawImage(page, left, top, width, height, 0, 0, canvas.width, canvas.height);
    canvas.dataset.drawn = String(this.told.seconds[number]);
  }

  numberAt(second) {
    const { seconds } = this.told;
    let low = 0, high = seconds.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (seconds[middle] <= second + 0.05) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  page(number) {
    if (!this.pages.has(number)) {
      if (this.pages.size >= PAGES_KEPT) this.pages.delete(this.pages.keys().next().value);
      this.pages.set(number, loaded(`${this.told.url}${number}/`));
    }
    return this.pages.get(number);
  }
}

function loaded(url) {
  return new Promise((resolve) => {
    const picture = new Image();
    picture.addEventListener("load", () => resolve(picture));
    picture.addEventListener("error", () => resolve(null)); // the canvas stays empty, the rest works
    picture.src = url;
  });
}
