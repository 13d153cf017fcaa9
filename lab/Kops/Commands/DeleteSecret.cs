using Rotation.Lab.Kops.Output;
using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops delete secret</c>: one, also in the older form with its type before its name. In a bucket one that is not there is no error, in a folder it is.</summary>
internal static class DeleteSecret
{
    public static async Task RunAsync(KopsCall call)
    {
        string[] arguments = [.. call.Command.Arguments];
        if (arguments is ["sshpublickey", ..])
            throw new KopsError("the lab's kops has no SSH public keys");
        if (arguments is ["secret", ..])
            arguments = arguments[1..];
        if (arguments.Length != 1)
            throw call.Usage(arguments.Length == 0 ? "secret name is required" : "too many arguments");
        string cluster = call.ClusterName();
        IStateFiles files = call.State();
        await Clusters.GetAsync(files, cluster).ConfigureAwait(false);
        string path = $"{cluster}/secrets/{arguments[0]}";
        if (files.WhyNotDeleted(path) is { } missing)
            throw new KopsError($"deleting secret {GoText.Quoted(arguments[0])}: {missing}");
        await files.DeleteAsync(path).ConfigureAwait(false);
    }
}
