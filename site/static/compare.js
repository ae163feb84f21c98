/* Paired differences of two to four entries of one board, by the rule of `paired` in statistics.py.
   All words stand in the page: digits in them are places for what is counted or named. */
const query = new URLSearchParams(location.search), ids = [...new Set(query.getAll("e"))];
const $ = (selector, part = document) => part.querySelector(selector);
const area = $("[data-compare]"), texts = area.dataset;
const words = (key, ...parts) => texts[key].replace(/\d/g, (i) => parts[i]);
const mean = (d) => d.reduce((sum, x) => sum + x, 0) / d.length;

async function read(path) {
  const found = await fetch(texts.compare + path).catch(() => 0), content = found.ok && await found.json().catch(() => 0);
  if (!content) throw words(found.status === 404 ? "unknown" : "failed", path);
  return content;
}

/* Of pairs of values: mean difference, its limits for each table of t, and how often both, one or none is high. */
function paired(pairs, [lo, hi], tables) {
  const width = hi - lo, near = width / 1e4, d = pairs.map(([a, b]) => a - b), m = d.length, value = mean(d);
  const high = (x) => Math.abs(hi - x) <= near, binary = pairs.flat().every((x) => high(x) || Math.abs(x - lo) <= near);
  if (binary || Math.max(...d) - Math.min(...d) <= near) d.push(width, -width);
  const centre = mean(d), error = Math.sqrt(mean(d.map((x) => (x - centre) ** 2)) / (d.length - 1));
  const limits = tables.map((t) => [-1, 1].map((side) => {
    const reach = side * centre + (t[m - 2] ?? Infinity) * error;
    return side * Math.min(width, Math.max(side * value, reach));
  }));
  return { m, value, limits, counts: binary && [3, 2, 1, 0].map((k) => pairs.filter(([a, b]) => 2 * high(a) + high(b) === k).length) };
}

async function compare() {
  if (!ids[0]) return;
  if (!ids[1] || ids[4]) throw words("count", ids.length);
  const entries = await Promise.all(ids.map((id) => read(`data/entries/${id.replace(/[^\w.-]/g, "_")}.json`)));
  const same = (key, values) => values.forEach((x, i) => {
    if (x !== values[0]) throw words(key, ids[0], ids[i], values[0], x);
  });
  const boards = entries.map((entry) => entry.results.map((result) => result.board));
  const shared = boards[0].filter((id) => boards.every((own) => own.includes(id))), asked = query.get("board");
  if (!shared[0]) same("boards", boards.map((own) => own.join(", ")));
  const board = await read(`data/boards/${shared.includes(asked) ? asked : shared[0]}.json`), { columns } = board;
  const places = ids.map((id) => columns.entry.indexOf(id));
  same("kinds", places.map((place, i) => columns.kind[place] ?? board.earlier[ids[i]] ?? texts.gone));
  if (!columns.kind[places[0]]) throw words("nothing", ...ids);
  show(board, places, await Promise.all(entries.map(async (entry, i) => {
    const record = columns.record[places[i]], { results } = record ? await read(record) : entry;
    return results.find((result) => result.board === board.board).units.split(" ").map((text) => text / 1e4); // "-" is NaN
  })));
}

function show({ board, title, columns, unit, range, direction, decimals, critical }, places, units) {
  const digits = (x) => x.toFixed(decimals).replace(/^-(?=[0.]*$)/, "").replace("-", "−");
  const between = (limits) => limits.map(digits).join(" to ");
  const link = (part, text, to) => Object.assign($("a", part), { textContent: text, href: texts.compare + to });
  const item = $("li", area), block = $("section", area), pairs = [];
  link(area, title, `boards/${board}/`);
  places.forEach((place, i) => {
    const part = item.cloneNode(true);
    link(part, columns.name[place], `entries/${ids[i]}/`);
    $("small", part).append(columns.shown[place]);
    item.before(part);
    for (let j = i + 1; j < places.length; j++) pairs.push([i, j]);
  });
  const found = pairs.map(([i, j]) => {
    const common = units[i].map((x, k) => [x, units[j][k]]).filter(([x, y]) => x - y === x - y);
    if (!common[0]) throw words("none", ids[i], ids[j], unit);
    return paired(common, range, [critical.t95, critical[`t95_${pairs.length}`] ?? critical.t95]);
  });
  const reach = Math.max(...found.flatMap(({ limits }) => limits[1].map(Math.abs))), at = (x) => 56 + 55 * x / reach;
  found.forEach(({ m, value, limits: [own, joint], counts }, k) => {
    const part = block.cloneNode(true), names = pairs[k].map((i) => "ABCD"[i]), sign = (joint[0] > 0) - (joint[1] < 0);
    const put = (selector, ...text) => $(selector, part).append(...text);
    put("h3", names.join(" − "));
    put("b", value > 0 ? "+" : "", digits(value));
    put("span", between(own));
    if (pairs[1]) put("small", words("joint", pairs.length, between(joint)));
    put(".cap", counts ? words(direction === "higher" ? "right" : "high", ...names, ...counts) : "", "n = ", m);
    $("path + path", part).setAttribute("d", `M${joint.map(at).join(" 8H")}`);
    $("circle", part).setAttribute("cx", at(value));
    if (direction === "lower" ? sign > 0 : sign < 0) names.reverse();
    put(".say", words(!sign ? "same" : direction === "none" ? "differ" : "ahead", ...names, unit));
    Object.assign(part.dataset, { value, own, joint });
    block.before(part);
  });
  item.remove();
  block.remove();
  area.hidden = false;
}

compare().catch((reason) => {
  if (!reason.at) throw reason; // no sentence
  $("[role=status]").textContent = reason;
});
