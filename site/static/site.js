/* Small conveniences: sorting, filtering, copying. Every page is complete without them. */
const cellValue = (row, i) => row.cells[i].dataset.v ?? row.cells[i].textContent.trim();
const number = (text) => { const n = parseFloat(text.replace("−", "-")); return Number.isNaN(n) ? null : n; };
const query = new URLSearchParams(location.search);

const entries = (body) => [...body.rows].filter((row) => !row.matches(".group"));

function remember(key, value) {
  if (value) query.set(key, value); else query.delete(key);
  const text = query.toString();
  history.replaceState(null, "", text ? "?" + text : location.pathname);
}

function compare(a, b) {
  const [x, y] = [number(a), number(b)];
  if (x === null || y === null) return x === y ? a.localeCompare(b) : x === null ? 1 : -1;
  return x - y;
}

function sortRows(table, head, ascending) {
  const i = head.cellIndex;
  for (const body of table.tBodies) { // a block of a board stays a block, under its heading
    const rows = entries(body).map((row, place) => [cellValue(row, i), place, row]);
    rows.sort((a, b) => (!a[0] - !b[0]) || (ascending ? 1 : -1) * compare(a[0], b[0]) || a[1] - b[1]);
    body.append(...rows.map((item) => item[2]));
  }
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
}

function enableSort(table) {
  for (const head of table.tHead.rows[0].cells) {
    if (head.querySelector(".scale") || "nosort" in head.dataset) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const ascending = head.hasAttribute("aria-sort")
        ? head.getAttribute("aria-sort") === "descending"
        : !head.matches(".num:not(:first-child)");
      sortRows(table, head, ascending);
      remember("sort", String(head.cellIndex));
      remember("dir", ascending ? "" : "desc");
    });
  }
  const asked = table.tHead.rows[0].cells[Number(query.get("sort") ?? -1)];
  if (asked?.querySelector("button")) sortRows(table, asked, query.get("dir") !== "desc");
}

function enableFilter(form) {
  const table = document.querySelector("table[data-sort]");
  const status = form.querySelector("[role=status]");
  const total = Number(status.dataset.total);
  const bodies = [...table.tBodies];
  const rows = bodies.flatMap(entries);
  const apply = () => {
    const { q, dev, weights, rung } = form.elements;
    const words = q.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase() + " " + (row.querySelector("a")?.title ?? "").toLowerCase();
      const fits = words.every((word) => text.includes(word)) && (!dev.value || row.dataset.dev === dev.value)
        && (!weights.value || row.dataset.w === weights.value) && (!rung.value || row.dataset.r >= rung.value);
      row.hidden = !fits;
      shown += fits;
    }
    for (const body of bodies) body.hidden = entries(body).every((row) => row.hidden);
    status.textContent = shown === rows.length ? `${total} entries`
      : shown ? `${shown} of ${total} entries` : `No entry matches. ${total} entries are on this board.`;
    for (const field of [q, dev, weights, rung]) remember(field.name, field.value);
  };
  for (const field of form.elements) if (field.name && query.get(field.name)) field.value = query.get(field.name);
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  if (["q", "dev", "weights", "rung"].some((key) => query.get(key))) apply();
}

function enableCopy(block) {
  if (!navigator.clipboard) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1600);
  });
  block.parentElement.append(button);
}

document.querySelectorAll("table[data-sort]").forEach(enableSort);
document.querySelectorAll("form[data-filter]").forEach(enableFilter);
document.querySelectorAll("pre[data-copy]").forEach(enableCopy);
