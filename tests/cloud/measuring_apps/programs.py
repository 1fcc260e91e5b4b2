"""Node programs written as the field's measuring apps are: CommonJS, their SDK, their order of calls."""

# As aws-lambda-power-tuning 4: SDK v3 from the runtime, versions behind aliases, waiters, invocations by qualifier.
TUNER = r"""
'use strict';
const lambda = require('@aws-sdk/client-lambda');
const client = new lambda.LambdaClient({});
const limits = { client, maxWaitTime: 30, minDelay: 1 };

const setPower = async (FunctionName, MemorySize) => {
    await client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName, MemorySize }));
    await lambda.waitUntilFunctionUpdatedV2(limits, { FunctionName });
};

const publish = async (FunctionName, power) => {
    const Name = `RAM${power}`;
    const { Version } = await client.send(new lambda.PublishVersionCommand({ FunctionName }));
    await lambda.waitUntilFunctionActiveV2(limits, { FunctionName, Qualifier: Version });
    const alias = { FunctionName, Name, FunctionVersion: Version };
    try {
        await client.send(new lambda.GetAliasCommand({ FunctionName, Name }));
        await client.send(new lambda.UpdateAliasCommand(alias));
    } catch (error) {
        if (error.name !== 'ResourceNotFoundException') throw error;
        await client.send(new lambda.CreateAliasCommand(alias));
    }
    return { power, Version };
};

const run = async (FunctionName, Qualifier, payload) => {
    const answer = await client.send(new lambda.InvokeCommand({
        FunctionName, Qualifier, Payload: JSON.stringify(payload), LogType: 'Tail',
    }));
    if (answer.FunctionError) throw new Error(Buffer.from(answer.Payload).toString());
    const log = Buffer.from(answer.LogResult, 'base64').toString();
    return { log, answer: JSON.parse(Buffer.from(answer.Payload).toString()) };
};

const figure = (log, name) => {
    const found = new RegExp(`\\t${name}: (\\d+(\\.\\d+)?) (ms|MB)`).exec(log);
    return found ? Number(found[1]) : 0;
};

module.exports.publish = async ({ target, powers }) => {
    const before = await client.send(new lambda.GetFunctionConfigurationCommand({ FunctionName: target }));
    const made = [];
    for (const power of powers) {
        await setPower(target, power);
        made.push(await publish(target, power));
    }
    await setPower(target, before.MemorySize);
    return made;
};

module.exports.execute = async ({ target, power, num, payload, fail }) => {
    if (fail === power) throw new RangeError(`no figures of ${power}`);
    const samples = [];
    for (let i = 0; i < num; i++) {
        const { log, answer } = await run(target, `RAM${power}`, payload);
        samples.push({
            duration: figure(log, 'Duration'), init: figure(log, 'Init Duration'),
            billed: figure(log, 'Billed Duration'), memory: figure(log, 'Memory Size'), answer,
        });
    }
    const totals = samples.map((one) => one.duration + one.init).sort((a, b) => a - b);
    const trim = Math.floor(num * 0.2);
    const kept = totals.slice(trim, num - trim);
    const averageDuration = kept.reduce((sum, one) => sum + one, 0) / kept.length;
    const gigabyteSecond = 0.0000166667;
    const price = (ms) => Math.ceil(ms) * gigabyteSecond * power / 1024 / 1000;
    const totalCost = samples.reduce((sum, one) => sum + price(one.billed), 0);
    return { value: power, averagePrice: price(averageDuration), averageDuration, totalCost, samples };
};

module.exports.analyze = async ({ stats }) => {
    const found = stats.filter((one) => one && one.averageDuration);
    const best = [...found].sort((a, b) => a.averagePrice - b.averagePrice)[0];
    const lambdaCost = found.reduce((sum, one) => sum + one.totalCost, 0);
    return {
        power: best.value, cost: best.averagePrice, duration: best.averageDuration,
        stateMachine: { executionCost: 0, lambdaCost, visualization: 'https://lambda-power-tuning.show/#' },
        stats: found.map(({ value, averagePrice, averageDuration }) => ({ value, averagePrice, averageDuration })),
    };
};
"""

# As SAR-measure-cold-start 1: SDK v2, which knows no AWS_ENDPOINT_URL and calls AWS's host names.
COLD_STARTER = r"""
'use strict';
const AWS = require('aws-sdk');
const lambda = new AWS.Lambda();
const logs = new AWS.CloudWatchLogs();

module.exports.measure = async ({ target, count }) => {
    for (let i = 0; i < count; i++) {
        const { Environment } = await lambda.getFunctionConfiguration({ FunctionName: target }).promise();
        const Variables = { ...(Environment || {}).Variables, coldStart: `${Date.now()}-${i}` };
        await lambda.updateFunctionConfiguration({ FunctionName: target, Environment: { Variables } }).promise();
        await lambda.waitFor('functionUpdated', { FunctionName: target }).promise();
        await lambda.invoke({ FunctionName: target, Payload: JSON.stringify(i) }).promise();
    }
    return { host: lambda.endpoint.hostname, version: AWS.VERSION };
};

module.exports.analyze = async ({ target, started, query }) => {
    const { queryId } = await logs.startQuery({
        logGroupNames: [`/aws/lambda/${target}`], queryString: query,
        startTime: started, endTime: Math.floor(Date.now() / 1000) + 1,
    }).promise();
    for (;;) {
        const answer = await logs.getQueryResults({ queryId }).promise();
        if (answer.status === 'Complete') {
            return answer.results.map((row) => Object.fromEntries(row.map(({ field, value }) => [field, value])));
        }
        if (!['Running', 'Scheduled'].includes(answer.status)) throw new Error(answer.status);
        await new Promise((done) => setTimeout(done, 100));
    }
};
"""
