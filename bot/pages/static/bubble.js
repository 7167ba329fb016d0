// Draws what is said. Everything is put in as text, never as markup.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const [svg, use] = [document.createElementNS(space, "svg"), document.createElementNS(space, "use")];
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

export const isPicture = (file) => file.type.startsWith("image/") || !/\.(xlsx|xlsm|xls|xlsb|ods|csv|tsv)$/i.test(file.name);
export const isAnswer = (press) => press.startsWith("a:");
const clock = (at) => at.slice(11, 16).replace(":", ".");

function foot(at, sign) {
  const drawn = make("span", { class: "foot" }, make("time", { datetime: at }, clock(at)));
  if (sign) drawn.append(icon(sign), make("span", { class: "unseen" }, { clock: "menunggu dikirim", tick: "terkirim", alert: "tidak terkirim" }[sign]));
  return drawn;
}

function album(pictures, describe) {
  if (!pictures.length) return null;
  const tiles = pictures.map((picture, place) =>
    picture.problem
      ? make("span", { class: "sign" }, "Foto tidak dipakai")
      : make("button", { type: "button", "data-picture": picture.url, "aria-label": `Perbesar ${describe} ${place + 1}` },
          make("img", { src: picture.url, alt: `${describe} ${place + 1}` })),
  );
  return make("div", { class: pictures.length === 1 ? "album one" : "album" }, ...tiles);
}

function documents(files) {
  // The letters that make its address hard to guess are nothing to read.
  return files.map(({ name, url }) => [name.replace(/-[0-9a-f]{16}(?=\.)/, ""), url]).map(([name, url]) => make("a", { class: "file", href: url, download: name }, `⬇ ${name}`));
}

/** A message of the bot: event {spans, buttons, media, files, request, at}. */
export function drawAnswer(turn, event, { locate }) {
  const words = make("p", { class: "words" }, ...event.spans.map(({ text, strong }) => (strong ? make("strong", {}, text) : text)));
  const quick = make("button", { type: "button", class: "quick", "aria-label": "Balas pesan ini" }, icon("reply"));
  const bubble = make("div", { class: "bubble" }, make("span", { class: "unseen" }, "Lapak: "));
  bubble.append(...[album(event.media.map((url) => ({ url })), "foto"), ...documents(event.files ?? []), words, foot(event.at), quick].filter(Boolean));
  const rows = event.buttons.map(({ press, label, detail }) =>
    make("button", { type: "button", class: label.startsWith("✓") && "ticked", "data-press": press, "data-label": label }, make("span", {}, label), detail ? make("small", {}, detail) : ""));
  if (event.request === "location" && navigator.geolocation)
    rows.unshift(make("button", { type: "button", class: "where", onclick: locate }, icon("pin"), "Kirim lokasi saya"));
  turn.className = "turn bot";
  turn.dataset.at = event.at;
  turn.dataset.external = event.external;
  const many = rows.length > 5 && event.buttons.every(({ label, detail }) => label.length <= 20 && !detail);
  const answers = make("div", { class: many ? "answers many" : "answers", role: "group", "aria-label": "Pilihan" }, ...rows);
  turn.replaceChildren(bubble, ...(rows.length ? [answers] : []));
}

/** A message of one's own: {text, label, location, pictures, refused, told, tapped, at, sign}. */
export function drawOwn(turn, own) {
  const bubble = make("div", { class: "bubble" }, make("span", { class: "unseen" }, "Anda: "));
  const parts = [own.told ? make("p", { class: "told" }, own.told) : null, album(own.pictures, "foto Anda"), wordsOf(own), foot(own.at, own.sign)];
  bubble.append(...parts.filter(Boolean));
  turn.className = own.tapped ? "turn me tapped" : "turn me";
  turn.dataset.at = own.at;
  turn.replaceChildren(bubble);
}

function wordsOf({ refused, location, label, text, file }) {
  if (refused) return make("p", { class: "words muted" }, icon("shield"), "Isi pesan ini tidak disimpan");
  if (location) return make("p", { class: "words" }, icon("pin"), "Lokasi saya", make("small", { class: "muted" }, `\n${location.map((part) => part.toFixed(4)).join(", ")}`));
  if (file) return make("p", { class: "words" }, icon("clip"), file === true ? "File" : file, text ? `\n${text}` : "");
  return label || text ? make("p", { class: "words" }, label || text) : null;
}

const MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(" ");

export function drawDay(day, today) {
  const gap = Math.round((Date.parse(today) - Date.parse(day)) / 86400000);
  const [year, month, date] = day.split("-").map(Number);
  return make("p", { class: "day" }, gap === 0 ? "Hari ini" : gap === 1 ? "Kemarin" : `${date} ${MONTHS[month - 1]} ${year}`);
}

export function drawTyping() {
  return make("div", { class: "turn bot first typing", "aria-hidden": "true" }, make("div", { class: "bubble" }, make("i"), make("i"), make("i")));
}
