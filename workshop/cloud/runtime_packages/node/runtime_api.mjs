// The Runtime API: HTTP on the loopback of the execution environment.
import http from 'node:http';

const [host, port] = (process.env.AWS_LAMBDA_RUNTIME_API ?? '').split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const JSON_TYPE = 'application/json';

function call(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const options = { host, port, agent, method, path: `/2018-06-01/runtime/${path}`, headers: { ...headers, ...length } };
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

export const next = () => call('GET', 'invocation/next');

export const succeeded = (id, { body, headers }) => call('POST', `invocation/${id}/response`, body, headers);

export const failed = (id, error) => call('POST', `invocation/${id}/error`, JSON.stringify(error), errorHeaders(error));

export const initFailed = (error) => call('POST', 'init/error', JSON.stringify(error), errorHeaders(error));

function errorHeaders(error) {
  // A header takes Latin-1 without control characters; an error's name may be anything.
  const type = encodeURI(error.errorType);
  return { 'content-type': JSON_TYPE, 'lambda-runtime-function-error-type': type };
}
