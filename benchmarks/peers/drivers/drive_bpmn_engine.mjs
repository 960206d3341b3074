// bpmn-engine, which has no store, with one of its own: a row of the engine's state per instance, a row per move.
//
// After its documentation: docs/API.md (execute, getState, recover, resume, signal) and docs/Examples.md ("Persist state on
// events": the state is kept as JSON). Kinder than a file per state: one SQLite connection that stays open (better-sqlite3, with
// its documentation's advice: prepared statements, write-ahead log), and a state column, which makes the count an SQL query.
// Arguments and output are those of phases.py.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const home = process.env.PEER_HOME; // the folder that the packages were installed into
const require = createRequire(path.join(home, 'package.json'));
const { Engine } = require('bpmn-engine');
const Database = require('better-sqlite3');

const STEPS = ['disseminate', 'hold_conference', 'report'];
const STATES = ['issued', 'disseminated', 'conference_held', 'reported'];
const NODES = ['start', ...STEPS, 'end'];
const SOURCE = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:peers">
  <process id="recipient" isExecutable="true">
    <startEvent id="start" />${STEPS.map((step) => `<userTask id="${step}" />`).join('')}<endEvent id="end" />
    ${NODES.slice(1).map((node, i) => `<sequenceFlow id="to_${node}" sourceRef="${NODES[i]}" targetRef="${node}" />`).join('')}
  </process>
</definitions>`;

const n = Number(process.argv[3]);
const db = new Database(process.argv[2].replace('sqlite:///', ''));
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.pragma('foreign_keys = ON');
db.exec(`
  CREATE TABLE instance (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES instance (id), state TEXT NOT NULL, body TEXT NOT NULL);
  CREATE INDEX instance_parent ON instance (parent_id, state);
  CREATE TABLE history (
    instance_id INTEGER NOT NULL REFERENCES instance (id), seq INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (instance_id, seq)
  );`);
const sql = {
  insert: db.prepare('INSERT INTO instance (parent_id, state, body) VALUES (?, ?, ?)'),
  read: db.prepare('SELECT body FROM instance WHERE id = ?').pluck(),
  update: db.prepare('UPDATE instance SET state = ?, body = ? WHERE id = ?'),
  record: db.prepare('INSERT INTO history VALUES (?, ?, ?, ?)'),
  count: db.prepare('SELECT state, COUNT(*) AS n FROM instance WHERE parent_id = ? GROUP BY state'),
};

async function insert(parent) {
  const engine = new Engine({ name: 'recipient', source: SOURCE });
  await engine.execute();
  const { lastInsertRowid: id } = sql.insert.run(parent, STATES[0], JSON.stringify(await engine.getState()));
  engine.stop();
  sql.record.run(id, 1, Date.now(), JSON.stringify({ to: STATES[0] }));
  return id;
}

async function move(id, number) {
  const engine = new Engine().recover(JSON.parse(sql.read.get(id)));
  const execution = await engine.resume();
  if (!execution.getPostponed().some((each) => each.id === STEPS[number])) throw new Error(`${STEPS[number]} is not due`);
  execution.signal({ id: STEPS[number] });
  sql.update.run(STATES[number + 1], JSON.stringify(await engine.getState()), id);
  engine.stop();
  const body = { trigger: STEPS[number], from: STATES[number], to: STATES[number + 1] };
  sql.record.run(id, number + 2, Date.now(), JSON.stringify(body));
}

async function transaction(run) {
  db.exec('BEGIN IMMEDIATE');
  const found = await run();
  db.exec('COMMIT');
  return found;
}

const create = (size) =>
  transaction(async () => {
    const parent = await insert(null);
    const children = [];
    for (let i = 0; i < size; i++) children.push(await insert(parent));
    return { parent, children };
  });

async function moveSingly(children) {
  for (let number = 0; number < STEPS.length; number++) {
    for (const id of children) await transaction(() => move(id, number));
  }
}

async function moveInBulk(children) {
  for (let number = 0; number < STEPS.length; number++) {
    await transaction(async () => {
      for (const id of children) await move(id, number);
    });
  }
}

const count = (parent) => Object.fromEntries(sql.count.all(parent).map((row) => [row.state, row.n]));

function history() {
  const made = new Map();
  let records = 0;
  for (const { instance_id: id, body } of db.prepare('SELECT instance_id, body FROM history ORDER BY instance_id, seq').iterate()) {
    made.set(id, JSON.parse(body).to);
    records++;
  }
  for (const { id, state } of db.prepare('SELECT id, state FROM instance').iterate()) {
    if (made.get(id) !== state) throw new Error(`${id} is ${state}, its history makes it ${made.get(id)}`);
  }
  return records;
}

const phases = {};

async function take(name, size, run) {
  const [wall, cpu] = [process.hrtime.bigint(), process.cpuUsage()];
  const found = await run();
  const used = process.cpuUsage(cpu);
  phases[name] = { wall: Number(process.hrtime.bigint() - wall) / 1e9 / size, cpu: (used.user + used.system) / 1e6 / size };
  return found;
}

async function ask(name, run) {
  const times = [];
  let found;
  for (let i = 0; i < 9; i++) {
    const began = process.hrtime.bigint();
    found = await run();
    times.push(Number(process.hrtime.bigint() - began) / 1e9);
  }
  phases[name] = { wall: times.sort((a, b) => a - b)[4] };
  return found;
}

await moveSingly((await create(3)).children);
const { parent, children } = await take('create', n, () => create(n));
await take('single', 3 * n, () => moveSingly(children));
const others = (await create(n)).children;
await take('bulk', 3 * n, () => moveInBulk(others));
const states = await ask('count', () => count(parent));
const records = await take('history', 4 * (2 * n + 3), history);
if (JSON.stringify(states) !== JSON.stringify({ [STATES[3]]: n })) throw new Error(`${n} should have reported: ${JSON.stringify(states)}`);
if (records < 3 * n) throw new Error(`the history has ${records} records of ${3 * n} moves`);
const version = (name) => `${name} ${JSON.parse(readFileSync(path.join(home, 'node_modules', name, 'package.json'))).version}`;
console.log(JSON.stringify({ phases, versions: `${version('bpmn-engine')}, ${version('better-sqlite3')}, Node ${process.versions.node}` }));
