// `awslambda.streamifyResponse`: the handler writes its answer. It is collected here and delivered whole.
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

const STREAMING = Symbol('streaming handler');
const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';
const PRELUDE_END = Buffer.alloc(8);

class ResponseStream extends Writable {
  #chunks = [];
  contentType = 'application/octet-stream';

  _write(chunk, encoding, done) {
    this.#chunks.push(chunk);
    done();
  }

  setContentType(type) {
    this.contentType = type;
  }

  get body() {
    return Buffer.concat(this.#chunks);
  }
}

globalThis.awslambda = {
  streamifyResponse: (handler) => Object.assign(handler, { [STREAMING]: true }),
  HttpResponseStream: {
    // Status and headers go ahead of the body, in a prelude.
    from(stream, metadata) {
      stream.setContentType(PRELUDE_TYPE);
      stream.write(JSON.stringify(metadata));
      stream.write(PRELUDE_END);
      return stream;
    },
  },
};

export const isStreaming = (handler) => handler[STREAMING] === true;

export async function runStreaming(handler, event, context) {
  const stream = new ResponseStream();
  const ended = finished(stream);
  // The handler's own error comes first; this one is looked at below.
  ended.catch(() => {});
  await handler(event, stream, context);
  await ended;
  return {
    body: stream.body,
    headers: { 'content-type': stream.contentType, 'lambda-runtime-function-response-mode': 'streaming' },
  };
}
