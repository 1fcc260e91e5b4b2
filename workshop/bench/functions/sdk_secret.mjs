// A secret by the SDK v3 of the runtime, whose client is made in INIT.
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

const secretsManager = new SecretsManagerClient();

export const handler = async () => {
  const answer = await secretsManager.send(new GetSecretValueCommand({ SecretId: process.env.SECRET_ID }));
  return answer.SecretString.length;
};
