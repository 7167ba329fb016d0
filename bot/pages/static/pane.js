// One phone: joins the conversation, the composer and the postbox, and follows the server's events without loss.
import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { Postbox } from "./postbox.js";

const AGAIN = 1000;

export class Pane {
  constructor(phone, { heard }) {
    this.persona = phone.dataset.persona;
    this.phone = phone;
    this.heard = heard;
    const find = (selector) => phone.querySelector(selector);
    [this.status, this.offline, this.hello] = [find(".status"), find(".offline"), find(".hello")];
    this.log = new Log(find(".log"), find(".down"), { locate: () => this.locate() });
    this.postbox = new Postbox(this.persona);
    this.composer = new Composer(find(".composer"), this.persona, (part) => this.say(part));
    this.hello.querySelector("button").addEventListener("click", () => this.say({ text: "Halo" }));
    this.log.element.addEventListener("click", (event) => this.clicked(event));
    this.postbox.addEventListener("taken", ({ detail }) => this.log.sign(detail.item.id, "tick"));
    this.postbox.addEventListener("stuck", () => this.connected(false));
    this.postbox.addEventListener("refused", ({ detail }) => this.refuse(detail));
    // Losing the network need not lose the server: a new connection tells.
    ["online", "offline"].forEach((change) => addEventListener(change, () => this.connect()));
    this.open();
  }

  async open() {
    const history = await this.history();
    history.events.forEach((event) => this.log.show(event));
    this.after = history.after;
    (await this.postbox.open()).forEach((item) => this.log.mine.has(item.id) || this.log.say(item, item.label));
    this.hello.hidden = !this.log.empty;
    this.connect();
    this.postbox.run();
    requestAnimationFrame(() => this.log.element.classList.add("live"));
  }

  async history() {
    for (;;) {
      try {
        const answer = await fetch(`/chat/${this.persona}/history`);
        if (answer.ok) return await answer.json();
      } catch {
        this.connected(false);
      }
      await new Promise((done) => setTimeout(done, AGAIN));
    }
  }

  connect() {
    if (this.after === undefined) return;
    clearTimeout(this.retry);
    this.source?.close();
    const source = new EventSource(`/chat/${this.persona}/events?after=${this.after}`);
    this.source = source;
    source.onopen = () => { this.connected(true); this.postbox.nudge(); };
    source.onmessage = (event) => { this.after = event.lastEventId; this.hear(JSON.parse(event.data)); };
    source.onerror = () => {
      this.connected(false);
      source.close();
      this.retry = setTimeout(() => this.connect(), AGAIN);
    };
  }

  connected(online) {
    this.online = online;
    this.offline.hidden = online;
    this.tell();
    if (!online) this.log.wait(false);
  }

  tell() {
    const words = this.online ? (this.log.typing.isConnected ? "mengetik…" : "online") : "menyambung…";
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  hear(event) {
    this.hello.hidden = true;
    if (this.log.show(event)) this.heard(this.persona);
    this.tell();
  }

  say(part, label) {
    this.hello.hidden = true;
    const item = this.postbox.post({ ...part, label });
    this.log.say(item, label);
    if (this.online) this.log.wait(true);
    this.tell();
  }

  refuse({ item, problem }) {
    this.log.sign(item.id, "alert");
    this.log.wait(false);
    this.composer.tell(problem || "Pesan ini belum bisa dikirim. Coba sekali lagi, ya.");
  }

  clicked({ target }) {
    const button = target.closest("button");
    if (!button) return this.hold(target.closest(".bot .bubble"));
    if (button.dataset.press) return this.tap(button);
    if (button.dataset.picture) return this.phone.dispatchEvent(new CustomEvent("picture", { bubbles: true, detail: button.dataset.picture }));
    if (button.matches(".quick")) {
      const turn = button.closest(".turn");
      this.hold(null);
      this.composer.answerTo(turn.dataset.external, turn.querySelector(".words").textContent);
    }
  }

  tap(button) {
    const byKeyboard = button.matches(":focus-visible");
    this.say({ press: button.dataset.press }, button.dataset.label);
    if (byKeyboard) this.composer.text.focus();
  }

  /** A tapped bubble offers to be answered. */
  hold(bubble) {
    this.log.element.querySelectorAll(".held").forEach((held) => held !== bubble && held.classList.remove("held"));
    bubble?.classList.toggle("held");
  }

  locate() {
    const problem = "Lokasi belum bisa dibaca. Tulis saja alamatnya, ya.";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.say({ location: [coords.latitude, coords.longitude] }),
      () => this.composer.tell(problem),
      { enableHighAccuracy: true, timeout: 15000 },
    );
  }
}
