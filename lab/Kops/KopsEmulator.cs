using Rotation.Lab.Kops.CommandLine;
using Rotation.Lab.Kops.Commands;

namespace Rotation.Lab.Kops;

/// <summary>
/// kops for the lab: the same arguments, output, exit codes and files as kops 1.26 for what a rotation asks of it. What it does not have, it refuses by name.
/// </summary>
public static class KopsEmulator
{
    private const int Failed = 1;
    private const int Crashed = 2;

    private static readonly Dictionary<string, Func<KopsCall, Task>> Commands = new(StringComparer.Ordinal)
    {
        ["create-keypair"] = CreateKeypair.RunAsync,
        ["create-secret-ciliumpassword"] = CreateSecret.Of("ciliumpassword"),
        ["create-secret-dockerconfig"] = CreateSecret.Of("dockerconfig"),
        ["create-secret-encryptionconfig"] = CreateSecret.Of("encryptionconfig"),
        ["create-secret-weavepassword"] = CreateSecret.Of("weavepassword"),
        ["delete-secret"] = DeleteSecret.RunAsync,
        ["distrust-keypair"] = DistrustKeypair.RunAsync,
        ["export-kubeconfig"] = ExportKubeconfig.RunAsync,
        ["get-all"] = GetAll.RunAsync,
        ["get-clusters"] = GetClusters.RunAsync,
        ["get-instancegroups"] = GetInstanceGroups.RunAsync,
        ["get-instances"] = GetInstances.RunAsync,
        ["get-keypairs"] = GetKeypairs.RunAsync,
        ["get-secrets"] = GetSecrets.RunAsync,
        ["help"] = Help.RunAsync,
        ["promote-keypair"] = PromoteKeypair.RunAsync,
        ["rolling-update-cluster"] = RollingUpdate.RunAsync,
        ["trust-keypair"] = TrustKeypair.RunAsync,
        ["update-cluster"] = UpdateCluster.RunAsync,
        ["validate-cluster"] = ValidateCluster.RunAsync,
        ["version"] = GetVersion.RunAsync,
    };

    /// <summary>Runs one command line, without the leading <c>kops</c>, and returns kops' exit code.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="errors">Standard error.</param>
    /// <param name="environment">
    /// Variables: kops' own (<c>KOPS_STATE_STORE</c>, <c>KOPS_CLUSTER_NAME</c>, <c>KUBECONFIG</c>, <c>HOME</c>, <c>AWS_ENDPOINT_URL</c>, <c>S3_ENDPOINT</c> with its companions), and
    /// of the emulator <c>KOPS_LAB_FAULTS</c> (a file of failures to inject) and <c>KOPS_LAB_VERSION</c>.
    /// </param>
    /// <param name="cancel">Ends it before it has done anything; a rolling update wherever it is.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter errors, IReadOnlyDictionary<string, string> environment, CancellationToken cancel)
    {
        try
        {
            ParsedCommand command = ParsedCommand.Parse(args, environment.GetValueOrDefault("KOPS_CLUSTER_NAME") is { Length: > 0 } cluster ? cluster : null);
            if (command.Switch("help") || !command.Page.Runs)
            {
                await output.WriteAsync(command.Page.Text).ConfigureAwait(false);
                return 0;
            }

            KopsFaults faults = KopsFaults.Take(args, environment);
            await faults.BeforeAsync(cancel).ConfigureAwait(false);
            var call = new KopsCall(command, environment, TextWriter.Synchronized(output), TextWriter.Synchronized(errors), faults, cancel);
            call.Configure();
            await Implementation(command)(call).ConfigureAwait(false);
            faults.After();
            return 0;
        }
        catch (KopsPanic e)
        {
            await errors.WriteAsync(e.Message).ConfigureAwait(false);
            return Crashed;
        }
        catch (KopsError e)
        {
            await errors.WriteAsync($"Error: {e.Message}\n{(e.Usage is null ? "" : e.Usage + "\n")}{(e.Hint is null ? "" : e.Hint + "\n")}").ConfigureAwait(false);
            return Failed;
        }
    }

    private static Func<KopsCall, Task> Implementation(ParsedCommand command) =>
        Commands.GetValueOrDefault(command.Page.Name) ?? (command.Page.Commands.Count > 0 ? Groups.RunAsync : throw new KopsError($"the lab's kops has no \"{string.Join(' ', command.Page.Words)}\""));
}
