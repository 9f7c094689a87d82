/* Files in: drop, choose, photograph or paste; each goes in chunks (tus), is acknowledged with its SHA-256, can be
   held and gone on with, resumes after a break, and can be withdrawn. Two at a time. The server knows what was begun:
   the same file, chosen again in whatever browser, goes on from its offset (GET {endpoint}?dossier=…).
   A large one goes by parts straight into the bucket where the server offers it (parts-from is not 0): upload_parts.js.
   Of a large one the first bytes are looked at before it is sent. Its row stays until the page is left.
   HTML: see templates/components/drop_zone.html ({% drop_zone endpoint … %}). The server's refusals are
   {"code", "message"} and shown as they are; all other words come in data-upload-words-value.
   When the last of a batch has ended, "uploads-done" is fired on what data-upload-refresh-value selects. */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";
import { fingerprintOf } from "./fingerprint.js";
import { PartsUpload } from "./upload_parts.js";
import { refusalOf, statusOf, UploadRow } from "./upload_row.js";

const AT_ONCE = 2;
const CHUNK = 8 * 1024 * 1024;
const DELAYS = [0, 1000, 3000, 5000, 10000, 20000];
const HEAD = 1536; // bytes: what fits into a header, and shows what most files are
const COMPARED_UP_TO = 64 * 1024 * 1024;
const SIGNED_OUT = 401;
const NO_SPACE = 507;

export default class extends Controller {
  static targets = ["field", "list"];
  static values = { endpoint: String, dossier: String, target: String, enrolment: String, session: String, refresh: String, words: Object, partsFrom: Number };

  connect() {
    this.queue = [];
    this.under_way = 0;
    this.accepted = 0;
    this.going_on = new Set();
    this.resume = () => this.listTarget.querySelectorAll("[data-retry]").forEach((button) => button.click());
    this.warn = (event) => this.under_way && event.preventDefault();
    window.addEventListener("online", this.resume);
    window.addEventListener("beforeunload", this.warn);
    if (this.fieldTarget.files.length) this.choose({ target: this.fieldTarget }); // chosen before the script arrived
  }

  disconnect() {
    window.removeEventListener("online", this.resume);
    window.removeEventListener("beforeunload", this.warn);
  }

  over(event) {
    event.preventDefault();
    this.element.classList.add("over");
  }

  out(event) {
    if (!this.element.contains(event.relatedTarget)) this.element.classList.remove("over");
  }

  drop(event) {
    event.preventDefault();
    this.element.classList.remove("over");
    this.add(event.dataTransfer.files);
  }

  paste(event) {
    if (event.clipboardData.files.length && document.querySelector('[data-controller~="upload"]') === this.element) {
      this.add(event.clipboardData.files);
    }
  }

  choose(event) {
    this.add(event.target.files);
    event.target.value = "";
  }

  add(files) {
    for (const file of files) {
      const row = new UploadRow(file, this.wordsValue);
      this.listTarget.append(row.element);
      row.onWithdraw = () => this.withdraw(row);
      row.onRetry = () => this.enqueue(row);
      row.onPause = () => this.hold(row);
      if (file.size === 0) row.refuse(this.wordsValue.empty);
      else this.enqueue(row);
    }
  }

  enqueue(row) {
    row.wait();
    this.queue.push(row);
    this.pump();
  }

  pump() {
    while (this.under_way < AT_ONCE && this.queue.length) {
      this.under_way += 1;
      this.send(this.queue.shift());
    }
    if (this.under_way === 0 && this.queue.length === 0 && this.accepted) this.finish();
  }

  async send(row) {
    row.fingerprint = row.fingerprint || (await fingerprintOf(row.file));
    row.digest = row.digest || (await digestOf(row.file));
    row.head = row.file.size > CHUNK ? await headOf(row.file) : "";
    const begun = row.upload ? null : await this.begun(row);
    if (row.state === "withdrawn") return this.ended(() => {}, 0); // she changed her mind meanwhile
    row.upload = row.upload || this.uploadOf(row, begun);
    row.send(begun ? begun.offset / begun.size : 0);
    row.upload.start();
  }

  /* What this person began to send and did not end, and which is this very file. */
  async begun(row) {
    const address = `${this.endpointValue}?dossier=${encodeURIComponent(this.dossierValue)}`;
    const answer = await fetch(address, { headers: { "Tus-Resumable": "1.0.0" } }).catch(() => null);
    if (!answer || !answer.ok) return null;
    const { unfinished } = await answer.json();
    const same = (one) => one.fingerprint === row.fingerprint && one.size === row.file.size && !this.going_on.has(one.url);
    const found = unfinished.find(same) || null;
    if (found) this.going_on.add(found.url);
    return found;
  }

  /* She holds it: the next in the queue may go; this one goes on when she says so. */
  async hold(row) {
    await row.upload.abort(false);
    this.ended(() => row.hold(), 0);
  }

  uploadOf(row, begun) {
    const by_parts = begun ? begun.parts : this.partsFromValue > 0 && row.file.size >= this.partsFromValue;
    return by_parts ? new PartsUpload(row.file, this.options(row, begun)) : new window.tus.Upload(row.file, this.options(row, begun));
  }

  options(row, begun) {
    const metadata = { filename: row.file.name, dossier: this.dossierValue, target: this.targetValue, head: row.head };
    return {
      endpoint: this.endpointValue,
      chunkSize: CHUNK,
      retryDelays: DELAYS,
      storeFingerprintForResuming: false, // the server knows; names of papers do not stay in a shared browser
      uploadUrl: begun ? begun.url : null,
      headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
      metadata: { ...metadata, enrolment: this.enrolmentValue, session: this.sessionValue, fingerprint: row.fingerprint },
      onProgress: (sent, total) => row.progress(sent, total),
      onShouldRetry: (error) => this.retries(error, row),
      onBreak: () => row.pause(),
      onAfterResponse: (request, response) => row.acknowledge(response),
      onSuccess: () => this.ended(() => row.finish(), 1),
      onError: (error) => this.ended(() => this.fail(row, error), 0),
    };
  }

  /* A refusal is final; a broken connection and a busy server are tried again by themselves. */
  retries(error, row) {
    const status = statusOf(error);
    const again = [0, 409, 423, 429].includes(status) || (status >= 500 && status !== NO_SPACE);
    if (again) row.pause();
    return again;
  }

  fail(row, error) {
    const status = statusOf(error);
    const mends = status === 0 || status === SIGNED_OUT || status === 409 || status === 423 || status >= 500;
    if (mends) row.stop(refusalOf(error) || this.wordsValue.broken);
    else row.refuse(refusalOf(error) || this.wordsValue.refused);
  }

  ended(say, accepted) {
    say();
    this.accepted += accepted;
    this.under_way -= 1;
    this.pump();
  }

  finish() {
    this.accepted = 0;
    this.dispatch("done");
    if (this.refreshValue) document.querySelectorAll(this.refreshValue).forEach((part) => window.htmx.trigger(part, "uploads-done"));
  }

  async withdraw(row) {
    const waited = this.queue.includes(row);
    this.queue = this.queue.filter((other) => other !== row);
    const sending = row.isSending && row.upload;
    if (!(await row.takeBack())) return;
    if (sending && !waited) this.under_way -= 1;
    this.accepted += 1;
    this.pump();
  }
}

/* The file's own SHA-256, to compare with what the server acknowledges; left out for recordings and without HTTPS. */
async function digestOf(file) {
  if (!window.crypto.subtle || file.size > COMPARED_UP_TO) return "";
  const bytes = new Uint8Array(await window.crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function headOf(file) {
  return btoa(String.fromCharCode(...new Uint8Array(await file.slice(0, HEAD).arrayBuffer())));
}
