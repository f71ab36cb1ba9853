// xero-node has Xero's three hosts built in: whatever goes to *.xero.com goes to the sandbox instead, with nothing else changed.
const http = require('node:http');
const https = require('node:https');

const sandbox = new URL(process.env.SANDBOX);
const real = https.request;

https.request = (target, options, callback) => {
  const [url, wanted, done] = typeof target === 'string' || target instanceof URL
    ? [new URL(target), typeof options === 'function' ? {} : options ?? {}, typeof options === 'function' ? options : callback]
    : [null, target, options];
  const host = url?.hostname ?? wanted.hostname ?? wanted.host ?? '';
  if (!/(^|\.)xero\.com$/.test(host))
    return real.call(https, target, options, callback);
  return http.request({
    ...wanted, path: url ? url.pathname + url.search : wanted.path, protocol: 'http:', hostname: sandbox.hostname, host: sandbox.hostname, port: sandbox.port,
    agent: undefined, agents: undefined, defaultPort: undefined,
  }, done);
};
