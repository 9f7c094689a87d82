/* Photographs that wait on the phone until there is a network: one store of the browser's own database.
   A photograph is removed only after the server said that it has it. Its owner is account and class: another
   person's, or another class's, is kept and counted, never sent.
   HTML: none; capture_controller.js shows how many wait. */

const NAME = "juanzong";
const STORE = "photographs";

export class CaptureStore {
  constructor(owner) {
    this.owner = owner;
    this.opened = open();
  }

  async add(photograph) {
    const database = await this.opened;
    return asked(database.transaction(STORE, "readwrite").objectStore(STORE).add({ ...photograph, owner: this.owner }));
  }

  async remove(id) {
    const database = await this.opened;
    return asked(database.transaction(STORE, "readwrite").objectStore(STORE).delete(id));
  }

  /* Her own photographs of this class, oldest first, and how many others lie here. */
  async waiting() {
    const database = await this.opened;
    const all = await asked(database.transaction(STORE).objectStore(STORE).getAll());
    const mine = all.filter((one) => one.owner === this.owner);
    return { mine, others: all.length - mine.length };
  }
}

function open() {
  const request = window.indexedDB.open(NAME, 1);
  request.addEventListener("upgradeneeded", () => {
    request.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
  });
  return asked(request);
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}
