// What is being written: text, photos to come, the message answered to. It survives a reload.
import { icon, isPicture, make } from "./bubble.js";

const GROWS = CSS.supports("field-sizing", "content");
const MOST = 10;
const HEAVIEST = 20 * 1024 * 1024;

export class Composer {
  constructor(form, persona, send) {
    Object.assign(this, { form, send, key: `lapak.draft.${persona}`, files: [], quoted: "" });
    const find = (selector) => form.querySelector(selector);
    Object.assign(this, { text: find("textarea"), button: find(".send"), strip: find(".strip"), quote: find(".quote"), note: find(".note") });
    this.text.value = localStorage.getItem(this.key) ?? "";
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("keydown", (event) => this.typed(event));
    this.quote.querySelector("button").addEventListener("click", () => this.answerTo("", ""));
    form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    form.querySelectorAll("input[type=file]").forEach((input) => input.addEventListener("change", () => this.picked(input)));
    this.changed();
  }

  typed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  changed() {
    localStorage.setItem(this.key, this.text.value);
    if (!GROWS) this.text.rows = Math.min(5, this.text.value.split("\n").length);
    this.button.disabled = !this.text.value.trim() && !this.files.length;
  }

  picked(input) {
    const found = [...input.files].filter((file) => file.size <= HEAVIEST);
    const tooBig = input.files.length - found.length;
    const room = found.slice(0, MOST - this.files.length);
    this.files.push(...room);
    input.value = "";
    this.tell(tooBig ? "Ada foto di atas 20 MB yang tidak ikut." : room.length < found.length ? "Sekali kirim paling banyak 10 foto." : "");
    this.drawStrip();
    this.text.focus({ preventScroll: true });
  }

  drawStrip() {
    const tiles = this.files.map((file, place) =>
      make("li", {}, isPicture(file) ? make("img", { src: URL.createObjectURL(file), alt: `Foto ${place + 1}` }) : make("span", { class: "paper" }, file.name),
        make("button", { type: "button", "aria-label": `Hapus foto ${place + 1}`, onclick: () => this.drop(place) }, icon("close"))));
    this.strip.replaceChildren(...tiles);
    this.strip.hidden = !tiles.length;
    this.text.placeholder = tiles.length ? "Nama dan harganya, kalau mau" : "Tulis pesan";
    this.changed();
  }

  drop(place) {
    this.files.splice(place, 1);
    this.drawStrip();
    this.text.focus({ preventScroll: true });
  }

  answerTo(external, words) {
    this.quoted = external;
    this.quote.hidden = !external;
    this.quote.querySelector("p").textContent = words;
    this.text.focus();
  }

  tell(words) {
    this.note.textContent = words;
    this.note.hidden = !words;
  }

  submit() {
    const text = this.text.value.trim();
    if (!text && !this.files.length) return;
    const files = this.files.length ? this.files : undefined;
    this.send({ text, quoted: this.quoted, ...(files && { files }) });
    this.files = [];
    this.text.value = "";
    this.tell("");
    if (this.quoted) this.answerTo("", "");
    this.drawStrip();
  }
}
