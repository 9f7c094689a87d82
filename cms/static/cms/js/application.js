/* The one Stimulus application. A screen's own controller registers with it and is loaded in block scripts.
   HTML: <script type="module" src="…/js/marking_controller.js"></script>, which ends with
         import { application } from "./application.js"; application.register("marking", MarkingController);
   Never import juanzong.js: the page loads that under a hashed name, and a second copy would start twice. */
import { Application } from "../vendor/stimulus-3.2.2/stimulus.js";

export const application = Application.start();
