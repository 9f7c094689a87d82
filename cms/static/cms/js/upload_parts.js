/* A large file straight into the bucket: the server says which parts are missing and where each is PUT, three at a time.
   It has the manner of a tus upload (start, abort, url, options), so that a row need not know which way its file goes.
   Server: cms/views/file_parts.py. What arrived is asked of the bucket each time, never remembered here. HTML: none of its own. */

const AT_ONCE = 3;
const ATTEMPTS = 6;
const PAUSE = 2000;
const TUS = { "Tus-Resumable": "1.0.0" };

export class PartsUpload {
  constructor(file, options) {
    this.file = file;
    this.options = options;
    this.url = options.uploadUrl;
    this.going = new Set();
    this.sent = new Map();
  }

  async start() {
    this.is_held = false;
    this.failures = 0;
    try {
      if (!this.url) await this.create();
      while (!this.is_held && (await this.sendWhatIsMissing()));
      if (!this.is_held) await this.join();
    } catch (error) {
      if (!this.is_held) this.options.onError(error);
    }
  }

  async abort() {
    this.is_held = true;
    for (const request of this.going) request.abort();
  }

  async create() {
    const words = Object.entries({ ...this.options.metadata, parts: "1" });
    const told = words.map(([name, word]) => `${name} ${base64(word)}`.trim()).join(",");
    const answer = await this.ask(this.options.endpoint, "POST", { "Upload-Length": this.file.size, "Upload-Metadata": told });
    this.url = answer.headers.get("Location");
  }

  /* Whether anything had to be sent; what could not be sent is missing still and comes again. */
  async sendWhatIsMissing() {
    const told = await (await this.ask(`${this.url}/parts`, "GET")).json();
    this.base = told.received;
    this.sent.clear();
    this.tell();
    const numbers = Object.keys(told.urls);
    if (!numbers.length) return false;
    const line = numbers.map((number) => ({ number, url: told.urls[number], blob: this.part(number, told.part_size) }));
    const hands = Array.from({ length: AT_ONCE }, async () => {
      while (line.length && !this.is_held) await this.put(line.shift());
    });
    await Promise.all(hands);
    return true;
  }

  part(number, size) {
    return this.file.slice((number - 1) * size, number * size);
  }

  /* One part. A line that breaks is waited for; after so many breaks in a row the row says so and offers to go on. */
  async put({ number, url, blob }) {
    const status = await this.carry(number, url, blob);
    if (status >= 200 && status < 300) this.failures = 0;
    else if (!this.is_held) {
      this.sent.delete(number);
      this.failures += 1;
      if (this.failures >= ATTEMPTS) throw failed(0);
      this.options.onBreak();
      await new Promise((done) => setTimeout(done, PAUSE * this.failures));
    }
  }

  carry(number, url, blob) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("PUT", url);
      request.upload.addEventListener("progress", (event) => {
        this.sent.set(number, event.loaded);
        this.tell();
      });
      request.addEventListener("loadend", () => {
        this.going.delete(request);
        done(request.status);
      });
      this.going.add(request);
      request.send(blob);
    });
  }

  tell() {
    const now = [...this.sent.values()].reduce((sum, bytes) => sum + bytes, this.base);
    this.options.onProgress(Math.min(now, this.file.size), this.file.size);
  }

  async join() {
    const answer = await this.ask(`${this.url}/parts`, "POST");
    this.options.onAfterResponse(null, { getHeader: (name) => answer.headers.get(name) });
    this.options.onSuccess();
  }

  async ask(address, method, headers = {}) {
    const all = { ...TUS, ...this.options.headers, ...headers };
    const answer = await fetch(address, { method, headers: all }).catch(() => null);
    if (!answer) throw failed(0);
    if (!answer.ok) throw failed(answer.status, answer.headers, await answer.text());
    return answer;
  }
}

/* As tus tells of a failure. */
function failed(status, headers = null, body = "") {
  const response = { getStatus: () => status, getHeader: (name) => headers && headers.get(name), getBody: () => body };
  return Object.assign(new Error(`status ${status}`), { originalResponse: status ? response : null });
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
