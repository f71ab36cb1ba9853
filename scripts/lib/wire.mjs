// Our API and the sandbox's control API, as a person's tools would call them.
import { Stop } from './tools.mjs';

const Patience = 120_000;

class Http {
  constructor(base, token) {
    this.base = base;
    this.bearer = token;
  }

  get(path) { return this.send('GET', path); }
  post(path, body) { return this.send('POST', path, body); }
  put(path, body) { return this.send('PUT', path, body); }
  patch(path, body) { return this.send('PATCH', path, body); }
  delete(path) { return this.send('DELETE', path); }

  async send(method, path, body) {
    const answer = await fetch(`${this.base}/${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.bearer ? { authorization: `Bearer ${this.bearer}` } : {}),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(Patience),
    }).catch(error => {
      throw error.name === 'TimeoutError'
        ? new Stop(`${method} ${this.base}/${path} had no answer in ${Patience / 1000} s. The machine may be too busy; what was begun goes on, so try again later.`)
        : error;
    });
    const text = await answer.text();
    if (!answer.ok) {
      const problem = text.startsWith('{') ? JSON.parse(text) : { title: text };
      throw new Stop(`${method} ${path} answered ${answer.status}: ${problem.title ?? problem.error ?? ''} ${problem.detail ?? ''}`);
    }
    return text === '' ? null : JSON.parse(text);
  }
}

/** The sandbox's sign-in provider, without a browser. */
export class SignIn extends Http {
  constructor(address) {
    super(`${address}/sandbox`);
  }

  people() { return this.get('people'); }

  /** An access token of a ready-made person, good for a day. */
  async token(person) { return (await this.post('tokens', { person, minutes: 24 * 60 })).access_token; }
}

/** The product's API. */
export class Api extends Http {
  /** Follows the provider's redirect to our callback, as the browser does, and takes the result code from where it comes back. */
  async resultOf(location) {
    const answer = await fetch(location, { redirect: 'manual' });
    const page = await answer.text();
    const result = answer.status === 302
      ? new URL(answer.headers.get('location')).searchParams.get('result')
      : /data-result="([^"]+)"/.exec(page)?.[1];
    if (!result)
      throw new Stop(`The callback answered ${answer.status} without a result: ${page.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ').slice(0, 500)}`);
    return result;
  }

  /** Every record of one dataset, page by page. */
  async *records(clientId, dataset) {
    let continuation = '';
    do {
      const page = await this.get(`clients/${clientId}/data/${dataset}?take=500${continuation && `&continuation=${encodeURIComponent(continuation)}`}`);
      yield* page.items;
      continuation = page.continuation ?? '';
    } while (continuation);
  }
}

/** The sandbox's control API (docs/sandbox.md). */
export class Sandbox extends Http {
  constructor(address) {
    super(`${address}/sandbox`);
  }

  /** The canonical records of one collection, streamed. */
  async *records(tenantId, collection) {
    const answer = await fetch(`${this.base}/organisations/${tenantId}/records/${collection}`);
    if (!answer.ok)
      throw new Stop(`The sandbox's truth of ${collection} answered ${answer.status}.`);
    let rest = '';
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines)
        yield JSON.parse(line);
    }
  }
}
