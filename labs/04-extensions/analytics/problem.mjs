// Answers other than the one asked for, as RFC 9457 problems.
const TITLES = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

// Ends a request. Clients see `detail`: no ARN, credential or stack trace goes in.
export class Problem extends Error {
  constructor(status, detail, headers = {}) {
    super(detail);
    Object.assign(this, { status, headers });
  }

  body(requestId) {
    const { status, message: detail } = this;
    return { type: 'about:blank', title: TITLES[status], status, detail, request_id: requestId };
  }
}

export const badRequest = (detail) => new Problem(400, detail);
