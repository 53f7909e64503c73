'use strict';
// Sorts and filters tables, and draws charts once they are seen. Whatever it shows is text (textContent), never markup.
(() => {
  const element = (name, text, parent) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    parent?.append(made);
    return made;
  };

  // A number, perhaps with its unit; an address isn't one.
  const key = cell => {
    const text = cell.textContent.trim();
    const number = text.match(/^[-+]?(\d[\d,]*)?\.?\d+(?=\s|%|$)/);
    return number ? parseFloat(number[0].replace(/,/g, '')) : text;
  };

  // Port 80 before port 443, and 10.0.0.9 before 10.0.0.10.
  const natural = new Intl.Collator('en', {numeric: true}).compare;
  const compare = (one, other) => typeof one !== typeof other ? (typeof one === 'number' ? -1 : 1)
    : typeof one === 'number' ? one - other : natural(one, other);

  const sortable = table => {
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, column) => {
      if (heading.classList.contains('unsorted')) return;
      const button = element('button', heading.textContent);
      button.type = 'button';
      heading.replaceChildren(button);
      button.addEventListener('click', () => {
        const down = heading.getAttribute('aria-sort') === 'ascending';
        headings.forEach(other => other.removeAttribute('aria-sort'));
        heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const rows = [...table.tBodies[0].rows];
        const keys = new Map(rows.map(row => [row, key(row.cells[column])]));
        rows.sort((one, other) => (down ? -1 : 1) * compare(keys.get(one), keys.get(other)));
        table.tBodies[0].append(...rows);
      });
    });
  };

  const filtered = table => {
    const rows = [...table.tBodies[0].rows];
    if (rows.length < 8) return;
    const label = element('label', 'filter');
    label.className = 'filter';
    const input = element('input', '', label);
    input.type = 'search';
    const shown = element('output', '', label);
    input.addEventListener('input', () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(word => word);
      let count = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every(word => text.includes(word));
        if (!row.hidden) count++;
      }
      shown.textContent = words.length ? `${count} of ${rows.length}` : '';
    });
    table.parentElement.before(label);
  };

  const colour = state => getComputedStyle(document.documentElement)
    .getPropertyValue('--state-' + state.toLowerCase().replace(/_/g, '-')).trim() || '#888888';

  // Stacked: each line is the sum of the states up to it, and the area between it and the one below is the state's.
  const stacked = panel => {
    const sums = new Array(panel.seconds.length).fill(0);
    return panel.series.map(series => series.sockets.map((count, at) => sums[at] += count));
  };

  const plot = (panel, chart, parent) => {
    const box = element('div', '', parent);
    element('h4', panel.name, box);
    const ink = getComputedStyle(document.documentElement).getPropertyValue('--faint').trim();
    const line = getComputedStyle(document.documentElement).getPropertyValue('--line').trim();
    const seconds = [...panel.seconds, chart.seconds];
    const sums = stacked(panel).map(values => [...values, values.at(-1)]);
    const reversed = panel.series.map((series, at) => ({state: series.state, values: sums[at]})).reverse();
    const options = {
      width: Math.max(260, box.clientWidth),
      height: 170,
      legend: {show: false},
      cursor: {show: true, drag: {x: true, y: false}},
      scales: {x: {time: false, range: [0, chart.seconds]}, y: {range: [0, Math.max(1, chart.most * 1.05)]}},
      axes: [
        {stroke: ink, grid: {stroke: line, width: .5}, ticks: {stroke: line}, values: (u, values) => values.map(value => value + ' s')},
        {stroke: ink, grid: {stroke: line, width: .5}, ticks: {stroke: line}, size: 52},
      ],
      series: [{}, ...reversed.map(series => ({
        stroke: colour(series.state), fill: colour(series.state), width: 1, points: {show: false},
        paths: uPlot.paths.stepped({align: 1}),
      }))],
      hooks: {
        draw: [u => {
          u.ctx.save();
          u.ctx.strokeStyle = ink;
          u.ctx.fillStyle = ink;
          u.ctx.setLineDash([3, 4]);
          u.ctx.font = `${10 * devicePixelRatio}px sans-serif`;
          chart.steps.forEach((step, at) => {
            const x = Math.round(u.valToPos(step.seconds, 'x', true));
            u.ctx.beginPath();
            u.ctx.moveTo(x, u.bbox.top);
            u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
            u.ctx.stroke();
            u.ctx.fillText(at + 1, x + 2, u.bbox.top + 10 * devicePixelRatio);
          });
          u.ctx.restore();
        }],
      },
    };
    const made = new uPlot(options, [seconds, ...reversed.map(series => series.values)], box);
    const legend = element('ul', '', box);
    legend.className = 'legend';
    for (const series of panel.series) {
      const item = element('li', '', legend);
      element('i', '', item).style.background = colour(series.state);
      item.append(series.state);
    }
    return made;
  };

  const plots = [];
  const draw = place => {
    if (place.childElementCount || !place.dataset.chart) return;
    const chart = JSON.parse(place.dataset.chart);
    for (const panel of chart.panels) plots.push([plot(panel, chart, place), place]);
    if (chart.steps.length) {
      const steps = element('ol', '');
      steps.className = 'steps';
      for (const step of chart.steps) element('li', `${step.seconds.toFixed(1)} s: ${step.what}`, steps);
      place.after(steps);
    }
  };

  // Steps through a ladder's segments; what the current one says is read out below.
  document.querySelectorAll('figure.picture').forEach(figure => {
    const segments = [...figure.querySelectorAll('.segment')];
    const told = figure.querySelector('output');
    segments.forEach((segment, at) => {
      segment.addEventListener('focus', () => {
        told.textContent = `${at + 1} of ${segments.length}: ${segment.querySelector('title').textContent}`;
      });
      segment.addEventListener('keydown', event => {
        const next = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: segments.length - 1}[event.key];
        if (segments[next]) {
          segments[next].focus();
          segments[next].scrollIntoView({block: 'nearest'});
          event.preventDefault();
        }
      });
    });
    const zoom = element('label', 'zoom ');
    zoom.className = 'filter';
    const range = element('input', '', zoom);
    Object.assign(range, {type: 'range', min: 40, max: 250, value: 100});
    const svg = figure.querySelector('svg');
    range.addEventListener('input', () => {
      svg.style.maxWidth = 'none';
      svg.style.width = 9.6 * range.value + 'px';
    });
    figure.prepend(zoom);
  });

  document.querySelectorAll('table.sortable').forEach(table => { sortable(table); filtered(table); });
  const places = [...document.querySelectorAll('[data-chart]')];
  const seen = () => places.filter(place => !place.closest('details:not([open])')).forEach(draw);
  document.querySelectorAll('details').forEach(part => part.addEventListener('toggle', seen));
  const open = id => {
    const target = id && document.getElementById(id);
    if (target && target.tagName === 'DETAILS') {
      target.open = true;
      target.scrollIntoView();
    }
  };
  const openTarget = () => open(decodeURIComponent(location.hash.slice(1)));
  // The whole row is a link; the real one in it is for keyboards, and the address stays what it was if it led there before.
  document.querySelectorAll('[data-opens]').forEach(row => row.addEventListener('click', event => {
    if (getSelection().isCollapsed) {
      event.preventDefault();
      history.pushState(null, '', '#' + encodeURIComponent(row.dataset.opens));
      open(row.dataset.opens);
    }
  }));
  addEventListener('hashchange', openTarget);
  addEventListener('resize', () => plots.forEach(([made, place]) => {
    const width = made.root.parentElement.clientWidth;
    if (width) made.setSize({width: Math.max(260, width), height: 170});
  }));
  addEventListener('beforeprint', () => document.querySelectorAll('details').forEach(part => { part.open = true; }));
  openTarget();
  seen();
  // For tests: what is drawn.
  document.documentElement.dataset.plots = plots.length;
  document.querySelectorAll('details').forEach(part => part.addEventListener('toggle', () => {
    document.documentElement.dataset.plots = plots.length;
  }));
})();
