using Microsoft.Data.Sqlite;
using Rotation.DevServer.Store;
using Rotation.DevServer.Visibility;
using Rotation.DevServer.Visibility.Attributes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;

namespace Rotation.DevServer.Schedules;

/// <summary>Rows of schedules: their states, and what a query of the list finds, in a division of the namespace's visibility.</summary>
internal static class ScheduleTable
{
    private static readonly VisibilityIndex Index = new();

    /// <summary>The name visibility has a namespace's schedules under. No namespace can be called so.</summary>
    public static string Division(string namespaceName) => $"{namespaceName}\u0001schedules";

    public static List<byte[]> All(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT state FROM schedule ORDER BY namespace, id";
        using var reader = command.ExecuteReader();
        var states = new List<byte[]>();
        while (reader.Read())
            states.Add(reader.GetFieldValue<byte[]>(0));
        return states;
    }

    /// <summary>What writes a schedule as it is now; to be run by the store.</summary>
    public static Action<SqliteConnection> Writing(StoredSchedule schedule)
    {
        var (name, id) = (schedule.State.Namespace, schedule.State.Id);
        if (schedule.Gone)
        {
            return connection =>
            {
                connection.Run("DELETE FROM schedule WHERE namespace = $ns AND id = $id", ("$ns", name), ("$id", id));
                Index.Delete(connection, Division(name), id);
            };
        }

        var state = schedule.Save();
        var row = Row(schedule);
        return connection =>
        {
            connection.Run("INSERT OR REPLACE INTO schedule VALUES ($ns, $id, $state)", ("$ns", name), ("$id", id), ("$state", state));
            Index.Upsert(connection, row);
        };
    }

    private static VisibilityRow Row(StoredSchedule schedule)
    {
        var attributes = schedule.Attributes ?? new SearchAttributes();
        attributes.IndexedFields["TemporalSchedulePaused"] = AttributeValue.ToPayload(IndexedValueType.Bool, schedule.Schedule.State.Paused);
        return new VisibilityRow
        {
            Namespace = Division(schedule.State.Namespace),
            WorkflowId = schedule.State.Id,
            RunId = schedule.State.Id,
            WorkflowType = TypeOf(schedule.Schedule),
            TaskQueue = "",
            Status = WorkflowExecutionStatus.Running,
            StartTime = schedule.State.Created,
            ExecutionTime = schedule.State.Created,
            Root = new WorkflowExecution { WorkflowId = schedule.State.Id, RunId = schedule.State.Id },
            FirstRunId = schedule.State.Id,
            Memo = schedule.Memo ?? new Memo(),
            Attributes = attributes,
        };
    }

    public static string TypeOf(Schedule schedule) => schedule.Action?.StartWorkflow?.WorkflowType?.Name ?? "";
}
