/* One file's row in the drop zone: name cut in the middle, percentage, what became of it, hold, withdraw and retry.
   HTML it builds: <div class="upload upload-sending"><span class="file-name"><span>扫描件_2026</span><span>_0037.pdf</span></span>
     <progress></progress><span class="said">…</span><span>41 %</span><button>撤回</button></div> */

const TAIL = 9;
const HELD_FROM = 8 * 1024 * 1024; // smaller files are gone before a hand is at the button

export class UploadRow {
  constructor(file, words) {
    this.file = file;
    this.words = words;
    this.sha256 = "";
    this.build();
  }

  build() {
    this.element = make("div", "upload");
    this.share = make("span", "num");
    this.bar = Object.assign(document.createElement("progress"), { max: 1, value: 0, ariaLabel: this.file.name });
    this.said = make("span", "said");
    this.withdrawal = make("button", "btn btn-quiet btn-small", this.words.withdraw);
    this.withdrawal.type = "button";
    this.withdrawal.addEventListener("click", () => this.onWithdraw());
    this.pausing = make("button", "btn btn-quiet btn-small", this.words.pause);
    this.pausing.type = "button";
    this.pausing.hidden = true;
    this.pausing.addEventListener("click", () => this.onPause());
    this.element.append(nameOf(this.file.name), this.bar, this.said, this.share, this.pausing, this.withdrawal);
  }

  get isSending() {
    return this.state === "sending";
  }

  show(state, text) {
    this.state = state;
    this.element.className = `upload upload-${state}`;
    this.said.textContent = text;
    this.bar.hidden = !["waiting", "sending", "held"].includes(state);
    this.pausing.hidden = state !== "sending" || this.file.size < HELD_FROM;
    if (this.again) this.again.remove();
  }

  wait() {
    this.show("waiting", this.words.waiting);
  }

  send(share = 0) {
    const going_on = share && this.words.going_on.replace("%(share)s", Math.floor(100 * share)).replace("%%", "%");
    this.show("sending", going_on || this.words.sending);
    this.opening = going_on || "";
  }

  hold() {
    this.show("held", this.words.held);
    this.offer(this.words.go_on);
  }

  pause() {
    this.said.textContent = this.words.paused;
  }

  progress(sent, total) {
    this.bar.value = sent / total;
    this.share.textContent = `${Math.floor((100 * sent) / total)} %`;
    if (this.isSending) this.said.textContent = this.opening || this.words.sending;
  }

  /* The last answer carries the hash of what was received, and whether the same bytes are there already. */
  acknowledge(response) {
    const sha256 = response.getHeader("Juanzong-Sha256");
    if (!sha256) return;
    this.sha256 = sha256.toLowerCase();
    this.earlier = decodeURIComponent(response.getHeader("Juanzong-Again") || "");
  }

  finish() {
    const compared = this.digest && this.sha256;
    if (compared && this.digest !== this.sha256) return this.refuse(this.words.differs);
    this.share.textContent = "";
    const text = compared ? this.words.checked : this.words.done;
    if (!this.sha256) return this.show("done", this.words.behind); // a large file: the worker hashes it
    this.show("done", `${this.againText || text} · SHA-256 ${this.sha256.slice(0, 12)}`);
    this.said.title = this.sha256;
  }

  get againText() {
    return this.earlier ? this.words.again.replace("%(name)s", this.earlier) : "";
  }

  /* What retrying cannot mend: the server's own sentence says what to do. */
  refuse(text) {
    this.show("refused", text);
    this.share.textContent = "";
    this.withdrawal.hidden = !(this.upload && this.upload.url);
  }

  stop(text) {
    this.show("refused", text);
    this.offer(this.words.retry);
    this.again.dataset.retry = "";
  }

  offer(word) {
    this.again = make("button", "btn btn-small", word);
    this.again.type = "button";
    this.again.addEventListener("click", () => this.onRetry());
    this.withdrawal.before(this.again);
  }

  /* Ends the transfer and asks the server (DELETE) to let go of what it has; says so if it did not. */
  async takeBack() {
    const address = this.upload && this.upload.url;
    try {
      if (this.isSending) await this.upload.abort(false);
      if (address) await window.tus.Upload.terminate(address, this.upload.options);
    } catch (error) {
      this.show("refused", refusalOf(error) || this.words.stuck);
      return false;
    }
    this.show("withdrawn", this.words.withdrawn);
    this.share.textContent = "";
    this.withdrawal.remove();
    return true;
  }
}

export function statusOf(error) {
  return error.originalResponse ? error.originalResponse.getStatus() : 0;
}

/* The server's own sentence, when it sent one. */
export function refusalOf(error) {
  const response = error.originalResponse;
  const type = response ? response.getHeader("Content-Type") || "" : "";
  return type.startsWith("application/json") ? JSON.parse(response.getBody()).message : "";
}

function make(tag, className, text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

function nameOf(name) {
  const element = make("span", "file-name");
  element.title = name;
  element.append(make("span", "", name.slice(0, -TAIL)), make("span", "", name.slice(-TAIL)));
  return element;
}
