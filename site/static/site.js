/* Small conveniences: sorting, filtering, choosing, copying. Every page is complete without them. */
const query = new URLSearchParams(location.search);
const $ = (selector, part = document) => part.querySelector(selector);
const $$ = (selector, part = document) => [...part.querySelectorAll(selector)];
const make = (tag, set) => Object.assign(document.createElement(tag), set);
const rowsOf = (part) => $$("tbody tr:not(.group)", part);

function remember(state) {
  for (const key in state) if (state[key]) query.set(key, state[key]); else query.delete(key);
  history.replaceState(null, "", `${query}` ? `?${query}` : location.pathname);
}

function sortRows(table, head, isDown) {
  const isNumber = head.matches(".num"), sign = isDown ? -1 : 1, lacks = (x) => !x && x !== 0;
  for (const body of table.tBodies) { // a block of a board stays a block, under its heading
    const keyed = rowsOf(body).map((row) => {
      const cell = row.cells[head.cellIndex], text = cell.dataset.v ?? cell.textContent.trim();
      return [isNumber ? parseFloat(text.replace("−", "-").replace(/^[^\d-]+/, "")) : text, row];
    });
    keyed.sort(([a], [b]) => lacks(a) - lacks(b) || sign * (isNumber ? a - b : a.localeCompare(b)));
    body.append(...keyed.map(([, row]) => row));
  }
  for (const cell of head.parentNode.cells) cell.ariaSort = cell === head ? isDown ? "descending" : "ascending" : null;
}

/* Brings the rows of the board's other pages into the table, in their order and under their headings. */
async function loadRows(table, links) {
  const bodies = await Promise.all(links.map(async (link) => {
    if (link.ariaCurrent) return [...table.tBodies];
    const answer = await fetch(link);
    if (!answer.ok) throw answer;
    const other = $("table[data-sort]", new DOMParser().parseFromString(await answer.text(), "text/html"));
    for (const to of $$("a", other)) to.href = new URL(to.getAttribute("href"), link);
    return [...other.tBodies];
  }));
  const blocks = {};
  for (const body of bodies.flat()) {
    const block = blocks[$(".group", body)?.textContent] ??= table.appendChild(body);
    if (block === body) continue;
    block.append(...rowsOf(body));
    body.remove();
  }
  addBoxes(table);
}

function enableTable(table) {
  const form = $("form[data-filter]"), nav = $("[data-pages]"), own = new Set(rowsOf(table));
  const fields = form ? $$("input, select", form) : [], asksAll = () => head || fields.some((field) => field.value);
  const status = $("[data-total]"), texts = status?.dataset;
  let head, loading, isWhole = !nav;

  async function update(isSorted) {
    let failure;
    if (asksAll() && !isWhole) {
      loading ??= loadRows(table, $$("a", nav));
      await loading.then(() => { isWhole = isSorted = true; }, () => { loading = null; failure = texts.failed; });
    }
    remember(Object.fromEntries(fields.map((field) => [field.name, field.value])));
    if (head && isSorted) sortRows(table, head, query.get("dir"));
    const [q = "", dev, weights, rung] = fields.map((field) => field.value), isAll = asksAll(), words = q.toLowerCase().split(/\s+/);
    let count = 0;
    for (const body of table.tBodies) {
      body.hidden = true;
      for (const row of rowsOf(body)) {
        const text = row.words ??= `${row.textContent} ${$("a", row).title}`.toLowerCase(), { dataset } = row;
        const fits = (isAll || own.has(row)) && words.every((word) => text.includes(word)) && !(dataset.r < rung)
          && (!dev || dev === dataset.dev) && (!weights || weights === dataset.w);
        row.hidden = !fits || ++count > texts?.limit;
        if (!row.hidden) body.hidden = false;
      }
    }
    if (nav) nav.hidden = isAll && isWhole;
    if (!form) return;
    const found = !isAll || count == texts.total ? texts.all : count ? `${count} of ${texts.all}` : texts.none;
    status.textContent = failure ?? found + (count > texts.limit ? texts.cut : "");
  }

  for (const cell of table.tHead.rows[0].cells) {
    if ($(".scale", cell) || "nosort" in cell.dataset) continue;
    const sort = `${cell.cellIndex}`, button = make("button", { type: "button", onclick() {
      const isDown = cell.ariaSort ? cell.ariaSort === "ascending" : cell.matches(".num:not(:first-child)");
      head = cell;
      remember({ sort, dir: isDown && "desc" });
      update(true);
    } });
    button.append(...cell.childNodes);
    cell.append(button);
    if (query.get("sort") === sort) head = cell;
  }
  for (const field of fields) {
    field.value = query.get(field.name) ?? "";
    if (field.selectedIndex < 0) field.selectedIndex = 0;
  }
  if (form) Object.assign(form, { hidden: false, oninput: () => update(), onreset: () => setTimeout(update), onsubmit: () => false });
  if (asksAll()) update(true);
}

function addBoxes(table) {
  if (table.dataset.compare) for (const row of rowsOf(table)) if (!$("input", row)) {
    const label = make("label", { className: "pick" });
    label.append(make("input", { type: "checkbox", ariaLabel: `Compare ${$("a", row).textContent}` }));
    row.cells[0].prepend(label);
  }
}

function enableChoice(table) {
  const bar = $(".bar"), link = $("a", bar);
  const update = table.onchange = () => {
    const boxes = $$("input", table), chosen = boxes.filter((box) => box.checked).map((box) => $("a", box.closest("tr")));
    for (const box of boxes) box.disabled = chosen[3] && !box.checked;
    bar.hidden = !chosen[0];
    link.hidden = !chosen[1];
    link.href = table.dataset.compare + chosen.map((to) => `&e=${to.pathname.split("/").at(-2)}`).join("");
    $("span", bar).textContent = chosen.map((to) => to.textContent).join(", ");
  };
  addBoxes(table);
  $("button", bar).onclick = () => {
    for (const box of $$("input", table)) box.checked = false;
    update();
  };
}

function enableCopy(block) {
  if (navigator.clipboard) block.after(make("button", { type: "button", className: "btn", textContent: "Copy", async onclick() {
    await navigator.clipboard.writeText(block.textContent);
    this.textContent = "Copied";
    setTimeout(() => { this.textContent = "Copy"; }, 1600);
  } }));
}

function enableExplore(figure) {
  const status = make("span", { role: "status" });
  const button = make("button", { type: "button", className: "btn", textContent: "Explore", async onclick() {
    try {
      await (await import("./explore.js")).explore(figure);
    } catch {
      status.textContent = "Plot not loaded; the picture stays.";
    }
  } });
  const row = make("p", { className: "more" });
  row.append(button, status);
  $("details", figure).before(row);
}

$$("table[data-compare]").forEach(enableChoice);
$$("table[data-sort]").forEach(enableTable);
$$("pre[data-copy]").forEach(enableCopy);
$$("figure:has(svg.chart)").forEach(enableExplore);
