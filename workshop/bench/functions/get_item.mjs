// One GetItem, as shared_rust/dynamodb-light/src/bin/get-item.rs does.
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";

const dynamodb = new DynamoDBClient();

export const handler = async () => {
  const key = { pk: { S: "one" }, sk: { S: "light" } };
  const answer = await dynamodb.send(new GetItemCommand({ TableName: process.env.TABLE_NAME, Key: key }));
  return { found: answer.Item !== undefined };
};
