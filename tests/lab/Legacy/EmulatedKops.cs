using System.Globalization;
using Rotation.Activities.Kops;
using Rotation.Lab;
using Rotation.Lab.Kops;
using Rotation.Workflows.Contracts;

namespace Rotation.Tests.Lab.Legacy;

/// <summary>The emulator as the kops of a worker, without a process for each command.</summary>
internal sealed class EmulatedKops(LabOptions options, LabCluster lab) : IKops
{
    public Task<KopsVersion> VersionAsync(ClusterRef cluster, CancellationToken ct) => Task.FromResult(KopsVersion.Known(options.KopsVersion, "the emulator"));

    public async Task<KopsAnswer> RunAsync(ClusterRef cluster, KopsCommand command, CancellationToken ct)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var environment = new Dictionary<string, string>
        {
            ["KOPS_STATE_STORE"] = $"file://{options.StateStoreDirectory}",
            ["KOPS_LAB_VERSION"] = options.KopsVersion,
            ["KUBECONFIG"] = command.Kubeconfig ?? "/dev/null",
            ["AWS_ENDPOINT_URL"] = lab.AwsEndpoint.ToString(),
        };
        int code = await KopsEmulator.RunAsync([.. command.Arguments, "--name", cluster.Name], output, errors, environment, ct);
        var answer = new KopsAnswer(code, output.ToString(), errors.ToString());
        return code == 0 || command.MayFail ? answer : throw KopsFailures.For(command, answer);
    }
}
