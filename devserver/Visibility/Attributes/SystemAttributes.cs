using Temporalio.Api.Enums.V1;
using static Temporalio.Api.Enums.V1.IndexedValueType;

namespace Rotation.DevServer.Visibility.Attributes;

/// <summary>The attributes every namespace has: those the server computes, and those the SDKs or the server may set without registration.</summary>
internal static class SystemAttributes
{
    /// <summary>Computed from the run; nobody may set them. The value is the SQL expression that gives it.</summary>
    public static readonly IReadOnlyDictionary<string, (IndexedValueType Type, string Sql)> Computed =
        new Dictionary<string, (IndexedValueType, string)>(StringComparer.Ordinal)
        {
            ["WorkflowId"] = (Keyword, "workflow_id"),
            ["RunId"] = (Keyword, "run_id"),
            ["WorkflowType"] = (Keyword, "workflow_type"),
            ["TaskQueue"] = (Keyword, "task_queue"),
            ["ExecutionStatus"] = (Keyword, "status"),
            ["StartTime"] = (Datetime, "start_time"),
            ["ExecutionTime"] = (Datetime, "execution_time"),
            ["CloseTime"] = (Datetime, "close_time"),
            ["ExecutionDuration"] = (Int, $"((close_time - execution_time) * {Ticks.Nanoseconds})"),
            ["HistoryLength"] = (Int, "history_length"),
            ["HistorySizeBytes"] = (Int, "history_size"),
            ["StateTransitionCount"] = (Int, "transitions"),
            ["ParentWorkflowId"] = (Keyword, "parent_workflow_id"),
            ["ParentRunId"] = (Keyword, "parent_run_id"),
            ["RootWorkflowId"] = (Keyword, "root_workflow_id"),
            ["RootRunId"] = (Keyword, "root_run_id"),
        };

    /// <summary>Known everywhere and kept with the run's own attributes; SDKs and the scheduler set them.</summary>
    public static readonly IReadOnlyDictionary<string, IndexedValueType> Predefined =
        new Dictionary<string, IndexedValueType>(StringComparer.Ordinal)
        {
            ["TemporalChangeVersion"] = KeywordList,
            ["BinaryChecksums"] = KeywordList,
            ["BuildIds"] = KeywordList,
            ["TemporalNamespaceDivision"] = Keyword,
            ["TemporalScheduledById"] = Keyword,
            ["TemporalScheduledStartTime"] = Datetime,
            ["TemporalSchedulePaused"] = Bool,
            ["TemporalPauseInfo"] = KeywordList,
            ["BatcherNamespace"] = Keyword,
            ["BatcherUser"] = Keyword,
            ["TemporalWorkerDeployment"] = Keyword,
            ["TemporalWorkerDeploymentVersion"] = Keyword,
            ["TemporalWorkflowVersioningBehavior"] = Keyword,
        };

    private static readonly string[] Reserved = ["NamespaceId", "Memo", "MemoEncoding", "VisibilityTaskKey"];

    /// <summary>Whether the server alone may set it.</summary>
    public static bool IsInternal(string name) =>
        Computed.ContainsKey(name) || name is "TemporalWorkerDeployment" or "TemporalWorkerDeploymentVersion" or "TemporalWorkflowVersioningBehavior";

    public static bool IsDefined(string name) => Computed.ContainsKey(name) || Predefined.ContainsKey(name);

    /// <summary>Whether nobody may register the name.</summary>
    public static bool IsReserved(string name) => IsDefined(name) || Reserved.Contains(name) || name.StartsWith("Temporal", StringComparison.Ordinal);
}
