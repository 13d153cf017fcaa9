using Microsoft.Data.Sqlite;

namespace Rotation.DevServer.Visibility;

/// <summary>What the engine does to visibility: always on its own connection, in the transaction of the transition that changed the run.</summary>
internal interface IVisibilityIndex
{
    /// <summary>Writes the row, replacing the one of the same run. Idempotent.</summary>
    void Upsert(SqliteConnection connection, VisibilityRow row);

    /// <summary>Forgets a run; nothing happens when it is not there.</summary>
    void Delete(SqliteConnection connection, string namespaceName, string runId);
}
