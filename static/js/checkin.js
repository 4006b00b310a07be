// Checking in: the tap asks the device where it is, once, and sends that; nothing is asked before.
export function start(form) {
  const button = form.querySelector("[data-locate]"), denied = form.querySelector("[data-denied]");
  let read = false; // what a refused form brought back is an old place: every tap of a person asks anew
  button.addEventListener("click", (event) => {
    if (read) return;
    event.preventDefault();
    denied.hidden = true;
    button.disabled = true;
    const fail = () => { denied.hidden = false; button.disabled = false; };
    if (!navigator.geolocation) return fail();
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      form.elements.latitude.value = coords.latitude.toFixed(6);
      form.elements.longitude.value = coords.longitude.toFixed(6);
      form.elements.accuracy.value = Math.ceil(coords.accuracy);
      button.disabled = false;
      read = true;
      form.requestSubmit(button);
      read = false;
    }, fail, { enableHighAccuracy: true, timeout: 15000, maximumAge: 10000 });
  });
}
