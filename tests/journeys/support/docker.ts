// The Docker that the server under test uses, seen from outside.

import { request } from 'node:http';

const SOCKET = '/var/run/docker.sock';
const LABEL = 'atelier.installation';

async function docker(method: string, path: string): Promise<any> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: SOCKET, method, path }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.on('end', () => {
        if ((answer.statusCode ?? 500) < 300) resolve(text ? JSON.parse(text) : undefined);
        else reject(new Error(`Docker: ${method} ${path}: ${answer.statusCode} ${text}`));
      });
    });
    asked.once('error', reject).end();
  });
}

/** When the container of a session's start ran, in milliseconds since the epoch. */
export async function times(session: string, generation: number): Promise<{ began: number; ended: number }> {
  const { State } = await docker('GET', `/containers/atelier-${session}-${generation}/json`);
  if (State.Running) throw new Error(`the container of ${session} still runs`);
  return { began: Date.parse(State.StartedAt), ended: Date.parse(State.FinishedAt) };
}

/** Removes the containers, volumes and networks of the server with this data folder. */
export async function removeEverythingOf(dataFolder: string): Promise<void> {
  const labelled = encodeURIComponent(JSON.stringify({ label: [LABEL] }));
  const containers: any[] = await docker('GET', `/containers/json?all=1&filters=${labelled}`);
  const ours = containers.filter((container) =>
    container.Mounts.some((mount: any) => mount.Source?.startsWith(`${dataFolder}/`)),
  );
  const installations = new Set<string>(ours.map((container) => container.Labels[LABEL]));
  for (const installation of installations) {
    const filters = encodeURIComponent(JSON.stringify({ label: [`${LABEL}=${installation}`] }));
    for (const { Id } of await docker('GET', `/containers/json?all=1&filters=${filters}`)) {
      await docker('DELETE', `/containers/${Id}?force=1&v=1`);
    }
    for (const { Name } of (await docker('GET', `/volumes?filters=${filters}`)).Volumes ?? []) {
      await docker('DELETE', `/volumes/${Name}`);
    }
    for (const { Id } of await docker('GET', `/networks?filters=${filters}`)) {
      await docker('DELETE', `/networks/${Id}`);
    }
  }
}
