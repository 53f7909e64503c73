'use strict';
// The last minutes: a chart for each host that the diagram shows.
const Charts = (() => {
  const KEPT_MS = 5 * 60 * 1000, BETWEEN_MS = 250, HEIGHT = 200;
  let points = [];
  let drawn = new Map();
  let last = 0;

  const color = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const width = figure => Math.max(260, figure.clientWidth - 34);
  const key = host => host.arm + ' ' + host.host;

  function start(history) {
    points = history.points;
    drawn.forEach(one => one.remove());
    drawn = new Map();
  }

  // A chart needn't follow each frame.
  function add(frame) {
    if (!frame.hosts.length || frame.atMillis - last < BETWEEN_MS) return false;
    last = frame.atMillis;
    points.push({atMillis: frame.atMillis, hosts: frame.hosts});
    while (points.length && points[0].atMillis < frame.atMillis - KEPT_MS) points.shift();
    return true;
  }

  function series(shown) {
    const times = [], rows = [], states = new Set();
    for (const point of points) {
      const host = point.hosts.find(one => key(one) === key(shown));
      if (host) {
        times.push(point.atMillis / 1000);
        rows.push(host.states);
        Object.keys(host.states).forEach(state => states.add(state));
      }
    }
    const names = [...states].sort();
    return {names, data: [times, ...names.map(name => rows.map(row => row[name] || 0))]};
  }

  function make(root, shown, names, data) {
    const figure = document.createElement('figure'), caption = document.createElement('figcaption');
    caption.textContent = shown.host === 'target' ? 'sockets over time' : `${shown.host} (${shown.arm}), sockets over time`;
    figure.append(caption);
    root.append(figure);
    const axis = {stroke: color('quiet'), grid: {stroke: color('line'), width: .5}, ticks: {stroke: color('line')}};
    const chart = new uPlot({
      width: width(figure), height: HEIGHT,
      scales: {x: {range: (u, min, max) => [Math.min(min, max - 10), max]}, y: {range: (u, min, max) => [0, Math.max(4, max * 1.05)]}},
      legend: {live: false}, cursor: {show: false},
      axes: [{...axis, space: 90, incrs: [1, 2, 5, 10, 15, 30, 60], values: (u, ticks) => ticks.map(tick => new Date(tick * 1000).toLocaleTimeString('en-GB'))}, {...axis, size: 64, values: (u, ticks) => ticks.map(tick => Number.isInteger(tick) ? tick.toLocaleString('en') : '')}],
      series: [{label: ' '},
        ...names.map(name => ({label: name, stroke: color(Diagram.color(name).slice(2)), width: 2, points: {show: false}}))],
    }, data, figure);
    return {chart, figure, names: names.join(), remove: () => { chart.destroy(); figure.remove(); }};
  }

  function show(root, hosts) {
    const wanted = new Set(hosts.map(key));
    for (const [name, one] of drawn) {
      if (!wanted.has(name)) {
        one.remove();
        drawn.delete(name);
      }
    }
    for (const host of hosts) {
      const {names, data} = series(host);
      if (!names.length) continue;
      const before = drawn.get(key(host));
      if (before && before.names === names.join()) {
        before.chart.setData(data);
      } else {
        if (before) before.remove();
        drawn.set(key(host), make(root, host, names, data));
        root.append(...hosts.filter(one => drawn.has(key(one))).map(one => drawn.get(key(one)).figure));
      }
    }
    for (const {chart, figure} of drawn.values()) {
      if (chart.width !== width(figure)) chart.setSize({width: width(figure), height: HEIGHT});
    }
  }

  return {start, add, show};
})();
