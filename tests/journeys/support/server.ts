// A real server in a process of its own, on data of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { removeEverythingOf } from './docker.js';
import { until } from './wait.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const PROGRAM = process.env.ATELIER_BIN || join(ROOT, 'target/debug/atelier');

export class Server {
  private constructor(
    private process: ChildProcess,
    private readonly folder: string,
    readonly port: number,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /**
   * With the small environment for tests beside the built-in ones, with a port for a session instead of hosts, or with
   * other settings, if that is asked for.
   */
  static async start({ testTool = false, sessionPorts = false, settings = {} as NodeJS.ProcessEnv } = {}): Promise<Server> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'atelier-journey-'));
    const environment: NodeJS.ProcessEnv = { ...process.env, ATELIER_DATABASE_URL: '', ...settings };
    if (testTool) environment.ATELIER_ENVIRONMENTS_DIR = join(ROOT, 'sandbox/images');
    if (sessionPorts) environment.ATELIER_SESSION_PORTS = await freePort().then((free) => `${free}-${free}`);
    const server = new Server(launch(folder, port, environment), folder, port, environment);
    try {
      await server.ready();
    } catch (error) {
      await server.end();
      throw error;
    }
    return server;
  }

  private async ready(): Promise<void> {
    await until('the server is ready', 60_000, async () => {
      if (this.process.exitCode !== null) throw new Error(`the server ended:\n${this.log()}`);
      return (await fetch(`http://127.0.0.1:${this.port}/readyz`).catch(() => undefined))?.ok;
    });
  }

  /** Ends it in the middle of whatever it does. */
  async kill(): Promise<void> {
    const ended = new Promise((done) => this.process.once('exit', done));
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGKILL');
      await ended;
    }
  }

  /** Starts it again after `kill`, on the same data and the same port. */
  async again(): Promise<void> {
    this.process = launch(this.folder, this.port, this.environment);
    await this.ready();
  }

  get url(): string {
    return `http://atelier.localhost:${this.port}`;
  }

  /** The set-up link that the console shows. */
  async setUpLink(): Promise<string> {
    return until('the console shows a set-up link', 30_000, async () => {
      const console = readFileSync(join(this.folder, 'console'), 'utf8');
      return /^Set up Atelier: (\S+)$/m.exec(console)?.[1];
    });
  }

  log(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8');
  }

  /** Ends it and removes what it made, on Docker too. */
  async end(): Promise<void> {
    await this.kill();
    const log = this.log();
    await removeEverythingOf(join(this.folder, 'data'));
    rmSync(this.folder, { recursive: true, force: true });
    if (log.includes('panicked at')) throw new Error(`the server panicked:\n${log}`);
  }
}

function launch(folder: string, port: number, env: NodeJS.ProcessEnv): ChildProcess {
  const output = (name: string) => openSync(join(folder, name), 'a');
  const settings = ['serve', '--listen', `127.0.0.1:${port}`, '--data-dir', join(folder, 'data')];
  return spawn(PROGRAM, settings, { env, stdio: ['ignore', output('console'), output('log')] });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port is free'));
      });
    });
  });
}
