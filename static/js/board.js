// The kanban: dragging a card to the next column opens its gate, as its arrow button and Enter on it do.
import { toast } from "./words.js";

export function start(board) {
  let dragged = null;
  const columns = [...board.querySelectorAll("[data-column]")];
  const place = (card) => columns.findIndex((column) => column.dataset.column === card.dataset.stage);

  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-stage]");
    dragged?.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged?.dataset.href ?? "");
  });
  board.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    for (const column of columns) column.classList.remove("is-over");
    dragged = null;
  });
  for (const [index, column] of columns.entries()) {
    column.addEventListener("dragover", (event) => {
      if (!dragged || index === place(dragged)) return;
      event.preventDefault();
      column.classList.add("is-over");
    });
    column.addEventListener("dragleave", (event) => { if (!column.contains(event.relatedTarget)) column.classList.remove("is-over"); });
    column.addEventListener("drop", (event) => {
      if (!dragged) return;
      event.preventDefault();
      if (index === place(dragged) + 1) dragged.querySelector("[data-move]")?.click();
      else toast(board.dataset.refused, "warning");
    });
  }
}
