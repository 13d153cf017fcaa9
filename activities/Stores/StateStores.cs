using Rotation.Activities.Hosting;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Stores;

/// <summary>Finds the state store of a cluster: the one its request names, else the worker's.</summary>
internal sealed class StateStores(RotationOptions options, S3Clients s3)
{
    /// <summary>Address of the store, as kops writes it. Fails with <c>StateStoreInvalid</c> when there is none.</summary>
    public string AddressOf(ClusterRef cluster) => cluster.StateStore ?? options.StateStore
        ?? throw RotationErrors.Permanent(RotationErrors.StateStoreInvalid, "The request names no state store and the worker has none; set Rotation:StateStore or KOPS_STATE_STORE.");

    /// <summary>Address of the store as all who mean it come to write it: without a slash at its end.</summary>
    public string IdentityOf(ClusterRef cluster) => AddressOf(cluster).TrimEnd('/');

    /// <summary>The store itself.</summary>
    public IStateStore For(ClusterRef cluster) => ForRepair(cluster);

    /// <summary>The store, to put a copy back.</summary>
    public IStateStoreRepair ForRepair(ClusterRef cluster)
    {
        string address = AddressOf(cluster);
        Uri? uri = Uri.TryCreate(address, UriKind.Absolute, out Uri? parsed) ? parsed : null;
        return uri?.Scheme switch
        {
            "file" => new FileStateStore(uri.LocalPath),
            "s3" => new S3StateStore(s3.ForStateStore(), uri.Host, uri.AbsolutePath.Trim('/')),
            _ => throw RotationErrors.Permanent(RotationErrors.StateStoreInvalid, $"The state store '{address}' is not one that can be read; it must be s3://BUCKET or file:///FOLDER."),
        };
    }
}
