using Rotation.Worker.Commands;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Worker;

namespace Rotation.Worker.Hosting;

/// <summary>Temporal's worker versioning: a rotation finishes on the build that it began on.</summary>
internal static class Deployments
{
    /// <summary>How the worker takes part; null when it does not.</summary>
    public static WorkerDeploymentOptions? Of(WorkerOptions options) => options.Deployment is null ? null : new WorkerDeploymentOptions(new WorkerDeploymentVersion(options.Deployment, options.BuildId ?? WorkerHost.Version), useWorkerVersioning: true)
    {
        DefaultVersioningBehavior = VersioningBehavior.Pinned,
    };

    /// <summary>Fails with exit code 3 when the server has no worker deployments: a versioned worker would never get a task there.</summary>
    public static async Task ThrowIfMissingAsync(ITemporalClient client, WorkerOptions options, CancellationToken cancel)
    {
        if (options.Deployment is null)
            return;
        try
        {
            await client.Connection.WorkflowService.ListWorkerDeploymentsAsync(new() { Namespace = client.Options.Namespace, PageSize = 1 }, new RpcOptions { CancellationToken = cancel, Retry = false }).ConfigureAwait(false);
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.Unimplemented)
        {
            throw new CommandFailure(ExitCode.Refused, $"{WorkerOptions.Section}:{nameof(WorkerOptions.Deployment)} is '{options.Deployment}', but the server at {client.Connection.Options.TargetHost} has no worker deployments; leave it out there.", e);
        }
    }
}
