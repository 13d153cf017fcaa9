using Amazon.Runtime;
using Amazon.S3;
using Rotation.Tests.Support;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Kops;

/// <summary>The emulator on a state store in S3, with kops' own variables for compatible servers.</summary>
public sealed class S3StoreTests : IAsyncLifetime
{
    private const string Cluster = "s3.example.com";
    private S3Server? _server;

    public async ValueTask InitializeAsync()
    {
        _server = await S3Server.StartAsync();
        using var s3 = new AmazonS3Client(new BasicAWSCredentials(S3Server.Credential, S3Server.Credential), new AmazonS3Config { ServiceURL = _server.Url, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        foreach ((string key, string content) in new[] { ("config", $"metadata:\n  name: {Cluster}\nspec:\n  cloudProvider: aws\n"), ("instancegroup/nodes", "metadata:\n  name: nodes\nspec:\n  role: Node\n") })
            await s3.PutObjectAsync(new() { BucketName = "state", Key = $"stores/{Cluster}/{key}", ContentBody = content, UseChunkEncoding = false }, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [Fact]
    public async Task Keypairs_are_staged_promoted_and_distrusted_in_s3_as_in_a_folder()
    {
        Emulated created = await RunAsync("create keypair service-account --primary");
        await RunAsync("create keypair service-account");
        Emulated promoted = await RunAsync("promote keypair service-account");
        await RunAsync("distrust keypair service-account");
        Emulated listed = await RunAsync("get keypairs --distrusted");
        Emulated updated = await RunAsync("update cluster --yes --create-kube-config=false");
        Emulated again = await RunAsync("update cluster");

        created.ExitCode.ShouldBe(0, created.Errors);
        promoted.Output.ShouldStartWith("Promoted service-account ");
        listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
        updated.ExitCode.ShouldBe(0, updated.Errors);
        again.Output.ShouldBe("No changes need to be applied\n");
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_told_as_kops_tells_it()
    {
        Emulated refused = await RunAsync("get keypairs --state s3://nosuchbucket");

        refused.ExitCode.ShouldBe(1);
        refused.Errors.ShouldStartWith($"Error: error reading cluster configuration \"{Cluster}\": error reading s3://nosuchbucket/{Cluster}/config: error fetching s3://nosuchbucket/{Cluster}/config: NoSuchBucket: The specified bucket does not exist\n\tstatus code: 404, request id: ");
    }

    private async Task<Emulated> RunAsync(string command)
    {
        var environment = new Dictionary<string, string>
        {
            ["KOPS_STATE_STORE"] = "s3://state/stores",
            ["KOPS_CLUSTER_NAME"] = Cluster,
            ["S3_ENDPOINT"] = _server!.Url,
            ["S3_ACCESS_KEY_ID"] = S3Server.Credential,
            ["S3_SECRET_ACCESS_KEY"] = S3Server.Credential,
        };
        return await Emulated.RunAsync(command.Split(' '), environment, TestContext.Current.CancellationToken);
    }
}
