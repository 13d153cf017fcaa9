using Rotation.Activities.Kops;
using Rotation.Lab;
using Rotation.Tests.Lab.Kops;
using Rotation.Workflows.Contracts;

namespace Rotation.Tests.Lab.Legacy;

/// <summary>The emulator as the kops of a worker, without a process for each command.</summary>
internal sealed class EmulatedKops(LabOptions options, LabCluster lab, string faults) : IKops
{
    public Task<KopsVersion> VersionAsync(ClusterRef cluster, CancellationToken ct) => Task.FromResult(KopsVersion.Known(options.KopsVersion, "the emulator"));

    public async Task<KopsAnswer> RunAsync(ClusterRef cluster, KopsCommand command, CancellationToken ct)
    {
        var environment = new Dictionary<string, string>
        {
            ["KOPS_STATE_STORE"] = $"file://{options.StateStoreDirectory}",
            ["KOPS_LAB_VERSION"] = options.KopsVersion,
            ["KOPS_LAB_FAULTS"] = faults,
            ["KUBECONFIG"] = command.Kubeconfig ?? "/dev/null",
            ["AWS_ENDPOINT_URL"] = lab.AwsEndpoint.ToString(),
        };
        Emulated done = await Emulated.RunAsync([.. command.Arguments, "--name", cluster.Name], environment, ct);
        var answer = new KopsAnswer(done.ExitCode, done.Output, done.Errors);
        return done.ExitCode == 0 || command.MayFail ? answer : throw KopsFailures.For(command, answer);
    }
}
