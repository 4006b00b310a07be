// The dispatch board: choosing a ticket shows its suggestions, dragging it onto an engineer's day offers it for that hour.
import { toast } from "./words.js";

const REFRESH = 30000;
const QUARTERS = 44;

export function start(board) {
  let dragged = null;
  let ghost = null;

  const choose = (row) => {
    for (const other of board.querySelectorAll("[data-row]")) other.setAttribute("aria-selected", String(other === row));
    window.htmx.ajax("GET", row.dataset.pick, { target: "#pick", swap: "outerHTML" });
  };
  board.addEventListener("row:selected", (event) => choose(event.target));
  board.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && !event.target.closest("a, button")) choose(row);
  });

  const quarterAt = (track, x) => {
    const box = track.getBoundingClientRect();
    return Math.max(0, Math.min(QUARTERS - 8, Math.floor(((x - box.left) / box.width) * QUARTERS)));
  };
  const unmark = () => {
    ghost?.remove();
    ghost = null;
    for (const lane of board.querySelectorAll(".is-over")) lane.classList.remove("is-over");
  };
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-row]");
    if (!dragged) return;
    dragged.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.name);
  });
  board.addEventListener("dragend", () => { dragged?.classList.remove("is-dragged"); dragged = null; unmark(); });
  board.addEventListener("dragover", (event) => {
    const lane = event.target.closest("[data-engineer]");
    if (!dragged || !lane) return;
    event.preventDefault();
    const track = lane.querySelector("[data-track]");
    const quarter = quarterAt(track, event.clientX);
    if (ghost?.parentNode !== track) {
      unmark();
      lane.classList.add("is-over");
      ghost = document.createElement("span");
      track.append(ghost);
    }
    ghost.className = `ghost s${quarter} w8`;
    ghost.textContent = `${dragged.dataset.name} ${clock(quarter)}`;
  });
  board.addEventListener("dragleave", (event) => { if (!board.contains(event.relatedTarget)) unmark(); });
  board.addEventListener("drop", (event) => {
    const lane = event.target.closest("[data-engineer]");
    if (!dragged || !lane) return;
    event.preventDefault();
    const quarter = quarterAt(lane.querySelector("[data-track]"), event.clientX);
    send(dragged, lane.dataset.engineer, `${board.dataset.day}T${clock(quarter)}`);
    unmark();
  });

  const clock = (quarter) => {
    const minutes = Number(board.dataset.firstHour) * 60 + quarter * 15;
    return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  };

  async function send(row, engineer, from) {
    const body = new URLSearchParams({ engineer, planned_start: from, planned_minutes: "120", version: row.dataset.version });
    const token = board.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(row.dataset.assign, { method: "POST", body, headers: { "HX-Request": "true", "X-CSRFToken": token } });
    const text = await answer.text();
    if (!answer.ok) return toast(text, "error");
    replace(text);
  }

  function replace(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("board");
    if (!fresh) return;
    clearInterval(timer);
    board.replaceWith(document.adoptNode(fresh));
    window.htmx.process(fresh);
    fresh.removeAttribute("data-module");
    start(fresh);
  }

  // The clocks run on: the board renews itself unless somebody is in the middle of something.
  const timer = setInterval(async () => {
    if (!board.isConnected) return clearInterval(timer);
    if (dragged || document.hidden || document.querySelector("dialog[open]")) return;
    const ticket = board.querySelector("[data-row][aria-selected=true]")?.dataset.ticket;
    const answer = await fetch(`${board.dataset.url}${ticket ? `&ticket=${ticket}` : ""}`, { headers: { "HX-Request": "true" } });
    if (answer.ok) replace(await answer.text());
  }, REFRESH);
}
