// Reads a QR or bar code with the camera where the browser can; our own addresses open, anything else is searched.
export function start(element) {
  const video = element.querySelector("video");
  const button = element.querySelector("[data-scan]");
  const form = element.querySelector("form");
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) {
    button.hidden = true;
    element.querySelector("[data-scan-none]").hidden = false;
    return;
  }
  button.addEventListener("click", async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    video.hidden = false;
    button.hidden = true;
    await video.play();
    const detector = new BarcodeDetector({ formats: ["qr_code", "code_128", "data_matrix"] });
    const look = async () => {
      const [code] = await detector.detect(video).catch(() => []);
      if (!code) return setTimeout(look, 200);
      stream.getTracks().forEach((track) => track.stop());
      const url = URL.canParse?.(code.rawValue) ? new URL(code.rawValue) : null;
      if (url?.origin === location.origin) return location.assign(url.href);
      form.q.value = code.rawValue;
      form.requestSubmit();
    };
    look();
  });
}
