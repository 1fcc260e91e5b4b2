// `GET /analytics`: how often who did what to which bucket.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { route } from './analytics.mjs';
import { DynamoCounters } from './dynamodb.mjs';
import { serve } from './web.mjs';

// As in the other functions: three attempts, 2 s to connect, 6 s to answer. Made in INIT, which runs at full CPU.
const client = new DynamoDBClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 6_000, throwOnRequestTimeout: true },
});

export const handler = serve({ '/analytics': { GET: route(new DynamoCounters(client, process.env.COUNTERS_TABLE)) } });
