/* The door of our scripts: starts Stimulus with one controller a file, and gives htmx the CSRF token.
   HTML: <script type="module" src="…/js/juanzong.js"></script> after htmx and tus, which are plain scripts. */
import { application } from "./application.js";
import DisclosureController from "./disclosure_controller.js";
import KeysController from "./keys_controller.js";
import ListController from "./list_controller.js";
import MenuController from "./menu_controller.js";
import NoticesController from "./notices_controller.js";
import PollController from "./poll_controller.js";
import SelectionController from "./selection_controller.js";
import UploadController from "./upload_controller.js";
import ViewerController from "./viewer_controller.js";

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]");
  if (token) event.detail.headers["X-CSRFToken"] = token.content;
});

application.register("disclosure", DisclosureController);
application.register("keys", KeysController);
application.register("list", ListController);
application.register("menu", MenuController);
application.register("notices", NoticesController);
application.register("poll", PollController);
application.register("selection", SelectionController);
application.register("upload", UploadController);
application.register("viewer", ViewerController);
