'use strict';
// TCP's state diagram as RFC 9293, figure 5, has it, laid out by hand. Everything is set as text, nothing as markup.
const Diagram = (() => {
  const SVG = 'http://www.w3.org/2000/svg';
  const WIDTH = 152, HEIGHT = 58;
  const NODES = {
    CLOSED: [400, 40], LISTEN: [110, 120], SYN_SENT: [690, 120], SYN_RECV: [110, 235], ESTABLISHED: [400, 235],
    FIN_WAIT_1: [110, 350], CLOSING: [400, 350], CLOSE_WAIT: [690, 350],
    FIN_WAIT_2: [110, 465], TIME_WAIT: [400, 465], LAST_ACK: [690, 465], END: [400, 570],
  };
  // from, to, where the rate stands on the way (0 to 1), rare ones dashed
  const EDGES = [
    ['CLOSED', 'LISTEN', .5], ['CLOSED', 'SYN_SENT', .5], ['LISTEN', 'SYN_RECV', .5], ['SYN_SENT', 'SYN_RECV', .3, true],
    ['SYN_SENT', 'ESTABLISHED', .45], ['SYN_RECV', 'ESTABLISHED', .5], ['SYN_RECV', 'FIN_WAIT_1', .5, true],
    ['ESTABLISHED', 'FIN_WAIT_1', .5], ['ESTABLISHED', 'CLOSE_WAIT', .5], ['FIN_WAIT_1', 'FIN_WAIT_2', .5],
    ['FIN_WAIT_1', 'CLOSING', .5], ['FIN_WAIT_1', 'TIME_WAIT', .45, true], ['FIN_WAIT_2', 'TIME_WAIT', .5],
    ['CLOSING', 'TIME_WAIT', .5], ['CLOSE_WAIT', 'LAST_ACK', .5], ['LAST_ACK', 'END', .5], ['TIME_WAIT', 'END', .5],
  ];
  // The kernel's names of changes that the diagram draws elsewhere: TIME_WAIT is a socket of another kind, which isn't traced.
  const DRAWN = {
    'FIN_WAIT_2 CLOSED': 'FIN_WAIT_2 TIME_WAIT', 'CLOSING CLOSED': 'CLOSING TIME_WAIT', 'LAST_ACK CLOSED': 'LAST_ACK END',
    'TIME_WAIT CLOSED': 'TIME_WAIT END',
  };
  // What a socket that wasn't there at the look before must have gone through; a look sees only where it is now.
  const LED_TO = {
    CLOSE_WAIT: ['ESTABLISHED', 'CLOSE_WAIT'], LAST_ACK: ['ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK'],
    FIN_WAIT_1: ['ESTABLISHED', 'FIN_WAIT_1'], FIN_WAIT_2: ['ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2'],
  };

  function element(name, attributes, parent, text) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    if (parent) parent.append(made);
    return made;
  }

  // The point on a node's border towards another node.
  function border([x, y], [tx, ty]) {
    const dx = tx - x, dy = ty - y;
    const scale = Math.min(dx ? (WIDTH / 2 + 3) / Math.abs(dx) : Infinity, dy ? (HEIGHT / 2 + 3) / Math.abs(dy) : Infinity);
    return [x + dx * scale, y + dy * scale];
  }

  function drawEdge(parent, labels, [from, to, at, rare]) {
    const a = border(NODES[from], NODES[to]), b = border(NODES[to], NODES[from]);
    const group = element('g', {class: rare ? 'edge rare' : 'edge'}, parent);
    const path = `M${a[0]},${a[1]} L${b[0]},${b[1]}`;
    element('path', {d: path, 'marker-end': 'url(#arrow)'}, group);
    element('path', {d: path, class: 'flow'}, group);
    return {group, labels: element('g', {'data-edge': from + ' ' + to}, labels), x: a[0] + (b[0] - a[0]) * at, y: a[1] + (b[1] - a[1]) * at, rates: []};
  }

  function drawNode(parent, state) {
    const [x, y] = NODES[state];
    const group = element('g', {class: 'node', 'data-state': state}, parent);
    element('rect', {x: x - WIDTH / 2, y: y - HEIGHT / 2, width: WIDTH, height: HEIGHT, rx: 9}, group);
    element('text', {x, y: y + 5, class: 'name'}, group, state === 'END' ? 'CLOSED' : state);
    return {group, x, y, name: group.lastChild, counts: []};
  }

  // The custom property that has a state's colour.
  const color = state => '--state-' + (state === 'END' || state === 'CLOSED' ? 'close' : state.toLowerCase().replaceAll('_', '-'));

  function figure(number) {
    return number >= 10000 ? number.toLocaleString('en', {maximumFractionDigits: 0}) : number.toLocaleString('en', {maximumFractionDigits: 1});
  }

  // As many texts as there are hosts, side by side or one below the other.
  function texts(list, count, make) {
    while (list.length > count) list.pop().remove();
    while (list.length < count) list.push(make(list.length));
    return list;
  }

  function create(svg) {
    const marker = element('marker', {id: 'arrow', viewBox: '0 0 10 10', refX: 9, refY: 5, markerWidth: 8, markerHeight: 8, orient: 'auto-start-reverse'},
      element('defs', {}, svg));
    element('path', {d: 'M0,1 L10,5 L0,9 z', fill: 'context-stroke'}, marker);
    const lines = element('g', {}, svg), labels = element('g', {});
    const edges = new Map(EDGES.map(edge => [edge[0] + ' ' + edge[1], drawEdge(lines, labels, edge)]));
    const nodes = new Map(Object.keys(NODES).map(state => [state, drawNode(svg, state)]));
    svg.append(labels);
    return {show: hosts => show(nodes, edges, hosts)};
  }

  function show(nodes, edges, hosts) {
    for (const [state, node] of nodes) {
      const counts = hosts.map(host => host.states[state] || 0);
      const some = counts.some(count => count > 0);
      node.group.classList.toggle('full', some);
      node.group.querySelector('rect').style.stroke = some ? `var(${color(state)})` : '';
      node.name.setAttribute('y', some ? node.y - 8 : node.y + 5);
      texts(node.counts, some ? hosts.length : 0, () => element('text', {y: node.y + 19}, node.group));
      node.counts.forEach((text, i) => {
        text.setAttribute('x', node.x + (hosts.length > 1 ? (i ? 38 : -38) : 0));
        text.setAttribute('class', 'count ' + hosts[i].host);
        text.textContent = counts[i] ? figure(counts[i]) : '';
      });
    }
    const others = [];
    const flows = hosts.map(host => flow(host, edges, others));
    for (const [name, edge] of edges) {
      const moving = flows.map((rates, i) => [hosts[i].host, rates.get(name) || 0]).filter(one => one[1] > 0);
      edge.group.classList.toggle('moving', moving.length > 0);
      texts(edge.rates, moving.length, () => element('text', {}, edge.labels));
      edge.rates.forEach((text, i) => {
        text.setAttribute('x', edge.x);
        text.setAttribute('y', edge.y + 5 + (i - (moving.length - 1) / 2) * 16);
        text.setAttribute('class', 'rate ' + moving[i][0]);
        text.textContent = figure(moving[i][1]) + '/s';
      });
    }
    return others;
  }

  // Rates by the diagram's edges; changes that it doesn't have are collected as text.
  function flow(host, edges, others) {
    const rates = new Map();
    const add = (name, rate) => rates.set(name, (rates.get(name) || 0) + rate);
    for (const {from, to, perSecond} of host.edges) {
      const drawn = DRAWN[from + ' ' + to] || from + ' ' + to;
      const way = from === 'CLOSED' && host.edgesBy === 'census' ? LED_TO[to] : undefined;
      if (edges.has(drawn)) {
        add(drawn, perSecond);
      } else if (way) {
        for (let i = 1; i < way.length; i++) add(way[i - 1] + ' ' + way[i], perSecond);
      } else if (!(from === 'CLOSED' && host.edgesBy === 'census')) {
        others.push(`${host.host === 'target' ? '' : host.host + ' '}${from} → ${to} ${figure(perSecond)}/s`);
      }
    }
    return rates;
  }

  return {create, figure, color};
})();
