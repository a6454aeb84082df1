// A notebook that somebody hostile wrote, run in the real JupyterLab: it tries the network, the channel, the
// host, the application from its own page, and to take all of the machine. It gets nowhere, and a neighbour's
// session keeps answering.

import { expect, type Page, test } from '@playwright/test';
import { newNotebook, openLab, PATIENCE, run, runCell } from './support/lab.js';
import { Api, setUp } from './support/people.js';
import { Server } from './support/server.js';

let server: Server;
let app: Page;
let lab: Page;
let neighbour: Page;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  server = await Server.start({ testTool: true, settings: { ATELIER_SESSION_DISK_MIB: '1024' } });
  app = await (await browser.newContext()).newPage();
  await setUp(app, server);
  const api = new Api(app);
  for (const name of ['Hostile', 'Peaceful']) await api.good('POST', '/organizations/acme/projects', { name });
  const size = { name: 'Tiny', cpu_milli: 1000, memory_bytes: 2 ** 31, price_per_hour: 0 };
  const tier = (await api.good('POST', '/organizations/acme/tiers', size)).id;
  const start = (project: string, environment: string, tool: string) =>
    api.good('POST', `/organizations/acme/projects/${project}/sessions`, { environment, tool, tier });
  const hostile = await start('hostile', 'python-data-science', 'jupyterlab');
  const peaceful = await start('peaceful', 'test-tool', 'test-tool');

  await app.goto(`${server.url}/acme/peaceful/sessions/${peaceful.id}`);
  const opening = app.waitForEvent('popup', { timeout: PATIENCE });
  await app.getByRole('button', { name: /^Open Test tool/ }).click({ timeout: PATIENCE });
  neighbour = await opening;
  await neighbour.waitForURL(/atelier-run\.localhost/);
  await neighbour.goto(new URL('/api', neighbour.url()).href);

  await app.goto(`${server.url}/acme/hostile/sessions/${hostile.id}`);
  await expect(app.getByRole('button', { name: /^Open JupyterLab/ })).toBeVisible({ timeout: 240_000 });
  lab = await openLab(app);
  await newNotebook(lab);
});

test.afterAll(async () => {
  await server?.end();
});

test('t01 its code reaches neither host nor metadata, nor others by name', async () => {
  test.setTimeout(3 * PATIENCE);
  await runCell(lab, NETWORK(server.port), 'reached: []');
});

test('t03 its code has no rights, no Docker, and no files of the host', async () => {
  test.setTimeout(3 * PATIENCE);
  await runCell(lab, RIGHTS, 'gained: []');
});

test('t04 its page cannot act as the person who looks at it', async () => {
  test.setTimeout(3 * PATIENCE);
  const before = await app.context().cookies(server.url);
  const tried = await inOutput(lab, PAGE, server.url);
  expect(tried).toEqual({
    'read with cookies': 'refused',
    'read without cookies': 'refused',
    'change with cookies': 'refused',
    opener: 'none',
    'worker beyond its host': 'SecurityError',
    'inside of a frame': 'closed',
    'hold on a window': 'lost',
  });
  expect(await app.context().cookies(server.url)).toEqual(before);
  const api = new Api(app);
  expect((await api.good('GET', '/me')).name).toBe('Ada Lovelace');
});

test('t04 its forms and messages change nothing, and it cannot take over the tab of the application', async () => {
  test.setTimeout(3 * PATIENCE);
  const where = app.url();
  const posting = app.context().waitForEvent('page');
  await inOutput(lab, FORM, server.url);
  const answer = await posting;
  await expect(answer.getByText('foreign-origin')).toBeVisible();
  await answer.close();
  expect((await new Api(app).send('GET', '/me')).status).toBe(200);
  expect(app.url()).toBe(where);
});

test('t07 garbage on the channel’s socket hurts nobody, not even its own session', async () => {
  test.setTimeout(3 * PATIENCE);
  const answers = await meanwhile(() => runCell(lab, CHANNEL, /sent: [1-9]/));
  expect(answers.failed).toBe(0);
  await runCell(lab, 'print("still", "here")', 'still here');
  await expect(app.getByRole('button', { name: /^Open JupyterLab/ })).toBeVisible();
});

test('f04 a fork bomb ends at its own limit', async () => {
  test.setTimeout(3 * PATIENCE);
  const answers = await meanwhile(() => runCell(lab, FORKS, /stopped at [1-9]\d+ by BlockingIOError/));
  expect(answers.failed).toBe(0);
  expect(answers.given).toBeGreaterThan(0);
});

test('f04 taking all memory ends at its own limit', async () => {
  test.setTimeout(3 * PATIENCE);
  const answers = await meanwhile(() => runCell(lab, MEMORY, 'ended by -9'));
  expect(answers.failed).toBe(0);
  expect(answers.given).toBeGreaterThan(0);
});

test('f05 what is not its own folder takes little or nothing', async () => {
  test.setTimeout(3 * PATIENCE);
  const answers = await meanwhile(() => runCell(lab, ELSEWHERE, 'took too much: []'));
  expect(answers.failed).toBe(0);
});

// The last one: the session ends by it.
test('f05 filling the disk ends the session, with the cause, and not the machine', async () => {
  test.setTimeout(3 * PATIENCE);
  const answers = await meanwhile(async () => {
    await run(lab, DISK);
    await expect(app.getByRole('button', { name: /^Start again/ })).toBeVisible({ timeout: PATIENCE });
  });
  await expect(app.getByText('Its folders held more than a session may keep on the disk.')).toBeVisible();
  expect(answers.failed).toBe(0);
  expect(answers.given).toBeGreaterThan(0);
  // Not by the host's reserve, which is the last resort.
  const [session] = await new Api(app).good('GET', '/organizations/acme/projects/hostile/sessions');
  expect([session.state, session.end_cause, session.failure.code]).toEqual(['failed', 'disk', 'disk-limit']);
});

/** Asks the neighbour's session without pause while something is done. */
async function meanwhile(doing: () => Promise<void>): Promise<{ given: number; failed: number }> {
  const asking = neighbour.evaluate(async () => {
    const answers = { given: 0, failed: 0 };
    const self = globalThis as { enough?: boolean };
    self.enough = false;
    while (!self.enough) {
      const limit = AbortSignal.timeout(10_000);
      const ok = await fetch('/api', { signal: limit }).then(({ ok }) => ok, () => false);
      if (ok) answers.given += 1;
      else answers.failed += 1;
    }
    return answers;
  });
  try {
    await doing();
  } finally {
    await neighbour.evaluate(() => {
      (globalThis as { enough?: boolean }).enough = true;
    });
  }
  return asking;
}

/** Runs a script as the output of a cell, as a notebook does, and gives what it says. */
async function inOutput(lab: Page, script: string, app: string): Promise<unknown> {
  const mark = `said-${Math.random().toString(36).slice(2)}`;
  const body = `(async () => { const app = ${JSON.stringify(app)}; ${script} })().then((said) => {
    const place = document.createElement('pre');
    place.id = '${mark}';
    place.textContent = JSON.stringify(said ?? null);
    document.body.append(place);
  });`;
  await run(lab, `from IPython.display import Javascript, display\ndisplay(Javascript(${JSON.stringify(body)}))`);
  const place = lab.locator(`#${mark}`);
  await place.waitFor({ state: 'attached', timeout: PATIENCE });
  return JSON.parse((await place.textContent()) ?? 'null');
}

/** Its own gateway, the metadata address and names, a few ports each. */
const NETWORK = (port: number) =>
  `
import socket, struct
reached = []
routes = [line.split() for line in open("/proc/net/route").read().splitlines()[1:]]
gateways = [socket.inet_ntoa(struct.pack("<L", int(r[2], 16))) for r in routes if r[1] == "00000000"]
assert gateways, "there is no gateway to try"
for address in gateways + ["169.254.169.254"]:
    for port in (22, 80, 443, 2375, ${port}):
        with socket.socket() as tried:
            tried.settimeout(0.5)
            if tried.connect_ex((address, port)) == 0:
                reached.append(f"{address}:{port}")
with socket.socket() as tried:
    if tried.connect_ex(("127.0.0.1", ${port})) == 0:
        reached.append("the server on its own loopback")
socket.setdefaulttimeout(2)
for name in ("host.docker.internal", "gateway.docker.internal", "metadata.google.internal"):
    try:
        reached.append((name, socket.gethostbyname(name)))
    except OSError:
        pass
print("reached:", reached)
`.trim();

const RIGHTS = `
import os, pathlib, re, subprocess
gained = []
status = pathlib.Path("/proc/self/status").read_text()
gained += [line for line in re.findall(r"Cap(?:Eff|Prm|Bnd|Amb):.*", status) if int(line.split()[1], 16)]
gained += [] if re.search(r"NoNewPrivs:\\s1", status) and re.search(r"Seccomp:\\s2", status) else ["unconfined"]
gained += [str(path) for path in map(pathlib.Path, ("/var/run/docker.sock", "/run/docker.sock", "/dev/kvm")) if path.exists()]
def tries(name, act):
    try:
        act()
        gained.append(name)
    except OSError:
        pass
tries("write /", lambda: open("/mine", "w"))
tries("write the channel's folder", lambda: open("/run/atelier/mine", "w"))
tries("change the agent", lambda: open("/opt/atelier/agent", "ab"))
tries("be root", lambda: os.setuid(0))
tries("kernel settings", lambda: open("/proc/sys/kernel/core_pattern", "w"))
tries("a control group", lambda: open("/sys/fs/cgroup/memory/memory.limit_in_bytes", "w"))
gained += ["namespaces"] if subprocess.run(["unshare", "--user", "--map-root-user", "true"], capture_output=True).returncode == 0 else []
variables = open("/proc/1/environ").read().split(chr(0)) + [f"{name}={value}" for name, value in os.environ.items()]
gained += [line for line in variables if re.search("TOKEN|SECRET|PASSWORD|CREDENTIAL", line)]
print("gained:", gained)
`.trim();

const PAGE = `
const tried = {};
const asked = (init) => fetch(app + '/api/v1/me', init).then((answer) => 'answered ' + answer.status, () => 'refused');
tried['read with cookies'] = await asked({ credentials: 'include' });
tried['read without cookies'] = await asked({ credentials: 'omit' });
const change = { method: 'PATCH', body: '{"name":"Mallory"}', headers: { 'content-type': 'application/json' } };
tried['change with cookies'] = await asked({ ...change, credentials: 'include' });
tried.opener = window.opener === null ? 'none' : 'held';
tried['worker beyond its host'] = await navigator.serviceWorker.register(app + '/sw.js').then(() => 'registered', (error) => error.name);
for (const domain of ['localhost', 'atelier.localhost', '.localhost']) {
  document.cookie = '__Host-atelier=tossed; path=/; secure; domain=' + domain;
  document.cookie = 'atelier=tossed; path=/; domain=' + domain;
}
const frame = document.createElement('iframe');
frame.src = app + '/acme';
document.body.append(frame);
await new Promise((done) => frame.addEventListener('load', done));
try { tried['inside of a frame'] = frame.contentDocument.body.innerText || 'closed'; } catch { tried['inside of a frame'] = 'closed'; }
frame.remove();
const opened = window.open(app + '/acme');
const deadline = Date.now() + 20000;
while (opened && !opened.closed && Date.now() < deadline) {
  opened.postMessage({ type: 'sign-out' }, '*');
  await new Promise((done) => setTimeout(done, 50));
}
tried['hold on a window'] = !opened || opened.closed ? 'lost' : 'held';
return tried;
`;

const FORM = `
const form = document.createElement('form');
Object.assign(form, { method: 'post', action: app + '/api/v1/sign-out', target: '_blank' });
document.body.append(form);
form.submit();
form.remove();
try { window.opener.location = 'about:blank'; } catch {}
try { window.parent.opener.location = 'about:blank'; } catch {}
`;

/** Bounded: 400 connections, each with garbage of another kind. */
const CHANNEL = `
import os, socket
path = next(f"/run/atelier/{name}" for name in os.listdir("/run/atelier"))
sent = 0
for number in range(400):
    try:
        with socket.socket(socket.AF_UNIX) as channel:
            channel.settimeout(0.2)
            channel.connect(path)
            channel.sendall(bytes([number % 256]) + os.urandom(2000) + b"\\n" * (number % 3))
            sent += 1
    except OSError:
        pass
print("sent:", sent)
`.trim();

/** Bounded: at most 20,000 processes, in a small program of their own, which ends them all. */
const FORKS = `
import subprocess, sys
code = """
import os, signal
children, why = [], None
try:
    while len(children) < 20000:
        child = os.fork()
        if child == 0:
            signal.pause()
        children.append(child)
except OSError as error:
    why = type(error).__name__
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
print("stopped at", len(children), "by", why)
"""
print(subprocess.run([sys.executable, "-SE", "-c", code], capture_output=True, text=True).stdout)
`.trim();

/** Bounded: at most 4 GiB, of the 2 GiB that it may. */
const MEMORY = `
import subprocess, sys
code = "kept = [b'x' * (64 << 20) for _ in range(64)]"
print("ended by", subprocess.run([sys.executable, "-c", code]).returncode)
`.trim();

/** Bounded: at most 4 GiB in each place, each by a program of its own, which its memory may end. */
const ELSEWHERE = `
import pathlib, subprocess, sys
code = """
import sys
with open(sys.argv[1], "wb", buffering=0) as file:
    for _ in range(4096):
        file.write(bytes(1 << 20))
"""
may = {"/tmp": 1024, "/dev/shm": 1024, "/run": 16}
too_much = []
for place in ("/", "/etc", "/opt", "/opt/atelier", "/usr", "/var/tmp", "/run/atelier", "/dev", "/data", *may):
    file = pathlib.Path(place, "filling")
    subprocess.run([sys.executable, "-SE", "-c", code, file], capture_output=True)
    if not file.exists():
        continue
    took = file.stat().st_size >> 20
    file.unlink()
    if took > may.get(place, 0):
        too_much.append((place, took))
print("took too much:", too_much)
`.trim();

/** Bounded: at most 4 GiB: large files, files that are deleted but open, and small ones, all at once. */
const DISK = `
import subprocess, sys
large = """
import pathlib
for number in range(24):
    with open(pathlib.Path("/work", f"large {number}"), "wb", buffering=0) as file:
        for _ in range(64):
            file.write(bytes(1 << 20))
"""
deleted = """
import os, signal
with open("/results/deleted", "wb", buffering=0) as file:
    os.unlink("/results/deleted")
    for _ in range(1536):
        file.write(bytes(1 << 20))
    signal.pause()
"""
small = """
import pathlib
for number in range(16384):
    pathlib.Path.home().joinpath(f"small {number}").write_bytes(bytes(64 << 10))
"""
writers = [subprocess.Popen([sys.executable, "-SE", "-c", code]) for code in (large, deleted, small)]
for writer in writers:
    writer.wait()
`.trim();
