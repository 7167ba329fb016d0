// The conversation of one phone: puts events in their place, renews what is edited, and closes questions that are over.
import { drawAnswer, drawDay, drawOwn, drawTyping, isAnswer, isPicture } from "./bubble.js";

const NEAR = 120;
const PATIENCE = 12000;

export class Log {
  constructor(element, down, { locate }) {
    Object.assign(this, { element, down, locate });
    this.rows = new Map();
    this.mine = new Map();
    this.typing = drawTyping();
    this.pinned = true;
    element.addEventListener("scroll", () => this.look(), { passive: true });
    element.addEventListener("load", () => this.follow(), true);
    new ResizeObserver(() => this.follow()).observe(element);
    down.addEventListener("click", () => { this.pinned = true; this.follow(); });
  }

  get empty() {
    return !this.rows.size && !this.mine.size;
  }

  /** An event of the server. True when it is an answer that was not shown before. */
  show(event) {
    if (event.from === "me") return this.confirm(event), false;
    const edited = event.edits && this.rows.get(event.edits);
    // A row that edits may come again with newer words.
    if (this.rows.has(event.id) && !(edited && event.at > edited.dataset.at)) return false;
    const again = this.rows.has(event.id);
    const turn = edited || document.createElement("div");
    if (event.reply) this.wait(false);
    if (event.reply) this.release();
    if (event.reply && !edited) this.closeQuestions();
    drawAnswer(turn, event, { locate: this.locate });
    this.rows.set(event.id, turn);
    if (edited) this.renew(turn);
    else this.append(turn);
    return !again;
  }

  /** One's own message as the server keeps it; it may be new here, said in another tab. */
  confirm(event) {
    const [id, place] = event.kind === "photo" || event.id.includes(".") ? event.id.split(".") : [event.id, "0"];
    const own = this.mine.get(id) ?? { turn: document.createElement("div"), pictures: [] };
    const picture = event.problem ? { problem: event.problem } : event.media.length ? { url: event.media[0] } : null;
    if (picture) own.pictures[Number(place)] = picture;
    Object.assign(own, { at: event.at, sign: "tick", refused: own.refused || event.refused, file: own.file || event.file, location: event.location, tapped: Boolean(event.press) });
    if (event.refused) own.pictures = [];
    Object.assign(own, { text: event.refused ? "" : event.text || (Number(place) ? own.text : ""), label: event.label || own.label, told: this.told(event.quoted) });
    if (event.press) this.markTapped(event.press);
    this.draw(id, own);
  }

  /** What was just said here, before the server knows. */
  say(item, label) {
    const files = item.files ?? [];
    const pictures = files.filter(isPicture).map((file) => ({ url: URL.createObjectURL(file) }));
    const own = { turn: document.createElement("div"), pictures, file: files.filter((file) => !isPicture(file)).map((file) => file.name).join(", "), text: item.text, label, location: item.location, tapped: Boolean(item.press) };
    Object.assign(own, { at: localTime(), sign: "clock", told: this.told(item.quoted) });
    if (item.press) this.markTapped(item.press);
    this.pinned = true;
    this.draw(item.id, own);
  }

  sign(id, sign) {
    const own = this.mine.get(id);
    if (own) this.draw(id, Object.assign(own, { sign }));
  }

  draw(id, own) {
    drawOwn(own.turn, { ...own, pictures: own.pictures.filter(Boolean) });
    if (!this.mine.has(id)) this.append(own.turn);
    else this.place(own.turn);
    this.mine.set(id, own);
  }

  told(external) {
    const quoted = external && [...this.rows.values()].find((turn) => turn.dataset.external === external);
    return quoted ? quoted.querySelector(".words").textContent : "";
  }

  append(turn) {
    const last = this.lastTurn();
    const day = turn.dataset.at.slice(0, 10);
    if (last?.dataset.at.slice(0, 10) !== day) this.element.append(drawDay(day, localTime().slice(0, 10)));
    this.element.append(turn);
    this.place(turn);
    if (this.typing.isConnected) this.element.append(this.typing);
    this.follow();
  }

  /** A tail on the first bubble of a side, and after buttons. */
  place(turn) {
    const before = turn.previousElementSibling;
    const side = turn.classList.contains("me") ? "me" : "bot";
    turn.classList.toggle("first", !before?.classList.contains(side) || Boolean(before.querySelector(".answers")));
  }

  lastTurn() {
    return [...this.element.querySelectorAll(".turn:not(.typing)")].at(-1);
  }

  /** An edited question: taps that only led to the edit are not shown below it. */
  renew(turn) {
    const after = [];
    for (let next = turn.nextElementSibling; next; next = next.nextElementSibling) if (next !== this.typing) after.push(next);
    if (after.every((one) => one.classList.contains("tapped"))) after.forEach((one) => one.remove());
    this.place(turn);
    turn.querySelector(".bubble").classList.add("renewed");
    this.follow();
  }

  /** Answers to an earlier question count no more; buttons that stand alone, as of a notice, stay good. */
  closeQuestions() {
    this.element.querySelectorAll(".answers").forEach((group) => {
      const buttons = [...group.children];
      if (buttons.some(({ dataset }) => !dataset.press || isAnswer(dataset.press))) buttons.forEach((one) => { one.disabled = true; });
    });
  }

  /** A command that was answered can be given again. */
  release() {
    this.element.querySelectorAll("button[data-waits]").forEach((button) => {
      button.disabled = false;
      delete button.dataset.waits;
    });
  }

  markTapped(press) {
    const button = [...this.element.querySelectorAll("button[data-press]")].findLast((one) => one.dataset.press === press);
    if (!button) return;
    button.classList.add("chosen");
    button.disabled = true;
    if (!isAnswer(press)) button.dataset.waits = "";
    else button.parentElement.querySelectorAll("button").forEach((one) => { one.disabled = true; });
  }

  wait(waiting) {
    clearTimeout(this.patience);
    if (!waiting) return this.typing.remove();
    this.element.append(this.typing);
    this.follow();
    this.patience = setTimeout(() => this.wait(false), PATIENCE);
  }

  look() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    this.pinned = scrollHeight - scrollTop - clientHeight < NEAR;
    this.down.hidden = this.pinned;
  }

  follow() {
    if (this.pinned) this.element.scrollTop = this.element.scrollHeight;
    else this.look();
  }
}

const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: document.body.dataset.zone, dateStyle: "short", timeStyle: "medium" });

/** Now where the people of this office live, as the server writes it. */
function localTime() {
  return clock.format(new Date()).replace(" ", "T");
}
