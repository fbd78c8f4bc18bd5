'use strict';
const body = document.querySelector('tbody');
const heads = [...document.querySelectorAll('th')];
const rows = [...body.rows];
const texts = new Intl.Collator(undefined, { numeric: true });

function compare(column, number, a, b) {
  const x = a.cells[column], y = b.cells[column];
  if (!number) return texts.compare(x.textContent, y.textContent);
  return Number(x.dataset.n) - Number(y.dataset.n);
}

function isEmpty(cell, number) {
  return number ? cell.dataset.n === undefined : cell.textContent === '';
}

function sort(column) {
  const head = heads[column];
  const number = 'n' in head.dataset;
  const up = head.getAttribute('aria-sort') !== 'ascending';
  heads.forEach(h => h.removeAttribute('aria-sort'));
  head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
  const order = rows.filter(r => !isEmpty(r.cells[column], number));
  order.sort((a, b) => (up ? 1 : -1) * compare(column, number, a, b));
  order.push(...rows.filter(r => isEmpty(r.cells[column], number)));
  body.append(...order);
}

heads.forEach((head, column) => {
  const button = head.querySelector('button');
  if (button) button.onclick = () => sort(column);
});

const words = new Map(rows.map(r => [r, r.textContent.toLowerCase()]));
const find = document.querySelector('input');
const found = document.querySelector('#tools span');
find.oninput = () => {
  const wanted = find.value.toLowerCase();
  let shown = 0;
  for (const row of rows) {
    row.hidden = !words.get(row).includes(wanted);
    if (!row.hidden) shown++;
  }
  found.textContent = wanted ? shown + ' of ' + rows.length : '';
};
