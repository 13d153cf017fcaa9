using Rotation.Lab.Kops;

namespace Rotation.Lab.StateStore;

/// <summary>Opens a state store by its address.</summary>
internal static class StateFiles
{
    private const string Folder = "file://";
    private static readonly string[] NotHere = ["do://", "memfs://", "gs://", "k8s://", "swift://", "azureblob://", "scw://"];

    /// <summary>Throws <see cref="KopsError"/> for an address that is of no kind known here.</summary>
    public static IStateFiles Open(string address, IReadOnlyDictionary<string, string> environment)
    {
        if (address.StartsWith(Folder, StringComparison.Ordinal))
            return new FolderFiles(address[Folder.Length..]);
        if (address.StartsWith("s3://", StringComparison.Ordinal))
            return S3Files.Open(address, environment);
        if (!address.Contains("://", StringComparison.Ordinal))
            return new FolderFiles(address);
        if (NotHere.FirstOrDefault(s => address.StartsWith(s, StringComparison.Ordinal)) is { } scheme)
            throw new KopsError($"the lab's kops has no state store of the kind {scheme}");
        throw new KopsError($"error building path for \"{address}\": unknown / unhandled path type: \"{address}\"");
    }
}
