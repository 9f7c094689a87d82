/* Says on the page, and leaves it there, when a step behind the page failed; what was typed stays.
   HTML: <div id="messages" data-controller="notices" data-notices-broken-value="…" data-notices-refused-value="…"
              data-notices-gone-value="…"><template data-notices-target="pattern">…<div></div>…</template></div> */
import { Controller } from "../vendor/stimulus-3.2.2/stimulus.js";

export default class extends Controller {
  static targets = ["pattern"];
  static values = { broken: String, refused: String, gone: String };

  connect() {
    this.broken = () => this.say(this.brokenValue);
    this.refused = (event) => this.say(this.textFor(event.detail.xhr));
    document.addEventListener("htmx:sendError", this.broken);
    document.addEventListener("htmx:responseError", this.refused);
  }

  disconnect() {
    document.removeEventListener("htmx:sendError", this.broken);
    document.removeEventListener("htmx:responseError", this.refused);
  }

  textFor(xhr) {
    if ([401, 403, 404].includes(xhr.status)) return this.goneValue;
    return messageOf(xhr) || this.refusedValue;
  }

  say(text) {
    if ([...this.element.querySelectorAll(".notice")].some((notice) => notice.innerText.trim() === text)) return;
    const notice = this.patternTarget.content.cloneNode(true);
    notice.querySelector("div div").textContent = text;
    this.element.append(notice);
  }
}

/* A refusal of our own carries {"code", "message"}; any other body is not for readers. */
function messageOf(xhr) {
  if (!(xhr.getResponseHeader("Content-Type") || "").startsWith("application/json")) return "";
  return JSON.parse(xhr.responseText).message || "";
}
