/* Where does the sheet lie in the live picture? A hint while aiming, nothing more: light against dark, four corners.
   outlineOf(ImageData) -> [[x, y] x 4] clockwise from the top left, in pixels of it, or null.
   HTML: none; capture_controller.js draws what it answers. */

const LEAST_AREA = 0.15;
const LEAST_FILLED = 0.75;
const EDGE = 0.015;

export function outlineOf(picture) {
  const { width, height } = picture;
  const grey = greyOf(picture);
  const light = cutOf(grey);
  const corners = cornersOf(grey, light, width, height);
  if (!corners) return null;
  const area = areaOf(corners);
  if (area < LEAST_AREA * width * height) return null;
  const filled = filledOf(grey, light, width, corners);
  return filled >= LEAST_FILLED ? corners : null;
}

/* Whether a corner lies at the border of the picture: the sheet goes on beyond it. */
export function touchesBorder(corners, width, height) {
  const near = EDGE * Math.max(width, height);
  return corners.some(([x, y]) => x < near || y < near || x > width - near || y > height - near);
}

function greyOf({ data, width, height }) {
  const grey = new Uint8Array(width * height);
  for (let at = 0; at < grey.length; at += 1) {
    grey[at] = (data[4 * at] * 77 + data[4 * at + 1] * 150 + data[4 * at + 2] * 29) >> 8;
  }
  return grey;
}

/* Otsu: the grey that parts the light from the dark best. */
function cutOf(grey) {
  const counts = new Float64Array(256);
  grey.forEach((value) => (counts[value] += 1));
  let total = 0;
  counts.forEach((count, value) => (total += count * value));
  let below = 0, belowSum = 0, best = 0, cut = 128;
  for (let value = 0; value < 256; value += 1) {
    below += counts[value];
    belowSum += counts[value] * value;
    const above = grey.length - below;
    if (!below || !above) continue;
    const apart = belowSum / below - (total - belowSum) / above;
    const worth = below * above * apart * apart;
    if (worth > best) [best, cut] = [worth, value];
  }
  return cut;
}

function cornersOf(grey, light, width, height) {
  const far = [Infinity, -Infinity, -Infinity, Infinity];
  const corners = [null, null, null, null];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!isSheet(grey, light, width, height, x, y)) continue;
      const sum = x + y, difference = x - y;
      if (sum < far[0]) [far[0], corners[0]] = [sum, [x, y]];
      if (difference > far[1]) [far[1], corners[1]] = [difference, [x, y]];
      if (sum > far[2]) [far[2], corners[2]] = [sum, [x, y]];
      if (difference < far[3]) [far[3], corners[3]] = [difference, [x, y]];
    }
  }
  return corners[0] ? corners : null;
}

/* Light, and so are its neighbours: a gleam on the table is no sheet. */
function isSheet(grey, light, width, height, x, y) {
  let lit = 0;
  for (let down = -1; down <= 1; down += 1) {
    for (let across = -1; across <= 1; across += 1) {
      const column = Math.min(width - 1, Math.max(0, x + across)), row = Math.min(height - 1, Math.max(0, y + down));
      if (grey[row * width + column] > light) lit += 1;
    }
  }
  return lit >= 5 && grey[y * width + x] > light;
}

function areaOf(corners) {
  let twice = 0;
  corners.forEach(([x, y], at) => {
    const [nextX, nextY] = corners[(at + 1) % 4];
    twice += x * nextY - nextX * y;
  });
  return Math.abs(twice) / 2;
}

function filledOf(grey, light, width, corners) {
  let inside = 0, lit = 0;
  const left = Math.min(...corners.map(([x]) => x)), right = Math.max(...corners.map(([x]) => x));
  const top = Math.min(...corners.map(([, y]) => y)), bottom = Math.max(...corners.map(([, y]) => y));
  for (let y = top; y <= bottom; y += 1) {
    for (let x = left; x <= right; x += 1) {
      if (!contains(corners, x, y)) continue;
      inside += 1;
      if (grey[y * width + x] > light) lit += 1;
    }
  }
  return inside ? lit / inside : 0;
}

function contains(corners, x, y) {
  return corners.every(([fromX, fromY], at) => {
    const [toX, toY] = corners[(at + 1) % 4];
    return (toX - fromX) * (y - fromY) - (toY - fromY) * (x - fromX) >= 0;
  });
}
