// The calendar by keyboard: arrows walk the days, Enter opens the day's agenda, Page Up and Page Down turn the page.
export function start(calendar) {
  const days = () => [...calendar.querySelectorAll("[data-day]")];
  calendar.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const turn = { PageUp: "back", PageDown: "forward" }[event.key];
    if (turn) {
      event.preventDefault();
      calendar.querySelector(`[data-cal="${turn}"]`).click();
      return;
    }
    const day = event.target.closest("[data-day]");
    if (!day) return;
    if (event.key === "Enter" && day.dataset.agenda && innerWidth > 760) {
      event.preventDefault();
      location.assign(day.dataset.agenda);
      return;
    }
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, Home: -((days().indexOf(day)) % 7), End: 6 - (days().indexOf(day) % 7) };
    if (!(event.key in steps)) return;
    event.preventDefault();
    const all = days();
    const target = all[all.indexOf(day) + steps[event.key]];
    if (target) target.focus();
    else if (steps[event.key]) calendar.querySelector(`[data-cal="${steps[event.key] < 0 ? "back" : "forward"}"]`).click();
  });
}
