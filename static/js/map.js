// The relationship map: a person dragged onto another reports to them; dropped on the free sheet they report to nobody. The keyboard way is the form behind each person.
import { toast, word } from "./words.js";

export function start(svg) {
  let held = null;
  const at = (event) => { const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse()); return [point.x, point.y]; };
  const nodes = () => [...svg.querySelectorAll("[data-person]")];
  const under = (event) => nodes().find((node) => {
    if (node === held?.node) return false;
    const box = node.getBoundingClientRect();
    return event.clientX > box.left && event.clientX < box.right && event.clientY > box.top && event.clientY < box.bottom;
  });

  svg.addEventListener("dragstart", (event) => event.preventDefault());
  svg.addEventListener("pointerdown", (event) => {
    const node = event.target.closest("[data-person][data-url]");
    if (!node || event.button || event.pointerType === "touch") return; // a thumb scrolls the sheet; tapping opens the form
    held = { node, from: at(event), moved: false };
  });
  svg.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [x, y] = at(event);
    const dx = x - held.from[0], dy = y - held.from[1];
    if (!held.moved && Math.hypot(dx, dy) < 6) return;
    if (!held.moved) { held.moved = true; svg.setPointerCapture(event.pointerId); svg.classList.add("is-dragging"); }
    held.node.setAttribute("transform", `translate(${dx} ${dy})`);
    const target = under(event);
    nodes().forEach((node) => node.classList.toggle("is-target", node === target));
  });
  const drop = async (event) => {
    if (!held) return;
    const { node, moved } = held;
    const target = moved && event.type === "pointerup" ? under(event) : null;
    held = null;
    svg.classList.remove("is-dragging");
    nodes().forEach((one) => one.classList.remove("is-target"));
    if (!moved) return;
    addEventListener("click", (click) => { click.preventDefault(); click.stopPropagation(); }, { capture: true, once: true });
    setTimeout(() => node.removeAttribute("transform"), 400);
    if (event.type !== "pointerup" || (target?.dataset.person ?? "") === node.dataset.boss) return;
    const form = new URLSearchParams({ ...JSON.parse(node.dataset.place), reports_to: target?.dataset.person ?? "" });
    const answer = await fetch(node.dataset.url, { method: "POST", body: form, redirect: "manual", headers: { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value } });
    if (answer.type === "opaqueredirect") return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    toast(page.querySelector(".errors li, [data-sentence]")?.textContent.trim() || word("failed"), "error");
  };
  svg.addEventListener("pointerup", drop);
  svg.addEventListener("pointercancel", drop);
}
