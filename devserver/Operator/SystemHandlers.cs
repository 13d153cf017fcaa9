using Google.Protobuf.WellKnownTypes;
using Rotation.DevServer.Transport;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Namespace.V1;
using Temporalio.Api.Replication.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Operator;

/// <summary>What the server says about itself: system, cluster, namespaces. Advertises only what it does; each flag switches SDK behaviour.</summary>
internal sealed class SystemHandlers(NamespaceSet namespaces, TimeSpan retention, bool completesPollsOnShutdown)
{
    /// <summary>The release whose behaviour is followed; shown by tools, compared by nobody.</summary>
    public const string ServerVersion = "1.29.1";

    private const long BlobLimitBytes = 2 * 1024 * 1024;

    public void AddTo(ServiceTable table) => table
        .Add<GetSystemInfoRequest, GetSystemInfoResponse>("GetSystemInfo", (_, _) => Task.FromResult(SystemInfo()))
        .Add<GetClusterInfoRequest, GetClusterInfoResponse>("GetClusterInfo", (_, _) => Task.FromResult(ClusterInfo()))
        .Add<DescribeNamespaceRequest, DescribeNamespaceResponse>("DescribeNamespace", (r, _) => Task.FromResult(Describe(r)))
        .Add<ListNamespacesRequest, ListNamespacesResponse>("ListNamespaces", (_, _) => Task.FromResult(List()));

    private static GetSystemInfoResponse SystemInfo() => new()
    {
        ServerVersion = ServerVersion,
        Capabilities = new()
        {
            SignalAndQueryHeader = true,
            InternalErrorDifferentiation = true,
            ActivityFailureIncludeHeartbeat = true,
            SupportsSchedules = true,
            EncodedFailureAttributes = true,
            BuildIdBasedVersioning = true,
            UpsertMemo = true,
            SdkMetadata = true,
            CountGroupByExecutionStatus = true,
        },
    };

    private static GetClusterInfoResponse ClusterInfo() => new()
    {
        ClusterId = "rotation-devserver",
        ClusterName = "active",
        ServerVersion = ServerVersion,
        HistoryShardCount = 1,
        PersistenceStore = "sqlite",
        VisibilityStore = "sqlite",
    };

    private DescribeNamespaceResponse Describe(DescribeNamespaceRequest request)
    {
        var name = request.Namespace.Length > 0 ? request.Namespace : namespaces.NameOf(request.Id);
        if (request.Namespace.Length == 0 && request.Id.Length == 0)
            throw Failures.InvalidArgument("Namespace not set on request.");
        if (name is null || !namespaces.Has(name))
            throw Failures.NamespaceNotFound(name ?? request.Id);
        return DescriptionOf(name);
    }

    private ListNamespacesResponse List()
    {
        var response = new ListNamespacesResponse();
        response.Namespaces.AddRange(namespaces.Names.Select(DescriptionOf));
        return response;
    }

    private DescribeNamespaceResponse DescriptionOf(string name) => new()
    {
        NamespaceInfo = new NamespaceInfo
        {
            Name = name,
            Id = NamespaceSet.IdOf(name),
            State = NamespaceState.Registered,
            Description = "Namespace of the embedded server",
            Capabilities = new() { SyncUpdate = true, AsyncUpdate = true, WorkerPollCompleteOnShutdown = completesPollsOnShutdown },
            SupportsSchedules = true,
            Limits = new() { BlobSizeLimitError = BlobLimitBytes, MemoSizeLimitError = BlobLimitBytes },
        },
        Config = new NamespaceConfig { WorkflowExecutionRetentionTtl = Duration.FromTimeSpan(retention) },
        ReplicationConfig = new NamespaceReplicationConfig
        {
            ActiveClusterName = "active",
            State = ReplicationState.Normal,
            Clusters = { new ClusterReplicationConfig { ClusterName = "active" } },
        },
    };
}
