// Sends what was said in its order and again until it is acknowledged; the id made here makes a repeat harmless.
import * as shelf from "./shelf.js";

const LONGEST = 5000;

export class Postbox extends EventTarget {
  constructor(persona) {
    super();
    this.persona = persona;
    this.items = [];
    this.running = false;
    addEventListener("online", () => this.nudge());
  }

  async open() {
    this.items = await shelf.unsent(this.persona);
    return this.items;
  }

  /** `part` is {text | press | location | files, quoted}. Returns the item, which is kept at once. */
  post(part) {
    const item = { ...part, id: crypto.randomUUID(), persona: this.persona, order: Date.now() + performance.now() / 1e6 };
    this.items.push(item);
    this.kept = shelf.put(item);
    this.run();
    return item;
  }

  async run() {
    if (this.running) return;
    this.running = true;
    for (let tries = 0; this.items.length; ) {
      const [item] = this.items;
      await this.kept;
      const result = await deliver(item);
      if (result.again) {
        this.tell("stuck", item);
        await this.pause(Math.min(500 * 2 ** tries++, LONGEST));
        continue;
      }
      tries = 0;
      this.items.shift();
      await shelf.take(item.id);
      this.tell(result.problem === undefined ? "taken" : "refused", item, result.problem);
    }
    this.running = false;
  }

  pause(span) {
    return new Promise((done) => {
      this.nudge = done;
      setTimeout(done, span);
    });
  }

  nudge() {}

  tell(type, item, problem) {
    this.dispatchEvent(new CustomEvent(type, { detail: { item, problem } }));
  }
}

async function deliver(item) {
  try {
    const answer = await fetch(`/chat/${item.persona}/${item.files ? "photos" : "say"}`, request(item));
    if (answer.ok) return {};
    if (answer.status >= 500 || answer.status === 408 || answer.status === 429) return { again: true };
    return { problem: (await answer.json().catch(() => ({}))).problem ?? "" };
  } catch {
    return { again: true };
  }
}

function request({ id, text = "", press, location, quoted = "", files }) {
  if (!files) {
    const headers = { "Content-Type": "application/json" };
    return { method: "POST", headers, body: JSON.stringify({ id, text, press, location, quoted }), signal: AbortSignal.timeout(15000) };
  }
  const body = new FormData();
  Object.entries({ id, text, quoted }).forEach(([name, value]) => body.append(name, value));
  files.forEach((file) => body.append("files", file, file.name || "foto.jpg"));
  return { method: "POST", body, signal: AbortSignal.timeout(180000) };
}
