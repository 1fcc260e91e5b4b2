using Amazon.Lambda.RuntimeSupport;
using S3Admin.Analytics;
using S3Admin.Tags;

// Clients are made in INIT, which runs at full CPU whatever the memory.
var function = new Function(S3Tags.FromEnvironment());
var told = new UsageEvents(function.HandleAsync);
await LambdaBootstrapBuilder.Create(told.HandleAsync).Build().RunAsync();
