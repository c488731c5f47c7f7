// Charts, each drawn from the table below it, which says the same in numbers. Where people write from
// the right, time runs from the right, as the table's columns do.

const HEIGHT = 210;
const SIDE = 56;
const BETWEEN = 10;
const BAR = [0.8, 44];
const HOUR = 3600;
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
const at = (file) => new URL(`./${file}`, import.meta.url).href;
const drawn = new WeakMap();
let library = null;

/** All that are on the page, as it is now; one that says the same already is left alone. */
export async function draw() {
  const figures = () => document.querySelectorAll("#page figure.chart");
  if (!figures().length) return;
  await (library ??= load());
  for (const each of figures()) show(each);
}

function load() {
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: at("uPlot.min.css") }));
  const script = Object.assign(document.createElement("script"), { src: at("uPlot.iife.min.js") });
  document.head.append(script);
  return new Promise((resolve, reject) => Object.assign(script, { onload: resolve, onerror: reject }));
}

function show(figure) {
  const plot = figure.querySelector(".plot");
  const told = { ...read(figure), colours: colours(figure), width: plot.clientWidth };
  const key = JSON.stringify(told);
  if (!told.width || drawn.get(plot)?.key === key) return;
  drawn.get(plot)?.chart.destroy();
  drawn.set(plot, { key, chart: new uPlot(...KINDS[figure.dataset.kind](told), plot) });
}

function read(figure) {
  const rows = [...figure.querySelectorAll("tbody tr")];
  const values = rows.map((row) => [...row.querySelectorAll("[data-value]")].map(({ dataset }) => dataset.value === "" ? null : Number(dataset.value)));
  return {
    labels: rows.map((row) => row.querySelector("th").textContent),
    series: values[0].map((_, n) => values.map((row) => row[n])),
    isRtl: getComputedStyle(figure).direction === "rtl",
    lang: document.documentElement.lang,
  };
}

/** As the style sheet has them, in the scheme that is in force. */
function colours(figure) {
  const of = (element, name) => getComputedStyle(element)[name];
  return {
    series: [...figure.querySelectorAll(".series")].map((each) => getComputedStyle(each, "::before").backgroundColor),
    text: of(figure.querySelector(".legend"), "color"),
    line: of(figure, "borderTopColor"),
  };
}

const KINDS = {
  bars: (told) => {
    const sides = told.isRtl ? [1, -1] : [-1, 1];
    const series = told.colours.series.map((fill, n) => bars(fill, [BAR[0] / 2, BAR[1] / 2], sides[n]));
    return [options(told, series, { values: counted(told) }), [places(told), ...told.series]];
  },
  stack: (told) => {
    const [good, over] = told.series;
    const series = told.colours.series.map((fill) => bars(fill, BAR, 0)).reverse();
    return [options(told, series, { values: counted(told) }), [places(told), good.map((n, day) => n + over[day]), good]];
  },
  lines: (told) => {
    const unit = Math.max(...told.series.flat()) > 2 * HOUR ? ["hour", HOUR] : ["minute", 60];
    const series = told.colours.series.map((stroke) => ({ stroke, width: 2.5, spanGaps: true, points: { show: true, size: 7, fill: stroke } }));
    const scaled = told.series.map((each) => each.map((seconds) => seconds === null ? null : seconds / unit[1]));
    return [options(told, series, { values: lasting(told, unit[0]) }), [places(told), ...scaled]];
  },
};

const places = ({ labels }) => labels.map((_, n) => n);
const bars = (fill, size, align) => ({ fill, stroke: fill, width: 0, points: { show: false }, paths: uPlot.paths.bars({ size, align, radius: 0.12 }) });
const counted = ({ lang }) => (_, ticks) => ticks.map((n) => n.toLocaleString(lang));
const lasting = ({ lang }, unit) => (_, ticks) => ticks.map((n) => n.toLocaleString(lang, { style: "unit", unit, unitDisplay: "short" }));

function options({ labels, isRtl, colours, width }, series, vertical) {
  const font = `12px ${getComputedStyle(document.documentElement).fontFamily}`;
  const step = Math.ceil(labels.length * (widest(labels, font) + BETWEEN) / (width - SIDE));
  const common = { stroke: colours.text, font, ticks: { show: false } };
  return {
    width,
    height: HEIGHT,
    padding: [8, isRtl ? 0 : 14, 0, isRtl ? 14 : 0],
    cursor: { show: false },
    legend: { show: false },
    scales: {
      x: { time: false, dir: isRtl ? -1 : 1, range: [-0.6, labels.length - 0.4] },
      y: { range: (_, __, most) => [0, Math.max(most * 1.1, 1)] },
    },
    axes: [
      { ...common, size: 30, grid: { show: false }, splits: () => labels.map((_, n) => n).filter((n) => n % step === 0), values: (_, ticks) => ticks.map((n) => labels[n]) },
      { ...common, ...vertical, side: isRtl ? 1 : 3, size: SIDE, incrs: WHOLE, grid: { stroke: colours.line, width: 1 } },
    ],
    series: [{}, ...series],
  };
}

function widest(labels, font) {
  const pen = Object.assign(document.createElement("canvas").getContext("2d"), { font });
  return Math.max(...labels.map((each) => pen.measureText(each).width));
}

new ResizeObserver(() => draw()).observe(document.documentElement);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw());
