// moto: S3 with signatures checked, as in tests/src/moto.rs. `ATELIER_TEST_S3` is its program.

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Requests that need no signature: the user, its key, its rights and the bucket. */
const UNSIGNED = '4';
const ALL = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

export class S3 {
  private constructor(
    private readonly process: ChildProcess,
    /** What the server needs in its environment. */
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async start(): Promise<S3> {
    const environment = { ...process.env, INITIAL_NO_AUTH_ACTION_COUNT: UNSIGNED };
    const program = process.env.ATELIER_TEST_S3 || 'moto_server';
    const child = spawn(program, ['--host', '127.0.0.1', '--port', '0'], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
    const url = await new Promise<string>((found, failed) => {
      child.once('error', failed).once('exit', () => failed(new Error('moto ended')));
      // Whatever else it says is read as well: a full pipe would stop it.
      createInterface({ input: child.stderr }).on('line', (line) => {
        const [, at] = /Running on (http:\S+)/.exec(line) ?? [];
        if (at) found(at);
      });
    });
    const iam = async (action: Record<string, string>) => {
      const headers = { Authorization: scope('iam') };
      const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(action) });
      if (!answer.ok) throw new Error(`moto: ${action.Action}: ${answer.status}`);
      return answer.text();
    };
    await iam({ Action: 'CreateUser', UserName: 'u' });
    const key = await iam({ Action: 'CreateAccessKey', UserName: 'u' });
    await iam({ Action: 'PutUserPolicy', UserName: 'u', PolicyName: 'p', PolicyDocument: JSON.stringify(ALL) });
    const bucket = await fetch(`${url}/bucket`, { method: 'PUT', headers: { Authorization: scope('s3') } });
    if (!bucket.ok) throw new Error(`moto: no bucket: ${bucket.status}`);
    const tag = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(key)?.[1];
    return new S3(child, {
      ATELIER_STORAGE_URL: 's3://bucket/atelier',
      AWS_ACCESS_KEY_ID: tag('AccessKeyId'),
      AWS_SECRET_ACCESS_KEY: tag('SecretAccessKey'),
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'us-east-1',
      AWS_ALLOW_HTTP: 'true',
    });
  }

  end(): void {
    this.process.kill('SIGKILL');
  }
}

/** moto tells from this which service is meant. */
const scope = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=x`;
