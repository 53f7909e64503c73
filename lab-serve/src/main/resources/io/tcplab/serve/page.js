'use strict';
// Shows the frames that the lab sends, and sends what the user wants. What comes from outside is only ever set as text.
const $ = id => document.getElementById(id);
const diagram = Diagram.create($('diagram'));
let catalogue = [], view = '', frame = null, drawing = false;

// The token is in a cookie by now; in the address it could be seen by whoever looks at the screen.
history.replaceState(null, '', location.pathname);

function text(parent, tag, content, className) {
  const made = document.createElement(tag);
  made.textContent = content;
  if (className) made.className = className;
  parent.append(made);
  return made;
}

function showText(element, content) {
  element.textContent = content;
  element.hidden = !content;
}

async function post(path, body) {
  showText($('error'), '');
  try {
    const response = await fetch(path, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
    const answer = response.headers.get('Content-Type').includes('json') ? await response.json() : {error: await response.text()};
    showText($('error'), answer.error || '');
  } catch (e) {
    showText($('error'), 'the lab doesn’t answer: it may have ended');
  }
}

function choose() {
  const chosen = catalogue.find(one => one.name === $('name').value);
  $('summary').textContent = chosen.summary;
  $('knobs').replaceChildren(...chosen.knobs.map(knob => {
    const box = document.createElement('div');
    const label = text(box, 'label', knob.name);
    const input = document.createElement('input');
    input.id = 'knob-' + knob.name;
    input.name = knob.name;
    input.placeholder = knob.initial;
    input.title = `${knob.meaning} (${knob.range}; default ${knob.initial})`;
    input.autocomplete = 'off';
    label.htmlFor = input.id;
    box.append(input);
    text(box, 'small', knob.range);
    return box;
  }));
}

async function loadCatalogue() {
  const answer = await (await fetch('catalogue')).json();
  catalogue = answer.experiments;
  for (const one of catalogue) text($('name'), 'option', one.name).value = one.name;
  if (answer.unavailable) showText($('unavailable'), 'Experiments can’t run here: ' + answer.unavailable);
  choose();
}

$('name').addEventListener('change', choose);
$('form').addEventListener('submit', event => {
  event.preventDefault();
  const set = {};
  for (const input of $('knobs').querySelectorAll('input')) if (input.value.trim()) set[input.name] = input.value.trim();
  view = 'fault';
  post('start', {experiment: $('name').value, set});
});
$('stop').addEventListener('click', () => post('stop', {}));

function showViews(arms) {
  if (!arms.includes(view)) view = arms[0] || '';
  const names = {fault: 'with the fault', control: 'control', target: 'target'};
  const have = [...$('views').children].map(button => button.dataset.arm);
  if (have.join() !== arms.join()) {
    $('views').replaceChildren(...(arms.length > 1 ? arms : []).map(arm => {
      const button = document.createElement('button');
      button.type = 'button';
      button.dataset.arm = arm;
      button.textContent = names[arm];
      button.addEventListener('click', () => { view = arm; draw(true); });
      return button;
    }));
  }
  for (const button of $('views').children) button.setAttribute('aria-pressed', button.dataset.arm === view);
}

function showTarget(target) {
  $('target').hidden = !target;
  if (!target) return;
  $('target-label').textContent = target.label;
  const rates = Object.entries(target.rates).map(([name, rate]) => `${name} ${Diagram.figure(rate)}/s`).join(', ');
  $('target-rates').textContent = `${rates || 'no counter changed'} (namespace); a look takes ${target.lookMillis} ms`;
  showText($('target-problem'), target.problem);
  const key = JSON.stringify(target.findings);
  if ($('findings').dataset.key === key) return;
  $('findings').dataset.key = key;
  $('findings').replaceChildren(...target.findings.map(finding => {
    const item = document.createElement('li');
    text(item, 'strong', `${finding.cause} (${finding.certainty})`);
    text(item, 'p', finding.title);
    text(item, 'p', finding.advice);
    if (finding.experiment) text(item, 'p', 'see it happen: ' + finding.experiment);
    return item;
  }));
  if (!target.findings.length) text($('findings'), 'p', 'nothing wrong so far');
}

function showRun(run) {
  $('run').hidden = !run;
  const running = Boolean(run) && run.state !== 'ended';
  $('start').disabled = running;
  $('stop').disabled = !running || run.state === 'stopping';
  if (!run) return;
  const key = JSON.stringify(run);
  if ($('run').dataset.key === key) return;
  $('run').dataset.key = key;
  $('verdict').textContent = `${run.experiment}: ${run.verdict || run.state}`;
  $('verdict').className = run.verdict;
  $('reason').textContent = run.reason;
  $('steps').replaceChildren(...run.steps.map(step => {
    const item = document.createElement('li');
    text(item, 'b', `${step.seconds} s ${step.arm}`);
    item.append(step.what);
    return item;
  }));
  $('steps').scrollTop = $('steps').scrollHeight;
  showExpectations(run.expectations);
  $('results').textContent = run.state === 'ended' ? 'results: ' + run.results : '';
}

function showExpectations(all) {
  $('expectations').hidden = !all.length;
  const body = $('expectations').tBodies[0];
  body.replaceChildren();
  for (const one of all.filter(each => each.arm === 'fault')) {
    const control = all.find(each => each.arm === 'control' && each.statement === one.statement && each.host === one.host);
    const row = text(body, 'tr', '');
    text(row, 'td', `${one.host}: ${one.statement}`);
    text(row, 'td', one.expected);
    text(row, 'td', one.observed, one.verdict);
    text(row, 'td', control ? control.observed : '');
  }
}

function showNotes(hosts, others) {
  $('legend').replaceChildren();
  if (hosts.length > 1) hosts.forEach(host => text($('legend'), 'span', host.host, host.host));
  if (hosts.length) text($('legend'), 'small', 'sockets in each state; state changes a second on the edges');
  showText($('others'), others.length ? 'Also: ' + others.join(', ') : '');
  $('note').textContent = [...new Set(hosts.map(host => host.edgesBy === 'none' ? host.edgesNote : `edges by ${host.edgesBy}; ${host.edgesNote}`))].join(' ');
}

function draw(again) {
  drawing = false;
  if (!frame) return;
  const arms = [...new Set(frame.hosts.map(host => host.arm))];
  showViews(arms);
  const hosts = frame.hosts.filter(host => host.arm === view);
  showNotes(hosts, diagram.show(hosts));
  $('subject').textContent = view === 'target' ? frame.target.label : frame.run ? frame.run.experiment : 'choose an experiment';
  showTarget(frame.target);
  showRun(frame.run);
  if (Charts.add(frame) || again) Charts.show($('charts'), hosts);
}

function listen() {
  const events = new EventSource('events');
  events.addEventListener('history', event => Charts.start(JSON.parse(event.data)));
  events.addEventListener('frame', event => {
    frame = JSON.parse(event.data);
    $('connection').textContent = 'live';
    $('connection').className = '';
    if (!drawing) {
      drawing = true;
      requestAnimationFrame(() => draw(false));
    }
  });
  events.onerror = () => {
    $('connection').textContent = 'no connection to the lab';
    $('connection').className = 'lost';
  };
}

loadCatalogue().then(listen, () => { $('connection').textContent = 'no connection to the lab'; $('connection').className = 'lost'; });
