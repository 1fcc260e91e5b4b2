// Errors in the shape that Lambda gives on.

export class RuntimeError extends Error {
  constructor(name, message) {
    super(message);
    this.name = `Runtime.${name}`;
  }
}

export class UnhandledRejection extends RuntimeError {
  constructor(reason) {
    super('UnhandledPromiseRejection', String(reason));
    this.reason = reason;
  }
}

// What `invoke` answers for an error.
export function describe(error) {
  if (error instanceof Error) {
    return { errorType: String(error.name), errorMessage: String(error.message), trace: stackOf(error) };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

// What the log has: the error's own fields too, such as `code`.
export function loggable(error) {
  const { errorType, errorMessage } = describe(error);
  return { errorType, errorMessage, ...(error instanceof Error ? { ...error, stack: stackOf(error) } : { stack: [] }) };
}

export const stackOf = (error) => (typeof error.stack === 'string' ? error.stack.split('\n') : []);
