/* The door of our scripts: starts Stimulus with one controller a file, gives htmx the CSRF token, and lets a step
   that is on its way end before the next press counts.
   HTML: <script type="module" src="…/js/juanzong.js"></script> after htmx and tus, which are plain scripts. */
import { application } from "./application.js";
import DisclosureController from "./disclosure_controller.js";
import KeysController from "./keys_controller.js";
import ListController from "./list_controller.js";
import MenuController from "./menu_controller.js";
import NoticesController from "./notices_controller.js";
import PollController from "./poll_controller.js";
import SelectionController from "./selection_controller.js";
import TabsController from "./tabs_controller.js";
import UploadController from "./upload_controller.js";
import ViewerController from "./viewer_controller.js";

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]");
  if (token) event.detail.headers["X-CSRFToken"] = token.content;
});

/* A second Enter would take the step again, and a press meant for the next page would abort the first one's answer. */
const stepsOnTheWay = new Set();
document.addEventListener("htmx:beforeSend", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (requestConfig.verb !== "post") return;
  stepsOnTheWay.add(xhr);
  xhr.addEventListener("loadend", () => stepsOnTheWay.delete(xhr));
});
document.addEventListener("htmx:confirm", (event) => {
  if (stepsOnTheWay.size && event.detail.elt.matches("a, button, form")) event.preventDefault();
});

application.register("disclosure", DisclosureController);
application.register("keys", KeysController);
application.register("list", ListController);
application.register("menu", MenuController);
application.register("notices", NoticesController);
application.register("poll", PollController);
application.register("selection", SelectionController);
application.register("tabs", TabsController);
application.register("upload", UploadController);
application.register("viewer", ViewerController);
