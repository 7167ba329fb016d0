// What is still to be sent, kept in the browser until it is acknowledged; in memory where the browser keeps nothing.
const opened = new Promise((done) => {
  try {
    const request = indexedDB.open("lapak", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("unsent", { keyPath: "id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => done(null);
  } catch {
    done(null);
  }
});

async function work(mode, act) {
  const database = await opened;
  if (!database) return undefined;
  return new Promise((done) => {
    const transaction = database.transaction("unsent", mode);
    const request = act(transaction.objectStore("unsent"));
    transaction.oncomplete = () => done(request.result);
    transaction.onabort = transaction.onerror = () => done(undefined);
  });
}

export const put = (item) => work("readwrite", (shelf) => shelf.put(item));
export const take = (id) => work("readwrite", (shelf) => shelf.delete(id));

/** The unsent items of a persona, oldest first. */
export async function unsent(persona) {
  const all = (await work("readonly", (shelf) => shelf.getAll())) ?? [];
  return all.filter((item) => item.persona === persona).sort((one, other) => one.order - other.order);
}
