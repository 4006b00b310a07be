// Charts: ECharts is fetched only where a chart is; its numbers come from a JSON block, its twin table is one click away.
import { word } from "./words.js";

let library;
const load = (src) => (library ??= new Promise((resolve, reject) => {
  const script = Object.assign(document.createElement("script"), { src, onload: () => resolve(window.echarts), onerror: reject });
  document.head.append(script);
}));

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const palette = () => ["--brand-mid", "--warn-fill", "--good-fill", "--life", "--danger-fill", "--petrol-300", "--ink-3"].map(token);

// <figure data-chart="json-id" data-library="/static/echarts…"> <div class="chart"> … <table hidden>
export async function draw(part) {
  const figures = [...part.querySelectorAll("[data-chart]:not([data-ready])")];
  if (!figures.length) return;
  for (const figure of figures) figure.dataset.ready = "1";
  let echarts;
  try { echarts = await load(figures[0].dataset.library); } catch { figures.forEach((figure) => swap(figure, true)); return; }
  for (const figure of figures) one(echarts, figure);
}

function one(echarts, figure) {
  const option = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const place = figure.querySelector(".chart");
  const chart = echarts.init(place, null, { renderer: "svg" });
  const ink = token("--ink-2"), line = token("--line");
  const axis = { axisLabel: { color: ink }, axisLine: { lineStyle: { color: line } }, splitLine: { lineStyle: { color: token("--line-2") } }, nameTextStyle: { color: ink } };
  const dressed = (value) => (value === undefined ? undefined : Array.isArray(value) ? value.map((each) => ({ ...axis, ...each })) : { ...axis, ...value });
  chart.setOption({
    color: palette(),
    textStyle: { fontFamily: token("--sans"), color: ink },
    grid: { left: 8, right: 12, top: 34, bottom: 8, containLabel: true },
    animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
    aria: { enabled: true },
    ...option,
    legend: option.legend && { top: 0, left: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: ink }, ...option.legend },
    xAxis: dressed(option.xAxis),
    yAxis: dressed(option.yAxis),
    // HTML tooltips need inline styles, which the page's policy forbids.
    tooltip: { trigger: "axis", ...option.tooltip, renderMode: "richText", backgroundColor: token("--sheet"), borderColor: line, textStyle: { color: token("--ink") } },
  });
  new ResizeObserver(() => chart.resize()).observe(place);
  chart.on("click", (event) => { if (event.data?.url) location.assign(event.data.url); });
  figure.querySelector("[data-chart-table]")?.addEventListener("click", () => swap(figure));
  figure.querySelector("[data-chart-image]")?.addEventListener("click", () => save(chart, figure));
}

function swap(figure, always) {
  const table = figure.querySelector("table"), place = figure.querySelector(".chart");
  if (!table) return;
  table.hidden = always ? false : !table.hidden;
  place.hidden = !table.hidden;
  const button = figure.querySelector("[data-chart-table]");
  if (button) button.textContent = word(table.hidden ? "table" : "chart");
}

function save(chart, figure) {
  const link = document.createElement("a");
  link.href = chart.getDataURL({ pixelRatio: 2, backgroundColor: token("--sheet") });
  link.download = `${figure.dataset.title || "chart"}.svg`;
  link.click();
}
