// Databases of their own on the run's PostgreSQL.

import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';

/** The address of a new database. */
export function newDatabase(): string {
  const url = process.env.ATELIER_TEST_POSTGRES_URL;
  if (!url) throw new Error('set ATELIER_TEST_POSTGRES_URL; `cargo xtask test` does');
  const name = `journey_${randomUUID().replaceAll('-', '')}`;
  execFileSync('psql', ['--quiet', '--dbname', url, '--command', `CREATE DATABASE ${name}`]);
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}
