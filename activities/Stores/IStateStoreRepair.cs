namespace Rotation.Activities.Stores;

/// <summary>
/// Puts files back that a rotation copied before: the one way in which a state store is written by anybody but kops, because kops has no command that undoes a
/// deletion. See <c>docs/adr/0005-a-backup-is-put-back-by-us.md</c>.
/// </summary>
internal interface IStateStoreRepair : IStateStore
{
    /// <summary>Writes a file whole.</summary>
    /// <param name="path">Path below the store's root.</param>
    /// <param name="content">What was copied from there.</param>
    /// <param name="ct">Ends the write.</param>
    Task PutBackAsync(string path, byte[] content, CancellationToken ct);

    /// <summary>Deletes a file that was not there when the copy was made; nothing happens when it is gone.</summary>
    /// <param name="path">Path below the store's root.</param>
    /// <param name="ct">Ends the call.</param>
    Task RemoveAsync(string path, CancellationToken ct);
}
