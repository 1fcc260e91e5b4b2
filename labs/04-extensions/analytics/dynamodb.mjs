// Counters in DynamoDB: one partition a day.
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { problemOf } from './service_error.mjs';

export class DynamoCounters {
  #client;
  #table;

  constructor(client, table) {
    this.#client = client;
    this.#table = table;
  }

  async ofDay(day) {
    const found = [];
    let after;
    do {
      const page = await this.#page(day, after);
      found.push(...(page.Items ?? []).map(read));
      after = page.LastEvaluatedKey;
    } while (after);
    return found;
  }

  async #page(day, after) {
    const query = new QueryCommand({
      TableName: this.#table,
      KeyConditionExpression: '#day = :day',
      ExpressionAttributeNames: { '#day': 'day' },
      ExpressionAttributeValues: { ':day': { S: day } },
      ExclusiveStartKey: after,
    });
    try {
      return await this.#client.send(query);
    } catch (error) {
      throw problemOf('DynamoDB', error);
    }
  }
}

// A user or bucket that was not told is NULL.
const read = (item) => ({
  day: item.day.S,
  user: item.user.S,
  bucket: item.bucket.S,
  action: item.action.S,
  count: Number(item.count.N),
  errors: Number(item.errors.N),
  bytes: Number(item.bytes.N),
  durationUs: Number(item.duration_us.N),
});
