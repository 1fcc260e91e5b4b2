using Amazon.Lambda.RuntimeSupport;
using S3Admin.Tags;

// Clients are made in INIT, which runs at full CPU whatever the memory.
var function = new Function(S3Tags.FromEnvironment());
await LambdaBootstrapBuilder.Create(function.HandleAsync).Build().RunAsync();
