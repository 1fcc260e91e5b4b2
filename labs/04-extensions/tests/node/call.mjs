// Calls the wrapped function for each event of standard input, and shows what it answers or raises.
import { handler } from '../../wrappers/nodejs/analytics_wrapper.mjs';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const outcomes = [];
for (const event of JSON.parse(Buffer.concat(chunks))) {
  try {
    outcomes.push(await handler(event, { awsRequestId: 'lambda-id' }));
  } catch (error) {
    outcomes.push(String(error));
  }
}
process.stdout.write(JSON.stringify(outcomes));
process.exit();
