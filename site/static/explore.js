/* The third rendering of a chart: Plotly and the plot are fetched when asked for, and replace the picture. */
const near = (path) => new URL(path, import.meta.url).href;
const BUNDLE = {
  src: near("vendor/plotly-cartesian.min.js"),
  integrity: "sha384-zc4SwKObGL/W0M3RUI09UPWjlgIZHfbwMgcZO6713mRh78tfUmIQKhzCyE2LIiUg",
};
/* Plotly inserts no style element, which the policy would refuse, where it finds this id and class. */
const SHEET = {
  id: "plotly.js-style-global",
  className: "no-inline-styles",
  rel: "stylesheet",
  href: near("vendor/plotly.css"),
};
const CONFIG = { displayModeBar: false, responsive: true };
const dark = matchMedia("(prefers-color-scheme: dark)");
let loading;

function add(tag, fields) {
  const element = Object.assign(document.createElement(tag), fields);
  return new Promise((resolve, reject) => {
    element.addEventListener("load", resolve);
    element.addEventListener("error", () => {
      element.remove();
      reject(new Error(`${tag} not loaded`));
    });
    document.head.append(element);
  });
}

function load() {
  loading ??= Promise.all([add("link", SHEET), add("script", BUNDLE)]).catch((error) => {
    loading = undefined;
    document.getElementById(SHEET.id)?.remove();
    throw error;
  });
  return loading;
}

/* Colours are names of custom properties, so that the plot has those of the reader's theme. */
function themed(text) {
  const css = getComputedStyle(document.documentElement);
  return JSON.parse(text, (key, value) => (/color$/.test(key) && css.getPropertyValue(value)) || value);
}

export async function explore(figure) {
  const answer = await fetch(near(`../data/charts/${figure.id.replace("chart-", "")}.json`));
  if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
  const [text] = await Promise.all([answer.text(), load()]);
  const picture = figure.querySelector(".wide");
  const plot = document.createElement("div");
  plot.className = "slim";
  plot.setAttribute("role", "group");
  plot.setAttribute("aria-label", picture.querySelector("title").textContent);
  const draw = () => {
    const { data, layout } = themed(text);
    return Plotly.react(plot, data, layout, CONFIG);
  };
  picture.before(plot);
  try {
    await draw();
  } catch (error) {
    plot.remove();
    throw error;
  }
  dark.addEventListener("change", draw);
  figure.querySelector(".narrow").remove();
  picture.remove();
  figure.querySelector(".more").textContent = "Drag to enlarge, double-click to go back.";
}
