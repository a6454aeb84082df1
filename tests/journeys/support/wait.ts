/** Looks again and again until there is something to see. */
export async function until<T>(
  what: string,
  limit: number,
  look: () => Promise<T | undefined | false | null>,
): Promise<T> {
  const deadline = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited ${limit} ms in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
