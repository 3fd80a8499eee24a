"use strict";
(() => {
  const contents = document.querySelector("nav details");
  const beside = matchMedia("(min-width: 70rem)");
  const unfold = () => { contents.open = beside.matches; };
  unfold();
  beside.addEventListener("change", unfold);

  // A box is a stop of the Tab key only while there is something to scroll to.
  const stops = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const more = target.scrollWidth > target.clientWidth + 1
        || target.scrollHeight > target.clientHeight + 1;
      if (more) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const box of document.querySelectorAll(".scrolls")) stops.observe(box);

  const boxes = [...document.querySelectorAll(".live")];
  const packed = document.getElementById("plotly");
  if (!packed || !("DecompressionStream" in window)) return; // the pictures stay

  const narrow = matchMedia("(max-width: 47.99rem)");
  const config = { displayModeBar: false, responsive: true, scrollZoom: false,
    doubleClick: false, showTips: false };

  async function unpack() {
    const bytes = Uint8Array.from(atob(packed.textContent), (sign) => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.head.append(script); // let in by its fingerprint only
  }

  async function draw(box) {
    const plot = JSON.parse(document.getElementById(box.dataset.plot).textContent);
    const layout = narrow.matches ? plot.narrow : plot.wide;
    layout.font.family = getComputedStyle(document.body).fontFamily;
    box.style.height = `${layout.height}px`; // kept when the width follows the window's
    box.parentElement.classList.add("drawn");
    try {
      await Plotly.react(box, plot.data, layout, config);
    } catch (error) {
      box.parentElement.classList.remove("drawn");
      throw error;
    }
  }

  async function drawAll() {
    for (const box of boxes) await draw(box);
    document.documentElement.dataset.drawn = narrow.matches ? "narrow" : "wide";
  }
  narrow.addEventListener("change", () => { if (window.Plotly) drawAll(); });
  unpack().then(drawAll);
})();
