using Amazon.EC2;
using Amazon.EC2.Model;
using Rotation.Activities.Clusters;
using Rotation.Activities.Nodes;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight.Sources;

/// <summary>Groups, free addresses, limits and permissions in AWS; for other clouds nothing is known.</summary>
internal sealed class CloudSource(ICloud cloud, AwsClients clients, AwsRegions regions) : IFactSource
{
    // Well-formed and never given out: asking for a dry run on it cannot hurt, even where an endpoint ignores that it is one.
    private const string NoInstance = "i-00000000000000000";
    private const string LimitAttribute = "max-instances";

    public string Unread => "cloud-unreadable";

    public FindingSeverity Severity => FindingSeverity.Error;

    public async Task<PreflightFacts> AddAsync(PreflightFacts facts, CancellationToken ct)
    {
        if (facts.Spec is { } spec && ClusterSpecs.CloudOf(spec.Cluster) != "aws")
            return facts;
        IReadOnlyList<CloudGroup> groups = await cloud.GroupsAsync(facts.Input.Cluster, ct).ConfigureAwait(false);
        IAmazonEC2 ec2 = clients.Ec2(await regions.ForAsync(facts.Input.Cluster, ct).ConfigureAwait(false));
        return facts with
        {
            Cloud = new(
                groups,
                await FreeAsync(ec2, facts.Input.Cluster.Name, ct).ConfigureAwait(false),
                await LimitAsync(ec2, ct).ConfigureAwait(false),
                groups.Sum(g => g.Instances.Count),
                await DeniedAsync(ec2, ct).ConfigureAwait(false)),
        };
    }

    private static Task<IReadOnlyDictionary<string, int>?> FreeAsync(IAmazonEC2 ec2, string cluster, CancellationToken ct) => IfKnownAsync<IReadOnlyDictionary<string, int>>(async () =>
    {
        var request = new DescribeSubnetsRequest { Filters = [new Filter { Name = $"tag:kubernetes.io/cluster/{cluster}", Values = ["owned", "shared"] }] };
        DescribeSubnetsResponse answer = await ec2.DescribeSubnetsAsync(request, ct).ConfigureAwait(false);
        return (answer.Subnets ?? []).ToDictionary(s => s.SubnetId, s => s.AvailableIpAddressCount ?? 0);
    });

    private static async Task<int?> LimitAsync(IAmazonEC2 ec2, CancellationToken ct)
    {
        string? value = await IfKnownAsync(async () =>
        {
            DescribeAccountAttributesResponse answer = await ec2.DescribeAccountAttributesAsync(new() { AttributeNames = [LimitAttribute] }, ct).ConfigureAwait(false);
            return (answer.AccountAttributes ?? []).SelectMany(a => a.AttributeValues ?? []).FirstOrDefault()?.AttributeValue;
        }).ConfigureAwait(false);
        return int.TryParse(value, out int limit) && limit > 0 ? limit : null;
    }

    private static async Task<IReadOnlyList<string>> DeniedAsync(IAmazonEC2 ec2, CancellationToken ct)
    {
        (string Action, Func<Task> Try)[] needed =
        [
            ("ec2:TerminateInstances", () => ec2.TerminateInstancesAsync(new TerminateInstancesRequest { DryRun = true, InstanceIds = [NoInstance] }, ct)),
            ("ec2:CreateTags", () => ec2.CreateTagsAsync(new() { DryRun = true, Resources = [NoInstance], Tags = [new("rotation", "preflight")] }, ct)),
        ];
        List<string> denied = [];
        foreach ((string action, Func<Task> tryIt) in needed)
            if (await IsDeniedAsync(tryIt).ConfigureAwait(false))
                denied.Add(action);
        return denied;
    }

    private static async Task<bool> IsDeniedAsync(Func<Task> tryIt)
    {
        try
        {
            await tryIt().ConfigureAwait(false);
            return false;
        }
        catch (AmazonEC2Exception e)
        {
            // "DryRunOperation" says yes; that the instance is not there is found out after the permission was.
            return e.ErrorCode == "UnauthorizedOperation";
        }
    }

    // What may not be described or is not offered is not known, which is no reason to stop: the permissions that matter are tried above.
    private static async Task<T?> IfKnownAsync<T>(Func<Task<T?>> read)
        where T : class
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (AmazonEC2Exception)
        {
            return null;
        }
    }
}
