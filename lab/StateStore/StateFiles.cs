using Rotation.Lab.Kops;

namespace Rotation.Lab.StateStore;

/// <summary>Opens a state store by its address.</summary>
internal static class StateFiles
{
    private const string Folder = "file://";

    /// <summary>Throws <see cref="KopsError"/> for an address that is of no kind known here.</summary>
    public static IStateFiles Open(string address, IReadOnlyDictionary<string, string> environment)
    {
        if (address.StartsWith(Folder, StringComparison.Ordinal))
            return new FolderFiles(address[Folder.Length..]);
        if (address.StartsWith("s3://", StringComparison.Ordinal))
            return S3Files.Open(address, environment);
        throw new KopsError($"error building path for \"{address}\": unknown / unhandled path type: \"{address}\"");
    }
}
