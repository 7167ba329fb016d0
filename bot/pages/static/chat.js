// The page: both phones, the switch between them on a narrow screen, and pictures enlarged.
import { Pane } from "./pane.js";

const wide = matchMedia("(min-width: 900px)");
const unread = { pemilik: 0, petugas: 0 };
const lightbox = document.querySelector(".lightbox");
const switches = [...document.querySelectorAll("[data-show]")];

function shown() {
  return document.querySelector(".seat[data-shown]").dataset.seat;
}

function mark(persona) {
  const badge = document.querySelector(`[data-show=${persona}] .unread`);
  badge.hidden = !unread[persona];
  badge.textContent = unread[persona];
  badge.setAttribute("aria-label", `${unread[persona]} pesan baru`);
}

function show(persona) {
  document.querySelectorAll(".seat").forEach((seat) => seat.toggleAttribute("data-shown", seat.dataset.seat === persona));
  switches.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.show === persona)));
  sessionStorage.setItem("lapak.seat", persona);
  unread[persona] = 0;
  mark(persona);
}

function heard(persona) {
  if (wide.matches || shown() === persona) return;
  unread[persona] += 1;
  mark(persona);
}

switches.forEach((button) => button.addEventListener("click", () => show(button.dataset.show)));
document.querySelectorAll(".phone").forEach((phone) => {
  new Pane(phone, { heard });
  phone.addEventListener("picture", ({ detail }) => {
    lightbox.querySelector("img").src = detail;
    lightbox.showModal();
  });
});
lightbox.addEventListener("click", ({ target }) => target.closest("button") || lightbox.close());
show(sessionStorage.getItem("lapak.seat") in unread ? sessionStorage.getItem("lapak.seat") : "pemilik");
