// A function to be wrapped.
export async function handler(event) {
  if (event.body === 'raise') throw new TypeError('told to');
  return { statusCode: 200, headers: {}, isBase64Encoded: false, body: '{"text":"ä"}' };
}
